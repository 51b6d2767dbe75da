package dev.pawl.engine.testing;

import dev.pawl.engine.execute.MigrationRun;
import dev.pawl.engine.execute.Result;
import dev.pawl.engine.execute.RunOptions;
import dev.pawl.engine.execute.Target;
import dev.pawl.engine.plan.SourceFile;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** A database of its own for each test, on one PostgreSQL server for all of them. */
public final class TestDatabase {
  /**
   * The tag of a test whose statements need a session of their own: behind a pooler without the
   * server's own address they are refused, which PgBouncerTest shows for each kind.
   */
  public static final String SESSION = "session";

  /** Longer than a busy machine lets a thread wait: a run that is late must not lose its lease. */
  private static final Duration LEASE = Duration.ofSeconds(15);

  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final TestPooler.Mode MODE = TestPooler.Mode.asked();
  private static int port;
  private static int pooler;

  private final String name;

  private TestDatabase(String name) {
    this.name = name;
  }

  private static synchronized int port() {
    if (port == 0) {
      port = TestServer.start();
      if (MODE != TestPooler.Mode.NONE) {
        pooler = TestPooler.start(port, 10);
      }
      say();
    }
    return port;
  }

  /** Which servers a test run has used is to be read in its output. */
  private static void say() {
    try (var connection = open("postgres");
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SHOW server_version")) {
      rows.next();
      var through =
          switch (MODE) {
            case NONE -> "";
            case DIRECT -> ", " + TestPooler.version() + " in transaction mode and directUrl";
            case ONLY -> ", " + TestPooler.version() + " in transaction mode alone";
          };
      System.out.println("\ndatabase tests on PostgreSQL " + rows.getString(1) + through);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A new, empty database. */
  public static TestDatabase fresh() throws SQLException {
    var name = "t" + COUNT.incrementAndGet();
    try (var admin = open("postgres");
        var statement = admin.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    }
    return new TestDatabase(name);
  }

  private static Connection open(String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://localhost:" + port() + "/" + database, "postgres", "");
  }

  /** A connection in autocommit. */
  public Connection connect() throws SQLException {
    return open(name);
  }

  /** A connection in autocommit, as a role of its own. */
  public Connection connect(String user) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://localhost:" + port() + "/" + name, user, "");
  }

  /** This database, as a run's target. */
  public Target target() {
    return target("postgres");
  }

  /** This database, entered as a role of its own. */
  public Target target(String user) {
    var direct = at(port(), user, Optional.empty());
    return switch (MODE) {
      case NONE -> direct;
      case DIRECT -> at(pooler, user, Optional.of(direct));
      case ONLY -> at(pooler, user, Optional.empty());
    };
  }

  /** This database without a pooler, however the tests reach their server. */
  public Target direct() {
    return at(port(), "postgres", Optional.empty());
  }

  /** The postgres database of a server of the same version that is a standby. */
  public Target standby() throws SQLException, InterruptedException {
    int at = TestServer.standby(postmaster());
    return awaited(new TestDatabase("postgres").at(at, "postgres", Optional.empty()));
  }

  private static long postmaster() throws SQLException {
    try (var connection = open("postgres")) {
      var file = rows(connection, "SELECT pg_read_file('postmaster.pid')").getFirst();
      return Long.parseLong(file.lines().findFirst().orElseThrow());
    }
  }

  /** The folder of the server's programs. */
  static Path programs() throws SQLException {
    return TestServer.programs(postmaster());
  }

  /**
   * Kills a session as no administrator may: the server ends all the others too, and recovers as
   * after a crash of its own.
   */
  public void crash(Connection session) throws SQLException, InterruptedException {
    try (var another = connect()) {
      ProcessHandle.of(Clients.backend(session)).orElseThrow().destroyForcibly();
      Patience.until(() -> !alive(another), () -> "the end of every session");
    }
    awaited(direct());
  }

  private static boolean alive(Connection session) {
    try (var statement = session.createStatement()) {
      return statement.execute("SELECT 1");
    } catch (SQLException e) {
      return false;
    }
  }

  private static Target awaited(Target target) throws SQLException, InterruptedException {
    for (int tries = 0; ; tries++) {
      try {
        DriverManager.getConnection(
                "jdbc:postgresql://localhost:" + target.port() + "/" + target.database(),
                "postgres",
                "")
            .close();
        return target;
      } catch (SQLException e) {
        if (tries == 1200) { // a minute
          throw e;
        }
        Thread.sleep(50);
      }
    }
  }

  private Target at(int at, String user, Optional<Target> direct) {
    return new Target("localhost", at, name, user, () -> null, "disable", Optional.empty(), direct);
  }

  /** Executes statements. */
  public void execute(String... statements) throws SQLException {
    try (var connection = connect();
        var statement = connection.createStatement()) {
      for (var sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** The rows of a query, each as its columns joined by a bar. */
  public List<String> query(String sql) throws SQLException {
    try (var connection = connect()) {
      return rows(connection, sql);
    }
  }

  /** The rows of a query, each as its columns joined by a bar. */
  public static List<String> rows(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      var all = new ArrayList<String>();
      while (rows.next()) {
        var columns = new ArrayList<String>();
        for (int k = 1; k <= rows.getMetaData().getColumnCount(); k++) {
          columns.add(rows.getString(k));
        }
        all.add(String.join("|", columns));
      }
      return all;
    }
  }

  /** Files given as path, text, path, text, …. */
  public static List<SourceFile> files(String... pathsAndTexts) {
    var files = new ArrayList<SourceFile>();
    for (int k = 0; k < pathsAndTexts.length; k += 2) {
      files.add(new SourceFile(pathsAndTexts[k], pathsAndTexts[k + 1]));
    }
    return files;
  }

  /** A run's options, with a holder of its own and nothing retried for longer than 60 s. */
  public static RunOptions options() {
    return options(Duration.ofSeconds(60));
  }

  /** A run's options, with a holder of its own and nothing retried for longer than that. */
  public static RunOptions options(Duration retryFor) {
    var policy = RunOptions.Policy.DEFAULT;
    return new RunOptions(
        "test",
        "holder-" + UUID.randomUUID(),
        Optional.empty(),
        LEASE,
        new RunOptions.Policy(
            policy.outOfOrder(),
            policy.onInvalid(),
            policy.missingVerifyFile(),
            policy.lockTimeout(),
            policy.statementTimeout(),
            LEASE.multipliedBy(4),
            Optional.of(retryFor)));
  }

  /** A run's options with other choices. */
  public static RunOptions options(
      RunOptions.OutOfOrder outOfOrder,
      RunOptions.OnInvalid onInvalid,
      RunOptions.MissingVerifyFile missingVerifyFile) {
    var standard = options();
    var policy = standard.policy();
    return new RunOptions(
        standard.stream(),
        standard.holder(),
        standard.through(),
        standard.leaseTtl(),
        new RunOptions.Policy(
            outOfOrder,
            onInvalid,
            missingVerifyFile,
            policy.lockTimeout(),
            policy.statementTimeout(),
            policy.waitForLease(),
            policy.retryFor()));
  }

  /** Runs to the end. */
  public Result run(String... pathsAndTexts) {
    return MigrationRun.of(target(), files(pathsAndTexts), options(), new Recorder()).run();
  }

  private boolean hasRow(String sql) throws SQLException {
    try {
      return !query(sql).isEmpty();
    } catch (SQLException e) {
      if ("42P01".equals(e.getSQLState())) {
        return false; // its table is not there yet
      }
      throw e;
    }
  }

  /** Waits until a query gives a row, for 60 s at most. */
  public void await(String sql) throws SQLException, InterruptedException {
    Patience.untilAnswered(() -> hasRow(sql), () -> "a row of " + sql);
  }

  /** Whoever calls held() from now on waits, for no lock, until {@link #release}. */
  public void hold() throws SQLException {
    execute(
        "CREATE TABLE IF NOT EXISTS holding (a int)",
        "INSERT INTO holding VALUES (1)",
        """
        CREATE OR REPLACE FUNCTION held() RETURNS void LANGUAGE plpgsql AS $$BEGIN
          WHILE EXISTS (SELECT FROM holding) LOOP PERFORM pg_sleep(0.02); END LOOP;
        END$$
        """);
  }

  /** Waits until a statement calls held(), and is held. */
  public void awaitHeld() throws SQLException, InterruptedException {
    await(
        "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
            + " AND datname = current_database()");
  }

  /** Whoever is held goes on. */
  public void release() throws SQLException {
    execute("DELETE FROM holding");
  }
}
