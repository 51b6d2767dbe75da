package dev.pawl.e2e.harness;

import static dev.pawl.e2e.harness.Helm.RELEASE;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The one-node cluster that runs containers, with the operator's image installed by the chart. */
public final class NodeCluster implements Cluster {
  private static final String BRIDGE_ADDRESS = "10.244.0.1";

  private final KubernetesClient client;
  private final Kubectl kubectl;
  private final Postgres postgres;
  private final Path logs;
  private final OperatorProcess.Launcher launcher;
  private final Operator operator;

  private NodeCluster(KubernetesClient client, Postgres postgres, Path kubeconfig) {
    this.client = client;
    this.kubectl = new Kubectl(kubeconfig);
    this.postgres = postgres;
    this.logs = kubeconfig.getParent().resolve("logs");
    this.launcher = new OperatorProcess.Launcher(client, kubeconfig);
    this.operator = new Pods(client);
  }

  static NodeCluster start() {
    if (!System.getProperty("os.name").equals("Linux")
        || !"root".equals(System.getProperty("user.name"))) {
      throw new IllegalStateException(
          "the end-to-end tests need root on Linux, for they run containers; any user on Linux can"
              + " run them with -Dpawl.e2e=embedded, where pods only say that they run");
    }
    Script.run("bin/setup", "node", "image");
    var up = new ArrayList<>(List.of("e2e/cluster/node", "up"));
    if (!Cluster.keep()) {
      var own = Long.toString(ProcessHandle.current().pid());
      up.addAll(List.of("--for", own, "--wait", "900")); // another checkout's tests may have it
    }
    var kubeconfig = Path.of(Script.run(up.toArray(String[]::new)));
    var postgres = Postgres.start(BRIDGE_ADDRESS, Cluster.keep());
    Script.run("e2e/image/build", "--import");
    Helm.install(
        kubeconfig,
        Map.of(
            "image.repository", "pawl.dev/operator",
            "image.pullPolicy", "Never",
            // A new image of the same name: new pods.
            "podAnnotations.started-at", "t" + System.currentTimeMillis()));
    var cluster = new NodeCluster(Helm.client(kubeconfig), postgres, kubeconfig);
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
    return true;
  }

  @Override
  public void close() {
    client.close();
    postgres.close();
    if (!Cluster.keep()) {
      Script.run(
          Map.of("PAWL_KEEP_LOGS", Script.REPO.resolve("e2e/target/node").toString()),
          "e2e/cluster/node",
          "down");
    }
  }

  /** The pods of the chart's Deployment. */
  private record Pods(KubernetesClient client) implements Operator {
    private List<Pod> pods() {
      return client
          .pods()
          .inNamespace(OPERATOR_NAMESPACE)
          .withLabel("app.kubernetes.io/instance", RELEASE)
          .withLabel("app.kubernetes.io/name", "pawl")
          .list()
          .getItems();
    }

    private void scale(int replicas) {
      client.apps().deployments().inNamespace(OPERATOR_NAMESPACE).withName(RELEASE).scale(replicas);
    }

    @Override
    public void start() {
      scale(REPLICAS);
      Await.until(
          REPLICAS + " ready replicas of the operator, one of them leading",
          Duration.ofSeconds(180),
          () -> {
            var ready =
                pods().stream().filter(Pods::serves).map(p -> p.getMetadata().getName()).toList();
            return ready.size() == REPLICAS
                && pods().size() == REPLICAS
                && leader().filter(ready::contains).isPresent();
          },
          () -> Describe.pods(client, OPERATOR_NAMESPACE) + log(40));
    }

    private static boolean serves(Pod pod) {
      return pod.getMetadata().getDeletionTimestamp() == null
          && pod.getStatus().getConditions().stream()
              .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
    }

    @Override
    public void stop() {
      scale(0);
      Await.until(
          "the operator's pods to be gone",
          Duration.ofSeconds(120),
          () -> pods().isEmpty(),
          () -> Describe.pods(client, OPERATOR_NAMESPACE));
    }

    @Override
    public Optional<String> leader() {
      return Helm.leaseHolder(client)
          .flatMap(
              holder ->
                  pods().stream()
                      .map(p -> p.getMetadata().getName())
                      .filter(holder::startsWith)
                      .findFirst());
    }

    @Override
    public Optional<String> leadingProcess() {
      return Helm.leaseHolder(client);
    }

    @Override
    public void terminate(String replica) {
      client.pods().inNamespace(OPERATOR_NAMESPACE).withName(replica).delete();
    }

    @Override
    public void kill(String replica) {
      var status =
          client.pods().inNamespace(OPERATOR_NAMESPACE).withName(replica).get().getStatus();
      var id = status.getContainerStatuses().getFirst().getContainerID();
      Script.run("e2e/cluster/node", "kill", id.substring(id.lastIndexOf('/') + 1));
    }

    @Override
    public String metrics() {
      return client.raw(
          "/api/v1/namespaces/%s/pods/%s:8080/proxy/q/metrics"
              .formatted(OPERATOR_NAMESPACE, leader().orElseThrow()));
    }

    @Override
    public String log(int lines) {
      var text = new StringBuilder();
      for (var pod : pods()) {
        var name = pod.getMetadata().getName();
        text.append("--- log of ").append(name).append(" ---\n");
        try {
          text.append(
              client
                  .pods()
                  .inNamespace(OPERATOR_NAMESPACE)
                  .withName(name)
                  .tailingLines(lines)
                  .getLog());
        } catch (RuntimeException e) {
          text.append("no log: ").append(e.getMessage());
        }
        text.append('\n');
      }
      return text.toString();
    }
  }
}
