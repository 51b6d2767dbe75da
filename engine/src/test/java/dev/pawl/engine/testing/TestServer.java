package dev.pawl.engine.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * The PostgreSQL of the tests: the embedded one, or with {@code
 * -Dpawl.test.postgres=/usr/lib/postgresql/15/bin} the one whose programs lie there.
 */
final class TestServer {
  private TestServer() {}

  /** Starts it; it ends with this JVM. */
  static int start() {
    var programs = System.getProperty("pawl.test.postgres", "");
    try {
      return programs.isEmpty()
          ? EmbeddedPostgres.builder()
              .setServerConfig("max_connections", "200")
              .setPort(freePort())
              .setPGStartupWait(Duration.ofMinutes(2))
              .start()
              .getPort()
          : start(Path.of(programs), false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * A server that stays in recovery and can only be read; it ends with this JVM.
   *
   * @param postmaster the process of another, whose programs it has
   */
  static int standby(long postmaster) {
    try {
      return start(programs(postmaster), true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The folder of a running server's programs. */
  static Path programs(long postmaster) {
    var program = ProcessHandle.of(postmaster).orElseThrow().info().command().orElseThrow();
    return Path.of(program).getParent();
  }

  private static int start(Path programs, boolean standby)
      throws IOException, InterruptedException {
    int port = freePort();
    var data = Files.createTempDirectory("pawl-postgres-");
    give(data);
    var log = data.resolveSibling(data.getFileName() + ".log").toFile();
    var init = command(programs.resolve("initdb"), "-D", data, "-U", "postgres", "-N");
    if (new ProcessBuilder(init).redirectErrorStream(true).redirectOutput(log).start().waitFor()
        != 0) {
      throw new IllegalStateException("initdb failed: see " + log);
    }
    if (standby) {
      give(Files.createFile(data.resolve("standby.signal")));
    }
    var serve = command(programs.resolve("postgres"), "-D", data, "-p", port, "-k", data, "-F");
    serve.addAll(List.of("-c", "max_connections=200"));
    var server = new ProcessBuilder(serve).redirectErrorStream(true).redirectOutput(log).start();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(server, data, log.toPath())));
    for (int tries = 0; !Files.exists(data.resolve(".s.PGSQL." + port)); tries++) {
      if (tries > 1200 || !server.isAlive()) {
        throw new IllegalStateException("the server does not start: see " + log);
      }
      Thread.sleep(50);
    }
    return port;
  }

  /**
   * Where nobody listens now; below the ports that the kernel gives to outgoing connections, of
   * which one could take it before the server does.
   */
  static int freePort() throws IOException {
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

  private static boolean root() {
    return System.getProperty("user.name").equals("root");
  }

  /** Root gives files to the user that servers run as. */
  static void give(Path... files) throws IOException {
    if (root()) {
      var users = FileSystems.getDefault().getUserPrincipalLookupService();
      for (var file : files) {
        Files.setOwner(file, users.lookupPrincipalByName("postgres"));
      }
    }
  }

  /** A server refuses to run as root. */
  static List<String> command(Object... words) {
    var command = new ArrayList<String>();
    if (root()) {
      command.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
    }
    for (var word : words) {
      command.add(word.toString());
    }
    return command;
  }

  /** What starts a small, not durable PostgreSQL of a folder; more options of it may be added. */
  static List<String> postgres(Path programs, Path data, int port) {
    return command(
        programs.resolve("postgres"),
        "-D",
        data,
        "-p",
        port,
        "-k",
        data,
        "-F",
        "-c",
        "listen_addresses=127.0.0.1",
        "-c",
        "shared_buffers=16MB");
  }

  /** Ends what was started, and removes its files. */
  static void end(Process server, Path... files) {
    server.destroy();
    try {
      // It may wait for sessions that this JVM has left open.
      if (!server.waitFor(20, TimeUnit.SECONDS)) {
        server.destroyForcibly().waitFor();
      }
      for (var file : files) {
        remove(file);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Removes a file, or a folder and all that is in it. */
  static void remove(Path top) {
    try (var files = Files.walk(top)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
