package dev.pawl.e2e.harness;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The embedded cluster, for any user: the chart without its pods, and the operator as processes of
 * this machine, each with the rights and the environment that the chart gives the pods.
 */
public final class EmbeddedCluster implements Cluster {
  private static final String NAME = "e2e";

  private final KubernetesClient client;
  private final Kubectl kubectl;
  private final Postgres postgres;
  private final Path logs;
  private final OperatorProcess.Launcher launcher;
  private final Processes operator;

  private EmbeddedCluster(KubernetesClient client, Postgres postgres, Path kubeconfig) {
    this.client = client;
    this.kubectl = new Kubectl(kubeconfig);
    this.postgres = postgres;
    this.logs = kubeconfig.getParent().resolve("logs");
    this.launcher = new OperatorProcess.Launcher(client, kubeconfig);
    this.operator = new Processes(client, launcher);
  }

  static EmbeddedCluster start() {
    Script.run("bin/setup", "embedded");
    var up = new ArrayList<>(List.of("e2e/cluster/embedded", "--as", NAME, "up"));
    if (!Cluster.keep()) {
      up.addAll(List.of("--for", Long.toString(ProcessHandle.current().pid())));
    }
    var kubeconfig = Path.of(Script.run(up.toArray(String[]::new)));
    var postgres = Postgres.start("127.0.0.1", Cluster.keep());
    Helm.install(kubeconfig, Map.of("replicas", "0"));
    var cluster = new EmbeddedCluster(Helm.client(kubeconfig), postgres, kubeconfig);
    cluster.operator.start();
    return cluster;
  }

  @Override
  public KubernetesClient client() {
    return client;
  }

  @Override
  public Kubectl kubectl() {
    return kubectl;
  }

  @Override
  public Operator operator() {
    return operator;
  }

  @Override
  public OperatorProcess.Launcher launcher() {
    return launcher;
  }

  @Override
  public Postgres postgres() {
    return postgres;
  }

  @Override
  public Path logs() {
    return logs;
  }

  @Override
  public boolean runsContainers() {
    return false;
  }

  @Override
  public void close() {
    operator.stop();
    client.close();
    postgres.close();
    if (!Cluster.keep()) {
      Script.run(
          Map.of("PAWL_KEEP_LOGS", Script.REPO.resolve("e2e/target/embedded").toString()),
          "e2e/cluster/embedded",
          "--as",
          NAME,
          "down");
    }
  }

  /** The operator as processes, named operator-001, operator-002 and so on. */
  private static final class Processes implements Operator {
    private final KubernetesClient client;
    private final OperatorProcess.Launcher launcher;
    private final Map<String, OperatorProcess> replicas = new TreeMap<>();
    private int started;

    Processes(KubernetesClient client, OperatorProcess.Launcher launcher) {
      this.client = client;
      this.launcher = launcher;
    }

    @Override
    public synchronized void start() {
      Await.until(
          REPLICAS + " ready replicas of the operator, one of them leading",
          Duration.ofSeconds(180),
          this::areReady,
          () -> log(40));
    }

    /** One that has lost its Lease meanwhile, on a busy machine, starts anew as its pod would. */
    private boolean areReady() {
      replicas.values().removeIf(r -> !r.isAlive());
      while (replicas.size() < REPLICAS) {
        var name = "operator-%03d".formatted(++started);
        replicas.put(name, launcher.start(name));
      }
      return replicas.values().stream().allMatch(OperatorProcess::ready) && leader().isPresent();
    }

    @Override
    public synchronized void stop() {
      replicas.values().forEach(OperatorProcess::terminate);
      for (var replica : replicas.values()) {
        if (!replica.awaitEnd(Duration.ofSeconds(60))) {
          replica.kill();
          throw new AssertionError("the operator did not end within 60 s of SIGTERM\n" + log(40));
        }
      }
      replicas.clear();
    }

    @Override
    public synchronized Optional<String> leader() {
      return Helm.leaseHolder(client)
          .flatMap(
              holder ->
                  replicas.entrySet().stream()
                      .filter(e -> e.getValue().isAlive())
                      .map(Map.Entry::getKey)
                      .filter(holder::startsWith)
                      .findFirst());
    }

    @Override
    public Optional<String> leadingProcess() {
      return Helm.leaseHolder(client);
    }

    @Override
    public synchronized void terminate(String replica) {
      replicas.get(replica).terminate();
    }

    @Override
    public synchronized void kill(String replica) {
      replicas.get(replica).kill();
    }

    @Override
    public synchronized String metrics() {
      try {
        return replicas.get(leader().orElseThrow()).get("/q/metrics").body();
      } catch (IOException e) {
        throw new UncheckedIOException("the leader's metrics cannot be read", e);
      }
    }

    @Override
    public synchronized String log(int lines) {
      var text = new StringBuilder();
      replicas.values().forEach(replica -> text.append(replica.log(lines)));
      return text.toString();
    }
  }
}
