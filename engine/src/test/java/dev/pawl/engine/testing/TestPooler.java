package dev.pawl.engine.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A real PgBouncer in transaction mode before the server of the tests: Debian's package, which
 * {@code bin/setup databases} installs. It ends with this JVM.
 */
public final class TestPooler {
  private static final Path PROGRAM = Path.of("/usr/sbin/pgbouncer");

  private TestPooler() {}

  /** How the database tests reach their server, by {@code -Dpawl.test.pooler}. */
  enum Mode {
    /** No pooler. */
    NONE,
    /** A pooler's address, and the server's own beside it. */
    DIRECT,
    /** A pooler's address and no other. */
    ONLY;

    static Mode asked() {
      var asked = System.getProperty("pawl.test.pooler", "");
      return switch (asked) {
        case "" -> NONE;
        case "direct" -> DIRECT;
        case "only" -> ONLY;
        default ->
            throw new IllegalStateException("-Dpawl.test.pooler=" + asked + ": direct or only");
      };
    }
  }

  /**
   * Starts one.
   *
   * @param server the port of a server on this host
   * @param connections how many to the server for each database and user; with one, clients take
   *     turns on it
   * @return the port where it listens
   */
  public static int start(int server, int connections) {
    if (!Files.isExecutable(PROGRAM)) {
      throw new IllegalStateException(PROGRAM + " is not there: bin/setup databases installs it");
    }
    try {
      int port = TestServer.freePort();
      var folder = Files.createTempDirectory("pawl-pgbouncer-");
      var users = folder.resolve("users");
      Files.writeString(users, "\"postgres\" \"\"\n\"pawl_app\" \"\"\n\"pawl_other\" \"\"\n");
      var settings = folder.resolve("pgbouncer.ini");
      Files.writeString(
          settings,
          """
          [databases]
          * = host=127.0.0.1 port=%d
          [pgbouncer]
          listen_addr = 127.0.0.1
          listen_port = %d
          unix_socket_dir =
          auth_type = trust
          auth_file = %s
          pool_mode = transaction
          default_pool_size = %d
          server_idle_timeout = 3
          server_login_retry = 1
          """
              .formatted(server, port, users, connections));
      TestServer.give(folder, users, settings);
      var log = folder.resolve("log").toFile();
      var process =
          new ProcessBuilder(TestServer.command(PROGRAM, settings))
              .redirectErrorStream(true)
              .redirectOutput(log)
              .start();
      Runtime.getRuntime().addShutdownHook(new Thread(() -> TestServer.end(process, folder)));
      await(port, process, log.toPath());
      return port;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void await(int port, Process process, Path log)
      throws IOException, InterruptedException {
    for (int tries = 0; ; tries++) {
      try (var socket = new Socket("127.0.0.1", port)) {
        return;
      } catch (IOException e) {
        if (tries > 1200 || !process.isAlive()) {
          throw new IllegalStateException(
              "PgBouncer does not start: " + String.join("\n", Files.readAllLines(log)), e);
        }
        Thread.sleep(50);
      }
    }
  }

  /** As it says itself. */
  static String version() {
    try {
      var process = new ProcessBuilder(List.of(PROGRAM.toString(), "-V")).start();
      return new String(process.getInputStream().readAllBytes()).lines().findFirst().orElse("");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
