package dev.pawl.engine.execute;

import static dev.pawl.engine.testing.TestDatabase.files;
import static dev.pawl.engine.testing.TestDatabase.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.engine.cockroach.CockroachModel;
import dev.pawl.engine.cockroach.Fault;
import dev.pawl.engine.cockroach.ModelOptions;
import dev.pawl.engine.cockroach.world.ModelVersion;
import dev.pawl.engine.ledger.Fence;
import dev.pawl.engine.ledger.Lease;
import dev.pawl.engine.ledger.Ledger;
import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.testing.Recorder;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ledger, lease, fence and DML steps on the model of CockroachDB. */
@Timeout(240)
class ModelLedgerTest {
  private static final Duration TTL = Duration.ofSeconds(60);
  private static final Lease LEASE = Lease.of(DatabaseKind.COCKROACHDB);
  private CockroachModel model;

  @AfterEach
  void end() {
    if (model != null) {
      model.close();
    }
  }

  private CockroachModel start(ModelVersion version) throws SQLException {
    model = CockroachModel.start(ModelOptions.of(version));
    return model;
  }

  private void ledger() throws SQLException {
    start(ModelVersion.V25_2);
    try (var connection = model.connect()) {
      Ledger.create(connection, DatabaseKind.COCKROACHDB);
    }
  }

  private Result run(String... source) {
    return MigrationRun.of(model.target(), files(source), options(), new Recorder()).run();
  }

  private void execute(String... statements) throws SQLException {
    try (var connection = model.connect()) {
      for (var sql : statements) {
        send(connection, sql);
      }
    }
  }

  private static void send(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
      while (statement.getMoreResults() || statement.getUpdateCount() != -1) {}
    }
  }

  private List<String> query(String sql) throws SQLException {
    return model.query(sql);
  }

  private long take(String holder) throws SQLException {
    try (var connection = model.connect()) {
      return ((Lease.Attempt.Taken) LEASE.take(connection, "it's \"one\"", holder, TTL)).epoch();
    }
  }

  private static Fence fence(String holder, long epoch) {
    return fence(holder, epoch, TTL);
  }

  private static Fence fence(String holder, long epoch, Duration idle) {
    return Fence.of(
        DatabaseKind.COCKROACHDB,
        new Fence.Holder("it's \"one\"", holder, epoch),
        new Fence.Limits(Duration.ofMillis(400), TTL, idle));
  }

  private static String stateOf(Throwable error) {
    return ((SQLException) error).getSQLState();
  }

  @ParameterizedTest
  @EnumSource(ModelVersion.class)
  void dataIsChangedInOneTransactionWithItsRow(ModelVersion version) throws Exception {
    start(version);
    execute("CREATE SCHEMA app", "CREATE TABLE app.t (a INT8)");
    var source = new String[] {"1_a.sql", "INSERT INTO app.t VALUES (1); -- a comment"};
    assertThat(run(source)).isInstanceOf(Result.Verified.class);
    assertThat(run(source)).isInstanceOf(Result.Verified.class);
    assertThat(query("SELECT a FROM app.t")).containsExactly("1");
    assertThat(query("SELECT phase, attempts, kind FROM pawl.step"))
        .containsExactly("Verified|1|transaction");
  }

  @Test
  void aLedgerHalfMadeIsCompleted() throws Exception {
    start(ModelVersion.V22_1);
    execute(
        "CREATE SCHEMA pawl",
        "CREATE TABLE pawl.database (id INT8 PRIMARY KEY,"
            + " ledger_version INT8 NOT NULL, busy_stream TEXT, busy_epoch INT8)");
    try (var connection = model.connect()) {
      assertThat(Ledger.exists(connection, DatabaseKind.COCKROACHDB)).isFalse();
      Ledger.create(connection, DatabaseKind.COCKROACHDB);
      assertThat(Ledger.exists(connection, DatabaseKind.COCKROACHDB)).isTrue();
    }
  }

  @Test
  void theFenceRaisesForAStaleHolderAndForAnExpiredOne() throws Exception {
    ledger();
    long old = take("A");
    execute("UPDATE pawl.heartbeat SET expires_at = now() - interval '1 s'");
    try (var connection = model.connect()) {
      assertThatThrownBy(() -> fence("A", old).begin(sql -> send(connection, sql)))
          .hasMessageContaining("has expired")
          .satisfies(e -> assertThat(stateOf(e)).isEqualTo(Fence.LOST));
      take("B");
      assertThatThrownBy(() -> fence("A", old).begin(sql -> send(connection, sql)))
          .satisfies(e -> assertThat(stateOf(e)).isEqualTo(Fence.LOST));
    }
  }

  @Test
  void whoIsPausedInATransactionCannotCommitAfterATakeOver() throws Exception {
    ledger();
    execute("CREATE SCHEMA app", "CREATE TABLE app.t (a INT8)");
    long old = take("A");
    try (var paused = model.connect()) {
      fence("A", old, Duration.ofSeconds(5)).begin(sql -> send(paused, sql));
      send(paused, "INSERT INTO app.t VALUES (1)");
      execute("UPDATE pawl.heartbeat SET expires_at = now() - interval '1 s'");
      long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      while (true) {
        try {
          take("B");
          break;
        } catch (SQLException e) {
          assertThat(e.getSQLState()).isIn("40001", "55P03");
          assertThat(System.nanoTime()).isLessThan(end);
        }
      }
      assertThatThrownBy(() -> send(paused, "COMMIT")).isInstanceOf(SQLException.class);
    }
    assertThat(query("SELECT a FROM app.t")).isEmpty();
  }

  @Test
  void aStepIsMovedOnlyFromThePhaseExpected() throws Exception {
    ledger();
    long epoch = take("A");
    execute(
        "INSERT INTO pawl.step (stream, version, ordinal, file, kind, checksum, raw_sha256,"
            + " phase, epoch) VALUES ('it''s \"one\"', '1', 1, 'f', 'autocommit', 'c', 'r',"
            + " 'Pending', 1)");
    try (var connection = model.connect()) {
      fence("A", epoch)
          .advance(
              sql -> send(connection, sql),
              new Fence.Advance("1", 1, List.of("Pending"), "Applying", 1, "b", "j", null, "it's"));
      assertThat(query("SELECT phase, attempts, before, job, message FROM pawl.step"))
          .containsExactly("Applying|1|b|j|it's");
      assertThat(query("SELECT busy_stream FROM pawl.database")).containsExactly("it's \"one\"");
      assertThatThrownBy(
              () ->
                  fence("A", epoch)
                      .begin(
                          sql -> send(connection, sql),
                          new Fence.Advance(
                              "1", 1, List.of("Pending"), "Applying", 1, null, null, null, null)))
          .satisfies(e -> assertThat(stateOf(e)).isEqualTo(Fence.MOVED));
      send(connection, "ROLLBACK");
      fence("A", epoch)
          .advance(
              sql -> send(connection, sql),
              new Fence.Advance(
                  "1", 1, List.of("Applying"), "Verified", 0, null, null, null, null));
      assertThat(query("SELECT busy_stream, busy_epoch FROM pawl.database"))
          .containsExactly("null|null");
    }
  }

  @Test
  void anotherStreamsSchemaChangeIsWaitedFor() throws Exception {
    ledger();
    long epoch = take("A");
    execute(
        "UPDATE pawl.database SET busy_stream = 'other', busy_epoch = 7",
        "INSERT INTO pawl.lease VALUES ('other', 'O', 7)",
        "INSERT INTO pawl.heartbeat VALUES ('other', 7, now() + interval '1 min')");
    try (var connection = model.connect()) {
      assertThatThrownBy(() -> fence("A", epoch).begin(sql -> send(connection, sql)))
          .hasMessageContaining("stream other is changing")
          .satisfies(e -> assertThat(stateOf(e)).isEqualTo(Fence.BUSY));
      send(connection, "ROLLBACK");
      execute("UPDATE pawl.heartbeat SET expires_at = now() WHERE stream = 'other'");
      fence("A", epoch).begin(sql -> send(connection, sql));
      send(connection, "COMMIT");
    }
  }

  @Test
  void aTransactionThatMustBeRestartedIsDoneOnce() throws Exception {
    start(ModelVersion.V23_2);
    execute("CREATE SCHEMA app", "CREATE TABLE app.t (a INT8)");
    model.inject(Fault.error("INSERT INTO app.t", "40001", "restart transaction"));
    model.inject(Fault.error("^COMMIT", "40001", "restart transaction").at(3));
    assertThat(run("1_a.sql", "INSERT INTO app.t VALUES (1)")).isInstanceOf(Result.Verified.class);
    assertThat(model.faultsSpent()).isTrue();
    assertThat(query("SELECT a FROM app.t")).containsExactly("1");
  }

  @Test
  void aCommitWhoseAnswerIsAmbiguousIsReadFromTheLedger() throws Exception {
    for (var fault :
        List.of(
            Fault.errorAfter("^COMMIT", "40003", "result is ambiguous"),
            Fault.cut(Fault.Kind.CUT_AFTER, "^COMMIT"),
            Fault.cut(Fault.Kind.CUT_BEFORE, "^COMMIT"))) {
      start(ModelVersion.V26_1);
      execute("CREATE SCHEMA app", "CREATE TABLE app.t (a INT8)");
      assertThat(run("1_a.sql", "INSERT INTO app.t VALUES (1)"))
          .isInstanceOf(Result.Verified.class);
      model.inject(fault.at(3)); // the lease, the plan, then the step
      assertThat(
              run(
                  "1_a.sql",
                  "INSERT INTO app.t VALUES (1)",
                  "2_b.sql",
                  "INSERT INTO app.t VALUES (2)"))
          .isInstanceOf(Result.Verified.class);
      assertThat(model.faultsSpent()).isTrue();
      assertThat(query("SELECT a FROM app.t ORDER BY a")).containsExactly("1", "2");
      model.close();
    }
  }

  @Test
  void whatTheLedgerSaysIsRead() throws Exception {
    start(ModelVersion.V22_1);
    assertThat(LedgerReader.read(model.target())).isEmpty();
    execute("CREATE SCHEMA app", "CREATE TABLE app.t (a INT8)");
    run("1_a.sql", "INSERT INTO app.t VALUES (1)");
    assertThat(LedgerReader.read(model.target()).get("test").getFirst().phase())
        .isEqualTo(Phase.VERIFIED);
  }
}
