package dev.pawl.engine.execute;

import static dev.pawl.engine.testing.TestDatabase.files;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.engine.ledger.Fence;
import dev.pawl.engine.ledger.Lease;
import dev.pawl.engine.plan.SourceFile;
import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.testing.Clients;
import dev.pawl.engine.testing.Recorder;
import dev.pawl.engine.testing.ReplicatedServer;
import dev.pawl.engine.testing.ReplicatedServer.Replication;
import dev.pawl.engine.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The database fails over to a streaming replica, with and without the last commits. */
@Timeout(120)
class RunFailoverTest {
  private static final String TABLE = "CREATE TABLE t (id int PRIMARY KEY, a int);";
  private static final String FILL = "INSERT INTO t SELECT g, g FROM generate_series(1, 2000) g;";
  private static final String INDEX = "CREATE INDEX CONCURRENTLY i ON t (a);";
  private static final String ROW = "INSERT INTO t VALUES (5000, 1);";

  /** Its lease outlives a failover on a slow machine: what is lost then is not the lease. */
  private static RunOptions options() {
    var standard = TestDatabase.options(Duration.ofSeconds(60));
    return new RunOptions(
        standard.stream(),
        standard.holder(),
        standard.through(),
        Duration.ofSeconds(60),
        standard.policy());
  }

  private static MigrationRun run(ReplicatedServer servers, List<SourceFile> source) {
    return MigrationRun.of(servers.target(), source, options(), new Recorder());
  }

  /** Runs again as long as a run could not go on, as the operator does. */
  private static Result.Verified verified(ReplicatedServer servers, List<SourceFile> source)
      throws Exception {
    Result result = new Result.Cancelled(List.of());
    for (int tries = 0; tries < 60; tries++) {
      result = run(servers, source).run();
      if (result instanceof Result.Verified verified) {
        return verified;
      }
      assertThat(result).isInstanceOf(Result.Unavailable.class);
      TimeUnit.MILLISECONDS.sleep(200);
    }
    throw new AssertionError(result.toString());
  }

  private static void expireLease(ReplicatedServer servers) throws SQLException {
    servers.execute("UPDATE pawl.heartbeat SET expires_at = '1970-01-01 00:00:00+00'");
  }

  private static Connection holding(ReplicatedServer servers, String sql) throws SQLException {
    var connection = servers.connect();
    connection.setAutoCommit(false);
    connection.createStatement().execute(sql);
    return connection;
  }

  private static String reason(Result result) {
    return ((Result.Unavailable) result).cause().reason();
  }

  private static void awaitPhase(ReplicatedServer servers, String version, String phase)
      throws Exception {
    servers.await(
        "SELECT 1 FROM pawl.step WHERE version = '%s' AND phase = '%s'".formatted(version, phase));
  }

  private static CompletableFuture<Result> start(
      ReplicatedServer servers, List<SourceFile> source) {
    return Clients.start(run(servers, source));
  }

  @Test
  void whatWasVerifiedAndThenLostIsAppliedAgainOnTheNewPrimary() throws Exception {
    try (var servers = ReplicatedServer.start(Replication.ASYNCHRONOUS)) {
      var before = verified(servers, files("1_t.sql", TABLE + FILL));
      servers.catchUp();
      servers.lag();
      var source = files("1_t.sql", TABLE + FILL, "2_r.sql", ROW, "3_i.sql", INDEX);
      assertThat(verified(servers, source).identity()).isEqualTo(before.identity());

      servers.failOver();
      assertThat(servers.query("SELECT version FROM pawl.step")).containsExactly("1");
      var after = verified(servers, source);

      assertThat(after.identity()).isNotEqualTo(before.identity());
      assertThat(servers.query("SELECT version, attempts, phase FROM pawl.step ORDER BY version"))
          .containsExactly("1|1|Verified", "2|1|Verified", "3|1|Verified");
      assertThat(servers.query("SELECT count(*) FROM t")).containsExactly("2001");
      assertThat(servers.query("SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass"))
          .containsExactly("t");
    }
  }

  /** A run that goes on by its memory would call version 2 verified, which is nowhere any more. */
  @Test
  void aRunDoesNotBelieveWhatItSawVerifiedOnTheOldTimeLine() throws Exception {
    try (var servers = ReplicatedServer.start(Replication.ASYNCHRONOUS)) {
      servers.execute("CREATE TABLE first ()", "CREATE TABLE second ()");
      var source =
          files("1_t.sql", TABLE, "2_f.sql", "DROP TABLE first;", "3_s.sql", "DROP TABLE second;");
      CompletableFuture<Result> run;
      try (var first = holding(servers, "SELECT FROM first");
          var second = holding(servers, "SELECT FROM second")) {
        run = start(servers, source);
        awaitPhase(servers, "1", "Verified");
        servers.catchUp(); // with the lease and every row of the plan
        servers.lag();
        first.rollback();
        awaitPhase(servers, "2", "Verified");
        servers.failOver();
      }
      assertThat(servers.query("SELECT to_regclass('first')")).containsExactly("first");

      var result = run.get(60, TimeUnit.SECONDS);
      assertThat(reason(result)).isEqualTo("FailedOver");
      assertThat(((Result.Unavailable) result).cause().message()).contains("failed over", "/");
      assertThat(result.steps()).as("it claims nothing of any step").isEmpty();

      verified(servers, source);
      assertThat(servers.query("SELECT to_regclass('first'), to_regclass('second')"))
          .containsExactly("null|null");
    }
  }

  @Test
  void nothingIsExecutedTwiceWhereCommitsWaitForTheReplica() throws Exception {
    try (var servers = ReplicatedServer.start(Replication.SYNCHRONOUS)) {
      var sql = ROW + "SELECT pg_sleep(2);";
      var source = files("1_t.sql", TABLE, "2_r.sql", sql, "3_i.sql", INDEX);
      var run = start(servers, source);
      servers.await(
          "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%(5000, 1)%'"
              + " AND pid <> pg_backend_pid() AND state = 'active'");
      servers.failOver();
      run.get(60, TimeUnit.SECONDS);
      verified(servers, source);
      var identity = verified(servers, source).identity();

      assertThat(servers.query("SELECT count(*) FROM t")).containsExactly("1");
      assertThat(servers.query("SELECT DISTINCT attempts FROM pawl.step")).containsExactly("1");
      assertThat(verified(servers, source).identity()).isEqualTo(identity);
    }
  }

  @Test
  void whatIsVerifiedIsLookedAtAndNotExecutedAgain() throws Exception {
    try (var servers = ReplicatedServer.start(Replication.SYNCHRONOUS)) {
      var source = files("1_t.sql", TABLE + FILL, "2_i.sql", INDEX);
      var before = verified(servers, source).identity();
      var noted = servers.query("SELECT identity FROM pawl.stream");
      assertThat(noted).containsExactly(before);
      servers.failOver();
      var after = verified(servers, source).identity();

      assertThat(after).isNotEqualTo(before);
      assertThat(servers.query("SELECT identity FROM pawl.stream")).containsExactly(after);
      assertThat(servers.query("SELECT DISTINCT attempts FROM pawl.step")).containsExactly("1");
    }
  }

  @Test
  void whatIsNotAsItWasVerifiedIsRefusedUntilAPersonHasLooked() throws Exception {
    try (var servers = ReplicatedServer.start(Replication.ASYNCHRONOUS)) {
      var source = files("1_t.sql", TABLE + FILL, "2_i.sql", INDEX, "3_r.sql", ROW);
      verified(servers, source);
      servers.catchUp();
      servers.failOver();
      servers.execute("DROP INDEX i");

      var refused = (Result.Refused) run(servers, source).run();
      assertThat(refused.cause().reason()).isEqualTo("NotAsVerified");
      assertThat(refused.cause().message())
          .contains("2_i.sql:1", "index i", "UPDATE pawl.stream SET identity = '")
          .doesNotContain("1_t.sql", "3_r.sql");
      assertThat(run(servers, source).run()).as("again").isInstanceOf(Result.Refused.class);

      servers.execute("CREATE INDEX i ON t (a)");
      assertThat(run(servers, source).run()).isInstanceOf(Result.Verified.class);
    }
  }

  @Test
  void aBuildThatTheFailoverCutOffIsBuiltAgain() throws Exception {
    try (var servers = ReplicatedServer.start(Replication.ASYNCHRONOUS)) {
      var source = files("1_t.sql", TABLE + FILL, "2_i.sql", INDEX);
      verified(servers, files("1_t.sql", TABLE + FILL));
      CompletableFuture<Result> run;
      try (var writer = holding(servers, "UPDATE t SET a = a WHERE id = 1")) {
        run = start(servers, source);
        servers.await("SELECT 1 FROM pg_class WHERE relname = 'i'");
        servers.catchUp();
        servers.failOver();
      }
      run.get(60, TimeUnit.SECONDS);
      verified(servers, source);
      assertThat(servers.query("SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass"))
          .containsExactly("t");
      assertThat(servers.query("SELECT message FROM pawl.step WHERE version = '2'").getFirst())
          .startsWith("repaired: rebuilt the INVALID index");
    }
  }

  @Test
  void aBuildOfWhichOnlyTheRecordWasLostIsAdopted() throws Exception {
    try (var servers = ReplicatedServer.start(Replication.ASYNCHRONOUS)) {
      var source = files("1_t.sql", TABLE + FILL, "2_i.sql", INDEX);
      verified(servers, files("1_t.sql", TABLE + FILL));
      CompletableFuture<Result> run;
      try (var writer = holding(servers, "UPDATE t SET a = a WHERE id = 1")) {
        run = start(servers, source);
        awaitPhase(servers, "2", "Applying");
        servers.await("SELECT 1 FROM pg_class WHERE relname = 'i'");
        try (var row = holding(servers, "UPDATE pawl.step SET phase = phase WHERE version = '2'")) {
          writer.rollback();
          servers.await(
              "SELECT 1 FROM pg_index WHERE indexrelid = to_regclass('i') AND indisvalid");
          servers.catchUp();
          servers.lag();
          row.rollback();
          run.get(60, TimeUnit.SECONDS);
        }
      }
      assertThat(run.get()).isInstanceOf(Result.Verified.class);
      servers.failOver();
      assertThat(servers.query("SELECT phase FROM pawl.step WHERE version = '2'"))
          .containsExactly("Applying");

      verified(servers, source);
      assertThat(servers.query("SELECT attempts, message FROM pawl.step WHERE version = '2'"))
          .containsExactly("1|adopted: it was found done");
    }
  }

  /** The old primary lives on, and answers those who were connected to it. */
  @Test
  void whatAPrimaryThatWasReplacedAnswersIsNotBelieved() throws Exception {
    try (var servers = ReplicatedServer.start(Replication.ASYNCHRONOUS)) {
      servers.execute("CREATE TABLE first ()");
      var source = files("1_t.sql", TABLE, "2_f.sql", "DROP TABLE first;", "3_r.sql", ROW);
      CompletableFuture<Result> run;
      try (var first = holding(servers, "SELECT FROM first")) {
        run = start(servers, source);
        awaitPhase(servers, "1", "Verified");
        servers.catchUp();
        servers.divide();
        first.rollback();
      }
      var result = run.get(60, TimeUnit.SECONDS);
      try (var old = servers.connectToOld()) {
        assertThat(TestDatabase.rows(old, "SELECT DISTINCT phase FROM pawl.step"))
            .as("the old one has done it all")
            .containsExactly("Verified");
      }
      assertThat(reason(result)).isEqualTo("FailedOver");
      assertThat(result.steps()).isEmpty();

      expireLease(servers);
      verified(servers, source);
      assertThat(servers.query("SELECT count(*) FROM t")).containsExactly("1");
      servers.buryOld();
    }
  }

  /** The numbers are ahead of the clock: else an epoch is a time in milliseconds. */
  @Test
  void anEpochGivenOutTwiceServesOnlyWhomTheNewPrimaryGaveItTo() throws Exception {
    try (var servers = ReplicatedServer.start(Replication.ASYNCHRONOUS)) {
      var lease = Lease.of(DatabaseKind.POSTGRESQL);
      var ttl = Duration.ofMinutes(5);
      long ahead = 9_000_000_000_000L;
      verified(servers, files("1_t.sql", TABLE));
      servers.execute("UPDATE pawl.lease SET epoch = " + ahead);
      servers.execute("UPDATE pawl.heartbeat SET epoch = " + ahead);
      expireLease(servers);
      servers.catchUp();
      servers.lag();
      try (var connection = servers.connect()) {
        assertThat(lease.take(connection, "test", "old", ttl))
            .isEqualTo(new Lease.Attempt.Taken(ahead + 1));
      }
      servers.failOver();
      try (var connection = servers.connect()) {
        assertThat(lease.take(connection, "test", "new", ttl))
            .isEqualTo(new Lease.Attempt.Taken(ahead + 1));
        var heartbeat = servers.query("SELECT * FROM pawl.heartbeat");

        var stale = new Fence.Holder("test", "old", ahead + 1);
        assertThat(lease.renew(connection, stale, ttl)).isFalse();
        assertThat(lease.register(connection, stale, Optional.of(1))).isFalse();
        lease.release(connection, stale);
        assertThat(servers.query("SELECT * FROM pawl.heartbeat")).isEqualTo(heartbeat);
        assertThatThrownBy(() -> fence(stale).begin(wire(connection)))
            .satisfies(e -> assertThat(((SQLException) e).getSQLState()).isEqualTo(Fence.LOST));
        connection.createStatement().execute("ROLLBACK");

        var ours = new Fence.Holder("test", "new", ahead + 1);
        assertThat(lease.renew(connection, ours, ttl)).isTrue();
        fence(ours).begin(wire(connection));
        connection.createStatement().execute("ROLLBACK");
        lease.release(connection, ours);
        assertThat(servers.query("SELECT expires_at < now() FROM pawl.heartbeat"))
            .containsExactly("t");
      }
    }
  }

  private static Fence fence(Fence.Holder holder) {
    var limits = new Fence.Limits(Duration.ofMillis(400), Duration.ZERO, Duration.ofMinutes(1));
    return Fence.of(DatabaseKind.POSTGRESQL, holder, limits);
  }

  private static Fence.Wire wire(Connection connection) {
    return sql -> connection.createStatement().execute(sql);
  }

  @Test
  void aRoleThatOwnsItsTablesOnlyMayAskWhichServerAndTimeLineItIs() throws Exception {
    try (var servers = ReplicatedServer.start(Replication.ASYNCHRONOUS)) {
      servers.execute("CREATE ROLE pawl_app LOGIN");
      var before = Identity.read(servers.target("pawl_app"));
      assertThat(before).matches("[0-9]{10,}/00000001");
      servers.catchUp();
      servers.failOver();
      assertThat(Identity.read(servers.target("pawl_app")))
          .isEqualTo(before.replaceFirst("1$", "2"));
    }
  }

  @Test
  void aStandbyIsWaitedForUntilItIsPromoted() throws Exception {
    try (var servers = ReplicatedServer.start(Replication.ASYNCHRONOUS)) {
      servers.leadToReplica();
      var source = files("1_t.sql", TABLE);
      var result = run(servers, source).run();
      assertThat(reason(result)).isEqualTo("Standby");
      assertThat(((Result.Unavailable) result).cause().message()).contains("is a standby");
      servers.promote();
      assertThat(run(servers, source).run()).isInstanceOf(Result.Verified.class);
    }
  }
}
