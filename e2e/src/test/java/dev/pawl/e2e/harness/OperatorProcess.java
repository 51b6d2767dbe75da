package dev.pawl.e2e.harness;

import static dev.pawl.e2e.harness.Helm.RELEASE;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * The operator as a process of this machine, with the rights and the environment that the chart
 * gives its pods: what can be paused, cut off and given another clock.
 */
public final class OperatorProcess implements AutoCloseable {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  private final String name;
  private final Process process;
  private final int port;
  private final Path log;

  private OperatorProcess(String name, Process process, int port, Path log) {
    this.name = name;
    this.process = process;
    this.port = port;
    this.log = log;
  }

  /** Starts processes of the operator against one cluster. */
  public static final class Launcher {
    private final KubernetesClient client;
    private final Path folder;
    private final Path admin;
    private final List<OperatorProcess> processes = new ArrayList<>();

    /**
     * @param admin the kubeconfig of the cluster's administrator
     */
    Launcher(KubernetesClient client, Path admin) {
      this.client = client;
      this.admin = admin;
      this.folder = Script.REPO.resolve("e2e/target/operator");
      try {
        Files.createDirectories(folder);
      } catch (IOException e) {
        throw new UncheckedIOException("no place for the operator's files", e);
      }
      // A test run that is stopped leaves no operator behind.
      Runtime.getRuntime()
          .addShutdownHook(new Thread(() -> processes.forEach(OperatorProcess::kill)));
    }

    /**
     * The administrator's kubeconfig with a token of the operator's service account instead. Anew
     * each time: a token dies with its account, when another test uninstalls Pawl.
     */
    private Path kubeconfig() {
      var request =
          new TokenRequestBuilder().withNewSpec().withExpirationSeconds(86_400L).endSpec().build();
      var token =
          client
              .serviceAccounts()
              .inNamespace(Cluster.OPERATOR_NAMESPACE)
              .withName(RELEASE)
              .tokenRequest(request)
              .getStatus()
              .getToken();
      Secrets.ALL.remember("the token of an operator", token);
      try {
        var lines = new ArrayList<String>();
        for (var line : Files.readAllLines(admin)) {
          lines.add(
              line.startsWith("users:")
                  ? "users: [{name: admin, user: {token: \"" + token + "\"}}]"
                  : line);
        }
        return write("kubeconfig", lines);
      } catch (IOException e) {
        throw new UncheckedIOException("no kubeconfig for the operator", e);
      }
    }

    private Path write(String name, List<String> lines) throws IOException {
      var file = folder.resolve(name);
      Files.deleteIfExists(file);
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      return Files.write(file, lines);
    }

    /** What the chart gives the container, so that both are configured in one place. */
    private Map<String, String> environment() {
      var deployment =
          client
              .apps()
              .deployments()
              .inNamespace(Cluster.OPERATOR_NAMESPACE)
              .withName(RELEASE)
              .get();
      var values = new LinkedHashMap<String, String>();
      for (EnvVar variable :
          deployment.getSpec().getTemplate().getSpec().getContainers().getFirst().getEnv()) {
        if (variable.getValue() != null) {
          values.put(variable.getName(), variable.getValue());
        }
      }
      return values;
    }

    /** A proxy before this cluster's API server. */
    public ApiProxy proxy() {
      return ApiProxy.before(kubeconfig());
    }

    /** Starts one; returns at once. */
    public OperatorProcess start(String name) {
      return start(name, kubeconfig(), Map.of());
    }

    /** Starts one with more environment variables than the chart's; returns at once. */
    public OperatorProcess start(String name, Map<String, String> environment) {
      return start(name, kubeconfig(), environment);
    }

    /**
     * Starts one that sees the API server through a proxy, with more environment variables than the
     * chart's; returns at once.
     */
    public OperatorProcess start(String name, ApiProxy proxy, Map<String, String> environment) {
      try {
        return start(name, write(name + ".kubeconfig", proxy.kubeconfig()), environment);
      } catch (IOException e) {
        throw new UncheckedIOException("no place for the operator's files", e);
      }
    }

    private OperatorProcess start(String name, Path config, Map<String, String> environment) {
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
        builder.environment().put("KUBECONFIG", config.toString());
        builder.environment().put("QUARKUS_HTTP_PORT", Integer.toString(port));
        builder.environment().put("QUARKUS_HTTP_HOST", "127.0.0.1");
        builder.environment().put("HOSTNAME", name);
        builder.environment().putAll(environment);
        var process = new OperatorProcess(name, builder.start(), port, log);
        processes.removeIf(p -> !p.isAlive());
        processes.add(process);
        return process;
      } catch (IOException e) {
        throw new UncheckedIOException("the operator cannot be started", e);
      }
    }

    /** The last lines of the log of each that is alive. */
    public String log(int lines) {
      return String.join("\n", processes.stream().map(p -> p.log(lines)).toList());
    }

    /**
     * Where nobody listens now; below the ports that the kernel gives to outgoing connections, of
     * which one could take it while the JVM starts.
     */
    private static int freePort() throws IOException {
      for (int tries = 1; ; tries++) {
        int port = ThreadLocalRandom.current().nextInt(10_000, 20_000);
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
          return socket.getLocalPort();
        } catch (IOException e) {
          if (tries == 50) {
            throw e;
          }
        }
      }
    }
  }

  /** The beginning of the name by which it holds leases. */
  public String name() {
    return name;
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Whether it answers its readiness probe. */
  public boolean ready() {
    try {
      return get("/q/health/ready").statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether it says itself that it leads. */
  public boolean leads() {
    try {
      return get("/q/metrics").body().contains("pawl_leader 1");
    } catch (IOException e) {
      return false;
    }
  }

  HttpResponse<String> get(String path) throws IOException {
    var uri = URI.create("http://127.0.0.1:" + port + path);
    var request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build();
    try {
      return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** SIGSTOP: it does nothing, and its connections stay open. */
  public void pause() {
    signal("STOP");
  }

  /** SIGCONT. */
  public void resume() {
    signal("CONT");
  }

  private void signal(String name) {
    Script.run("kill", "-" + name, Long.toString(process.pid()));
  }

  /** SIGTERM; returns at once. */
  void terminate() {
    process.destroy();
  }

  /** SIGKILL; returns at once. */
  public void kill() {
    process.destroyForcibly();
  }

  /** Whether it has ended within that time. */
  public boolean awaitEnd(Duration atMost) {
    try {
      return process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** The last lines of its log. */
  public String log(int lines) {
    var text = new StringBuilder("--- log of " + name + " ---\n");
    try {
      var all = Files.readAllLines(log);
      all.subList(Math.max(0, all.size() - lines), all.size())
          .forEach(line -> text.append(line).append('\n'));
    } catch (IOException e) {
      text.append("no log: ").append(e.getMessage()).append('\n');
    }
    return text.toString();
  }

  /** SIGKILL, and waits for its end. */
  @Override
  public void close() {
    kill();
    awaitEnd(Duration.ofSeconds(60));
  }
}
