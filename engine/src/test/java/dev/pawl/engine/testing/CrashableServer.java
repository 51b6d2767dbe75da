package dev.pawl.engine.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * A real PostgreSQL that a test may stop, fill and starve; with the programs of the tests' server.
 * Root gives it a tablespace on a small file system of its own.
 */
public final class CrashableServer implements AutoCloseable {
  private static final long DISK_MEGABYTES = 40;

  private final Path programs;
  private final Path data;
  private final Path disk;
  private final int port;
  private Process process;
  private final Thread end = new Thread(this::stop);

  private CrashableServer(Path programs, Path data, Path disk, int port) {
    this.programs = programs;
    this.data = data;
    this.disk = disk;
    this.port = port;
  }

  /** Starts one; it ends with {@link #close()}, or with this JVM. */
  public static CrashableServer start() throws SQLException {
    try {
      var file =
          TestDatabase.fresh().query("SELECT pg_read_file('postmaster.pid')").getFirst().lines();
      var programs =
          Path.of(
                  ProcessHandle.of(Long.parseLong(file.findFirst().orElseThrow()))
                      .orElseThrow()
                      .info()
                      .command()
                      .orElseThrow())
              .getParent();
      int port;
      try (var socket = new ServerSocket(0)) {
        port = socket.getLocalPort();
      }
      var data = Files.createTempDirectory("pawl-crashable-");
      var disk = Files.createTempDirectory("pawl-disk-");
      var server = new CrashableServer(programs, data, disk, port);
      Runtime.getRuntime().addShutdownHook(server.end);
      TestServer.give(data);
      run(
          TestServer.command(
              programs.resolve("initdb"), "-D", data, "-U", "postgres", "-N", "-A", "trust"));
      if (smallDisk()) {
        run(
            List.of(
                "mount", "-t", "tmpfs", "-o", "size=" + DISK_MEGABYTES + "m", "pawl", disk + ""));
        TestServer.give(disk);
      }
      server.serve();
      try (var connection = server.connect("postgres");
          var statement = connection.createStatement()) {
        // What starves Pawl must not starve the test.
        statement.execute("ALTER ROLE postgres SET statement_timeout = 0");
        if (smallDisk()) {
          statement.execute("CREATE TABLESPACE small LOCATION '" + disk + "'");
        }
      }
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether there is a small disk that can be filled: only root may mount one. */
  public static boolean smallDisk() {
    return System.getProperty("user.name").equals("root");
  }

  private static void run(List<String> command) throws IOException, InterruptedException {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var said = new String(process.getInputStream().readAllBytes());
    if (process.waitFor() != 0) {
      throw new IllegalStateException(String.join(" ", command) + " failed: " + said);
    }
  }

  private void serve() throws IOException, InterruptedException, SQLException {
    var log = data.resolveSibling(data.getFileName() + ".log").toFile();
    log.deleteOnExit();
    var serve = TestServer.postgres(programs, data, port);
    serve.addAll(List.of("-c", "max_connections=20", "-c", "log_min_messages=warning"));
    process =
        new ProcessBuilder(serve)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
            .start();
    for (int tries = 0; ; tries++) {
      try {
        connect("postgres").close();
        return;
      } catch (SQLException e) {
        if (tries > 600 || !process.isAlive()) {
          throw new IllegalStateException("the server does not start: see " + log, e);
        }
        Thread.sleep(50);
      }
    }
  }

  /** Where it listens. */
  public int port() {
    return port;
  }

  /** A superuser's connection in autocommit. */
  public Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?preferQueryMode=simple",
        "postgres",
        "");
  }

  /** A connection of a role without privileges. */
  public Connection connect(String database, String user) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/" + database, user, "");
  }

  /** Stops it as {@code pg_ctl stop -m immediate} does, and starts it again. */
  public void restart() throws IOException, InterruptedException, SQLException {
    run(List.of("kill", "-QUIT", Long.toString(process.pid())));
    process.waitFor();
    serve();
  }

  /** Fills the small disk to the last byte. */
  public void fillDisk() throws IOException {
    var filler = disk.resolve("filler");
    var megabyte = new byte[1 << 16];
    try (var out = Files.newOutputStream(filler)) {
      while (true) {
        out.write(megabyte);
      }
    } catch (IOException e) {
      if (!Files.exists(filler)) {
        throw e;
      }
    }
  }

  /** Takes away what fills the small disk. */
  public void freeDisk() throws IOException {
    Files.deleteIfExists(disk.resolve("filler"));
  }

  private void stop() {
    var left = new ArrayList<Path>(List.of(data));
    try {
      if (process != null) {
        run(List.of("kill", "-QUIT", Long.toString(process.pid())));
        process.waitFor();
      }
      if (smallDisk()) {
        run(List.of("umount", "-l", disk.toString()));
      }
      left.add(disk);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (process != null) {
      TestServer.end(process, left.toArray(Path[]::new));
    }
  }

  @Override
  public void close() {
    stop();
    Runtime.getRuntime().removeShutdownHook(end);
  }
}
