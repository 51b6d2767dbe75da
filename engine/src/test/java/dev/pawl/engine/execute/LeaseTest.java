package dev.pawl.engine.execute;

import static dev.pawl.engine.testing.TestDatabase.files;
import static dev.pawl.engine.testing.TestDatabase.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.engine.ledger.Fence;
import dev.pawl.engine.ledger.Lease;
import dev.pawl.engine.ledger.Ledger;
import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.testing.Clients;
import dev.pawl.engine.testing.Recorder;
import dev.pawl.engine.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who may write: lease, fence, compare-and-set, take-over; on a real PostgreSQL. */
class LeaseTest {
  private static final Duration TTL = Duration.ofSeconds(60);
  private static final Lease LEASE = Lease.of(DatabaseKind.POSTGRESQL);
  private TestDatabase db;

  @BeforeEach
  void ledger() throws Exception {
    db = TestDatabase.fresh();
    try (var connection = db.connect()) {
      Ledger.create(connection, DatabaseKind.POSTGRESQL);
    }
  }

  private long take(String holder) throws SQLException {
    try (var connection = db.connect()) {
      var attempt = LEASE.take(connection, "test", holder, TTL);
      assertThat(attempt).isInstanceOf(Lease.Attempt.Taken.class);
      return ((Lease.Attempt.Taken) attempt).epoch();
    }
  }

  private void expire() throws SQLException {
    db.execute("UPDATE pawl.heartbeat SET expires_at = clock_timestamp() - interval '1 s'");
  }

  private Fence fence(String holder, long epoch) {
    return Fence.of(
        DatabaseKind.POSTGRESQL,
        new Fence.Holder("test", holder, epoch),
        new Fence.Limits(Duration.ofMillis(400), Duration.ZERO, TTL));
  }

  private static void send(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
      while (statement.getMoreResults() || statement.getUpdateCount() != -1) {}
    }
  }

  private static Fence.Wire wire(Connection connection) {
    return sql -> send(connection, sql);
  }

  private static String stateOf(Throwable error) {
    return ((SQLException) error).getSQLState();
  }

  @Test
  void oneHoldsItAndTheOtherIsToldWho() throws Exception {
    take("A");
    try (var connection = db.connect()) {
      var attempt = LEASE.take(connection, "test", "B", TTL);
      assertThat(attempt).isInstanceOf(Lease.Attempt.Held.class);
      assertThat(((Lease.Attempt.Held) attempt).holder()).isEqualTo("A");
    }
  }

  @Test
  void epochsOnlyGrowAlsoWhenGivenBack() throws Exception {
    long first = take("A");
    try (var connection = db.connect()) {
      LEASE.release(connection, new Fence.Holder("test", "A", first));
    }
    assertThat(take("B")).isGreaterThan(first);
  }

  @Test
  void theEpochGrowsAlsoWhenTheDatabasesClockGoesBack() throws Exception {
    take("a");
    expire();
    // As if the first had been taken with a clock an hour ahead of that of now.
    db.execute("UPDATE pawl.lease SET epoch = epoch + 3600000");
    db.execute("UPDATE pawl.heartbeat SET epoch = epoch + 3600000");
    long ahead = Long.parseLong(db.query("SELECT epoch FROM pawl.lease").getFirst());
    assertThat(take("b")).isEqualTo(ahead + 1);
  }

  @Test
  void anExpiredLeaseIsNeverRenewedOnlyTakenAgain() throws Exception {
    long epoch = take("A");
    try (var connection = db.connect()) {
      assertThat(LEASE.renew(connection, new Fence.Holder("test", "A", epoch), TTL)).isTrue();
      expire();
      assertThat(LEASE.renew(connection, new Fence.Holder("test", "A", epoch), TTL)).isFalse();
    }
  }

  @Test
  void theFenceRaisesForAStaleHolderAndForAnExpiredOne() throws Exception {
    long old = take("A");
    expire();
    try (var connection = db.connect()) {
      assertThatThrownBy(() -> fence("A", old).begin(wire(connection)))
          .satisfies(e -> assertThat(stateOf(e)).isEqualTo(Fence.LOST));
      send(connection, "ROLLBACK");
      take("B");
      assertThatThrownBy(() -> fence("A", old).begin(wire(connection)))
          .satisfies(e -> assertThat(stateOf(e)).isEqualTo(Fence.LOST));
    }
  }

  @Test
  void aTakeOverEndsTheTransactionOfTheOldHolder() throws Exception {
    long old = take("A");
    try (var paused = db.connect()) {
      int pid = paused.unwrap(org.postgresql.core.BaseConnection.class).getBackendPID();
      LEASE.register(paused, new Fence.Holder("test", "A", old), Optional.of(pid));
      fence("A", old).begin(wire(paused));
      send(paused, "CREATE TABLE stale ()");
      expire();
      // The first try may meet the row lock of a backend that is just ending.
      long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      while (true) {
        try {
          take("B");
          break;
        } catch (SQLException e) {
          assertThat(e.getSQLState()).isEqualTo("55P03");
          assertThat(System.nanoTime()).isLessThan(end);
        }
      }
      assertThatThrownBy(() -> send(paused, "COMMIT")).isInstanceOf(SQLException.class);
    }
    assertThat(db.query("SELECT to_regclass('stale')")).containsExactly("null");
  }

  @Test
  void aTransactionCommittedLateIsNotRepeated() throws Exception {
    db.hold();
    var source = files("1_x.sql", "CREATE TABLE x (); SELECT held();");
    var first = MigrationRun.of(db.target(), source, options(), new Recorder());
    var end = new CompletableFuture<Result>();
    Thread.ofVirtual().start(() -> end.complete(first.run()));
    db.awaitHeld();
    // Its successor knows no backend to end: the old transaction commits after its client's death.
    db.execute("UPDATE pawl.heartbeat SET backend_pid = NULL");
    first.cancel();
    end.get(60, TimeUnit.SECONDS);
    var heard = new Recorder();
    var next = Clients.start(MigrationRun.of(db.target(), source, options(), heard));
    heard.awaitCause("LeaseHeld");
    db.release();
    assertThat(next.get(60, TimeUnit.SECONDS)).isInstanceOf(Result.Verified.class);
    assertThat(db.query("SELECT attempts, phase FROM pawl.step")).containsExactly("1|Verified");
  }

  @Test
  void aRunWhoseLeaseIsTakenWritesNothingMore() throws Exception {
    db.hold();
    var source = files("1_x.sql", "SELECT held();", "2_y.sql", "CREATE TABLE y ();");
    var end = new CompletableFuture<Result>();
    var run = MigrationRun.of(db.target(), source, options(), new Recorder());
    Thread.ofVirtual().start(() -> end.complete(run.run()));
    db.awaitHeld();
    db.execute(
        "UPDATE pawl.heartbeat SET epoch = epoch + 1, backend_pid = NULL,"
            + " expires_at = clock_timestamp() + interval '1 min'");
    db.release();
    var result = end.get(60, TimeUnit.SECONDS);
    assertThat(result).isInstanceOf(Result.Unavailable.class);
    assertThat(((Result.Unavailable) result).cause().reason()).isEqualTo("LeaseLost");
    assertThat(db.query("SELECT to_regclass('y')")).containsExactly("null");
  }

  @Test
  @Tag(TestDatabase.SESSION)
  void twoRunsAtOnceApplyEverythingOnce() throws Exception {
    var source =
        files(
            "1_t.sql", "CREATE TABLE t (a int); INSERT INTO t VALUES (1); SELECT pg_sleep(0.5);",
            "2_i.sql", "CREATE INDEX CONCURRENTLY i ON t (a);",
            "3_u.sql", "INSERT INTO t VALUES (2);");
    var ends = List.of(new CompletableFuture<Result>(), new CompletableFuture<Result>());
    for (var end : ends) {
      Thread.ofVirtual()
          .start(
              () ->
                  end.complete(
                      MigrationRun.of(db.target(), source, options(), new Recorder()).run()));
    }
    for (var end : ends) {
      assertThat(end.get(60, TimeUnit.SECONDS)).isInstanceOf(Result.Verified.class);
    }
    assertThat(db.query("SELECT a FROM t ORDER BY a")).containsExactly("1", "2");
    assertThat(db.query("SELECT sum(attempts) FROM pawl.step")).containsExactly("3");
  }

  @Test
  void aStepIsMovedOnlyFromThePhaseExpected() throws Exception {
    db.run("1_x.sql", "CREATE TABLE x ();");
    expire();
    long epoch = take("B");
    var again =
        new Fence.Advance("1", 1, List.of("Pending"), "Verified", 1, null, null, null, null);
    try (var connection = db.connect()) {
      assertThatThrownBy(() -> fence("B", epoch).begin(wire(connection), again))
          .satisfies(e -> assertThat(stateOf(e)).isEqualTo(Fence.MOVED));
    }
  }

  @Test
  void anotherStreamsUnfinishedBuildIsWaitedFor() throws Exception {
    long epoch = take("A");
    db.execute(
        "UPDATE pawl.database SET busy_stream = 'other', busy_epoch = 7",
        "INSERT INTO pawl.lease VALUES ('other', 'O', 7)",
        "INSERT INTO pawl.heartbeat VALUES ('other', 7, clock_timestamp() + interval '1 min')");
    try (var connection = db.connect()) {
      assertThatThrownBy(() -> fence("A", epoch).begin(wire(connection)))
          .satisfies(e -> assertThat(stateOf(e)).isEqualTo(Fence.BUSY));
      send(connection, "ROLLBACK");
      db.execute("UPDATE pawl.heartbeat SET expires_at = '-infinity' WHERE stream = 'other'");
      fence("A", epoch).begin(wire(connection));
      send(connection, "COMMIT");
    }
  }
}
