package dev.pawl.e2e.harness;

import static dev.pawl.e2e.harness.Helm.RELEASE;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * The embedded cluster, for any user: the chart without its pods, and the operator as processes of
 * this machine, each with the rights and the environment that the chart gives the pods.
 */
public final class EmbeddedCluster implements Cluster {
  private static final String NAME = "e2e";
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();

  private final KubernetesClient client;
  private final Kubectl kubectl;
  private final Postgres postgres;
  private final Processes operator;

  private EmbeddedCluster(KubernetesClient client, Postgres postgres, Path kubeconfig) {
    this.client = client;
    this.kubectl = new Kubectl(kubeconfig);
    this.postgres = postgres;
    this.operator = new Processes(client, kubeconfig);
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
  public Postgres postgres() {
    return postgres;
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
    private final Path kubeconfig;
    private final Path folder;
    private final Map<String, Replica> replicas = new TreeMap<>();
    private int started;

    private record Replica(Process process, int port, Path log) {
      boolean ready() {
        try {
          return get("/q/health/ready").statusCode() == 200;
        } catch (IOException e) {
          return false;
        }
      }

      HttpResponse<String> get(String path) throws IOException {
        var uri = URI.create("http://127.0.0.1:" + port + path);
        var request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(2)).build();
        try {
          return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IOException("interrupted", e);
        }
      }
    }

    Processes(KubernetesClient client, Path kubeconfig) {
      this.client = client;
      try {
        folder = Script.REPO.resolve("e2e/target/operator");
        Files.createDirectories(folder);
        this.kubeconfig = asServiceAccount(kubeconfig);
      } catch (IOException e) {
        throw new UncheckedIOException("no place for the operator's files", e);
      }
      // A test run that is stopped leaves no operator behind.
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(() -> replicas.values().forEach(r -> r.process().destroyForcibly())));
    }

    /** The administrator's kubeconfig with the token of the operator's service account instead. */
    private Path asServiceAccount(Path admin) throws IOException {
      var request =
          new TokenRequestBuilder().withNewSpec().withExpirationSeconds(86_400L).endSpec().build();
      var token =
          client
              .serviceAccounts()
              .inNamespace(OPERATOR_NAMESPACE)
              .withName(RELEASE)
              .tokenRequest(request)
              .getStatus()
              .getToken();
      var file = folder.resolve("kubeconfig");
      var lines = new ArrayList<String>();
      for (var line : Files.readAllLines(admin)) {
        lines.add(
            line.startsWith("users:")
                ? "users: [{name: admin, user: {token: \"" + token + "\"}}]"
                : line);
      }
      Files.deleteIfExists(file);
      Files.createFile(
          file,
          java.nio.file.attribute.PosixFilePermissions.asFileAttribute(
              java.nio.file.attribute.PosixFilePermissions.fromString("rw-------")));
      return Files.write(file, lines);
    }

    /** What the chart gives the container, so that both are configured in one place. */
    private Map<String, String> environment() {
      var deployment =
          client.apps().deployments().inNamespace(OPERATOR_NAMESPACE).withName(RELEASE).get();
      var values = new LinkedHashMap<String, String>();
      for (EnvVar variable :
          deployment.getSpec().getTemplate().getSpec().getContainers().getFirst().getEnv()) {
        if (variable.getValue() != null) {
          values.put(variable.getName(), variable.getValue());
        }
      }
      return values;
    }

    @Override
    public synchronized void start() {
      replicas.values().removeIf(r -> !r.process().isAlive());
      while (replicas.size() < REPLICAS) {
        launch("operator-%03d".formatted(++started));
      }
      Await.until(
          REPLICAS + " ready replicas of the operator, one of them leading",
          Duration.ofSeconds(60),
          () -> replicas.values().stream().allMatch(Replica::ready) && leader().isPresent(),
          () -> log(40));
    }

    private void launch(String name) {
      var jar = Script.REPO.resolve("operator/target/quarkus-app/quarkus-run.jar");
      if (!Files.exists(jar)) {
        throw new IllegalStateException("the operator is not built: run mvn package first");
      }
      try {
        var port = freePort();
        var log = folder.resolve(name + ".log");
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var options = Script.REPO.resolve("operator/src/main/docker/java.options");
        var builder =
            new ProcessBuilder(java, "@" + options, "-jar", jar.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment());
        builder.environment().put("KUBECONFIG", kubeconfig.toString());
        builder.environment().put("QUARKUS_HTTP_PORT", Integer.toString(port));
        builder.environment().put("QUARKUS_HTTP_HOST", "127.0.0.1");
        builder.environment().put("HOSTNAME", name);
        replicas.put(name, new Replica(builder.start(), port, log));
      } catch (IOException e) {
        throw new UncheckedIOException("the operator cannot be started", e);
      }
    }

    private static int freePort() throws IOException {
      try (var socket = new ServerSocket(0)) {
        return socket.getLocalPort();
      }
    }

    @Override
    public synchronized void stop() {
      replicas.values().forEach(r -> r.process().destroy());
      for (var replica : replicas.values()) {
        try {
          if (!replica.process().waitFor(15, TimeUnit.SECONDS)) {
            replica.process().destroyForcibly();
            throw new AssertionError("the operator did not end within 15 s of SIGTERM\n" + log(40));
          }
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
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
                      .filter(e -> e.getValue().process().isAlive())
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
      replicas.get(replica).process().destroy();
    }

    @Override
    public synchronized void kill(String replica) {
      replicas.get(replica).process().destroyForcibly();
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
      replicas.forEach(
          (name, replica) -> {
            text.append("--- log of ").append(name).append(" ---\n");
            try {
              var all = Files.readAllLines(replica.log());
              all.subList(Math.max(0, all.size() - lines), all.size())
                  .forEach(line -> text.append(line).append('\n'));
            } catch (IOException e) {
              text.append("no log: ").append(e.getMessage()).append('\n');
            }
          });
      return text.toString();
    }
  }
}
