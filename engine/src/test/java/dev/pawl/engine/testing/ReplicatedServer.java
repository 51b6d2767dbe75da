package dev.pawl.engine.testing;

import dev.pawl.engine.execute.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Two real PostgreSQL servers, the second a streaming replica of the first, behind one address that
 * leads to whichever is meant to be the primary. A pair takes about two seconds to start.
 *
 * <pre>{@code
 * try (var servers = ReplicatedServer.start(Replication.ASYNCHRONOUS)) {
 *   run(servers.target());       // through the address, as an application would
 *   servers.catchUp();           // the replica has everything so far
 *   servers.lag();               // what is committed from now on is lost in the failover
 *   run(servers.target());
 *   servers.failOver();          // the primary dies, the replica is promoted, the address leads to it
 *   run(servers.target());
 * }
 * }</pre>
 *
 * <p>With {@link Replication#SYNCHRONOUS} a commit is answered only when the replica has it: {@link
 * #failOver()} loses none that was answered, and after {@link #lag()} none is answered. With {@link
 * Replication#ASYNCHRONOUS} call {@link #catchUp()} or {@link #lag()} first, or chance decides what
 * is lost. {@link #divide()} instead of {@link #failOver()} leaves the old primary alive, and those
 * connected to it there; {@link #buryOld()} ends it. There is one failover in each pair's life.
 *
 * <p>The database is {@code postgres}, its superuser too; anybody may enter without a password.
 */
public final class ReplicatedServer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static Path template;

  /** When a commit is answered. */
  public enum Replication {
    /** When the replica has it, too. */
    SYNCHRONOUS,
    /** Without waiting for the replica. */
    ASYNCHRONOUS
  }

  /** One server. */
  private record Node(Process process, int port, Path data) {}

  private final Node primary;
  private final Node replica;
  private final Relay address;
  private final Relay replication;
  private final Thread end = new Thread(this::stop);

  private ReplicatedServer(Node primary, Node replica, Relay address, Relay replication) {
    this.primary = primary;
    this.replica = replica;
    this.address = address;
    this.replication = replication;
    Runtime.getRuntime().addShutdownHook(end);
  }

  /** Starts both, with the programs of the tests' server. */
  public static ReplicatedServer start(Replication replication) throws SQLException {
    return start(replication, TestDatabase.programs());
  }

  /**
   * Starts both, and returns when the replica follows.
   *
   * @param programs the folder that has initdb and postgres
   */
  public static ReplicatedServer start(Replication replication, Path programs) throws SQLException {
    try {
      var more = new ArrayList<String>();
      if (replication == Replication.SYNCHRONOUS) {
        more.addAll(List.of("-c", "synchronous_standby_names=*"));
      }
      var first = node(programs, more, false);
      var stream = new Relay(first.port());
      var second =
          node(
              programs,
              List.of(
                  "-c",
                  "primary_conninfo=host=127.0.0.1 user=postgres port=" + stream.port(),
                  "-c",
                  "wal_retrieve_retry_interval=200ms"),
              true);
      var servers = new ReplicatedServer(first, second, new Relay(first.port()), stream);
      awaitRow(
          first.port(), "SELECT 1 FROM pg_stat_replication WHERE state = 'streaming'" + sync(more));
      awaitRow(second.port(), "SELECT 1");
      return servers;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String sync(List<String> more) {
    return more.isEmpty() ? "" : " AND sync_state = 'sync'";
  }

  /** A copy of a cluster that was never started: so both begin with one history. */
  private static Node node(Path programs, List<String> more, boolean standby)
      throws IOException, InterruptedException {
    int port = TestServer.freePort();
    var data = Files.createTempDirectory("pawl-replicated-");
    Files.delete(data);
    run("cp", "-a", template(programs).toString(), data.toString());
    if (standby) {
      TestServer.give(Files.createFile(data.resolve("standby.signal")));
    }
    var serve = TestServer.postgres(programs, data, port);
    serve.addAll(List.of("-c", "wal_keep_size=64MB"));
    serve.addAll(more);
    var log = data.resolveSibling(data.getFileName() + ".log").toFile();
    log.deleteOnExit();
    return new Node(
        new ProcessBuilder(serve).redirectErrorStream(true).redirectOutput(log).start(),
        port,
        data);
  }

  private static synchronized Path template(Path programs)
      throws IOException, InterruptedException {
    if (template == null) {
      var made = Files.createTempDirectory("pawl-replicated-template-");
      TestServer.give(made);
      run(
          TestServer.command(
                  programs.resolve("initdb"), "-D", made, "-U", "postgres", "-N", "-A", "trust")
              .toArray(String[]::new));
      Runtime.getRuntime().addShutdownHook(new Thread(() -> TestServer.remove(made)));
      template = made;
    }
    return template;
  }

  private static void run(String... command) throws IOException, InterruptedException {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var said = new String(process.getInputStream().readAllBytes());
    if (process.waitFor() != 0) {
      throw new IllegalStateException(String.join(" ", command) + " failed: " + said);
    }
  }

  /** The address, as a run's target. */
  public Target target() {
    return target("postgres");
  }

  /** The address, entered as a role of its own. */
  public Target target(String user) {
    return new Target(
        "127.0.0.1",
        address.port(),
        "postgres",
        user,
        () -> null,
        "disable",
        Optional.empty(),
        Optional.empty());
  }

  /** The port of the address, which listens on every interface of this host. */
  public int port() {
    return address.port();
  }

  /** A connection through the address, in autocommit. */
  public Connection connect() throws SQLException {
    return open(address.port());
  }

  /** A connection to the server that was the primary first, in autocommit. */
  public Connection connectToOld() throws SQLException {
    return open(primary.port());
  }

  private static Connection open(int port) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/postgres", "postgres", "");
  }

  /** Executes statements through the address. */
  public void execute(String... statements) throws SQLException {
    try (var connection = connect();
        var statement = connection.createStatement()) {
      for (var sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** The rows of a query through the address, each as its columns joined by a bar. */
  public List<String> query(String sql) throws SQLException {
    try (var connection = connect()) {
      return TestDatabase.rows(connection, sql);
    }
  }

  /** Waits until a query through the address gives a row. */
  public void await(String sql) throws SQLException, InterruptedException {
    awaitRow(address.port(), sql);
  }

  private static void awaitRow(int port, String sql) throws SQLException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      SQLException error = null;
      try (var connection = open(port)) {
        if (!TestDatabase.rows(connection, sql).isEmpty()) {
          return;
        }
      } catch (SQLException e) {
        error = e; // it starts, or a table is not there yet
      }
      if (System.nanoTime() > end) {
        throw new AssertionError("no row within " + PATIENCE.toSeconds() + " s: " + sql, error);
      }
      Thread.sleep(20);
    }
  }

  /** Waits until the replica shows everything that is committed by now. */
  public void catchUp() throws SQLException, InterruptedException {
    String now;
    try (var connection = connectToOld()) {
      now = TestDatabase.rows(connection, "SELECT pg_current_wal_flush_lsn()").getFirst();
    }
    awaitRow(replica.port(), "SELECT 1 WHERE pg_last_wal_replay_lsn() >= '" + now + "'");
  }

  /** From now on nothing reaches the replica. */
  public void lag() {
    replication.refuse();
    replication.cut();
  }

  /** The address leads to the replica, which is not promoted yet. */
  public void leadToReplica() {
    address.leadTo(replica.port());
    address.cut();
  }

  /** The primary dies at once; then as {@link #promote()}. */
  public void failOver() throws SQLException, InterruptedException {
    address.refuse();
    kill(primary);
    promote();
  }

  /**
   * As {@link #failOver()}; before anybody else gets in, a statement is executed on the new
   * primary.
   *
   * @return its transaction, still open
   */
  public Connection failOverHolding(String sql) throws SQLException, InterruptedException {
    address.refuse();
    kill(primary);
    lag();
    promoteReplica();
    var connection = open(replica.port());
    connection.setAutoCommit(false);
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
    address.leadTo(replica.port());
    return connection;
  }

  /** The replica is promoted, and everybody is led to it; the primary is left as it is. */
  public void promote() throws SQLException {
    divide();
    address.cut();
  }

  /**
   * The replica is promoted, and who connects now is led to it; the primary lives on and accepts
   * what those do who are connected to it.
   */
  public void divide() throws SQLException {
    lag();
    promoteReplica();
    address.leadTo(replica.port());
  }

  private void promoteReplica() throws SQLException {
    try (var connection = open(replica.port())) {
      if (!TestDatabase.rows(connection, "SELECT pg_promote(true, 60)").equals(List.of("t"))) {
        throw new IllegalStateException("the replica was not promoted within 60 s");
      }
    }
  }

  /** The old primary dies at once, and with it the connections to it. */
  public void buryOld() throws InterruptedException {
    kill(primary);
  }

  /** SIGQUIT ends a server and its backends without a word to anybody; nothing is written. */
  private static void kill(Node node) throws InterruptedException {
    try {
      if (node.process().isAlive()) {
        run("kill", "-QUIT", Long.toString(node.process().pid()));
        node.process().waitFor();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void stop() {
    for (var node : List.of(replica, primary)) {
      try {
        kill(node);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      TestServer.remove(node.data());
    }
  }

  /** Ends both, and removes their files. */
  @Override
  public void close() throws IOException {
    address.close();
    replication.close();
    stop();
    Runtime.getRuntime().removeShutdownHook(end);
  }
}
