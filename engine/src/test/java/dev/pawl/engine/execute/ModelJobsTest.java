package dev.pawl.engine.execute;

import static dev.pawl.engine.testing.TestDatabase.files;
import static dev.pawl.engine.testing.TestDatabase.options;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.cockroach.CockroachModel;
import dev.pawl.engine.cockroach.Fault;
import dev.pawl.engine.cockroach.ModelOptions;
import dev.pawl.engine.cockroach.world.Job;
import dev.pawl.engine.cockroach.world.ModelVersion;
import dev.pawl.engine.cockroach.world.SqlError;
import dev.pawl.engine.cockroach.world.Transition;
import dev.pawl.engine.testing.Recorder;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs beside jobs that end badly, on the model of CockroachDB. */
@Timeout(180)
class ModelJobsTest {
  private static final SqlError NO_MEMORY = new SqlError("53200", "memory budget exceeded");

  private CockroachModel model;

  @AfterEach
  void end() {
    if (model != null) {
      model.close();
    }
  }

  private void start(ModelVersion version, String... statements) throws SQLException {
    model = CockroachModel.start(ModelOptions.of(version));
    for (var sql : statements) {
      execute(sql);
    }
  }

  private void execute(String sql) throws SQLException {
    model.execute(sql);
  }

  private List<String> query(String sql) throws SQLException {
    return model.query(sql);
  }

  private Result run(String sql) {
    var o = options();
    var stream = "stream-" + UUID.randomUUID();
    return MigrationRun.of(
            model.target(),
            files("1_a.sql", sql),
            new RunOptions(stream, o.holder(), Optional.empty(), o.leaseTtl(), o.policy()),
            new Recorder())
        .run();
  }

  /** Begins it and loses its client; the job stands still at its beginning. */
  private long abandoned(String sql) {
    model.hold(_ -> true);
    model.inject(Fault.cut(Fault.Kind.CUT_DURING, "^" + sql.substring(0, 10)));
    try {
      execute(sql);
    } catch (SQLException e) {
      assertThat(e.getSQLState()).startsWith("08");
    }
    return model.world().unfinished().getFirst().id();
  }

  @ParameterizedTest
  @EnumSource(ModelVersion.class)
  void whatAJobHasLeftHalfDoneAsksForAPersonAndNamesTheJob(ModelVersion version)
      throws SQLException {
    start(
        version,
        "CREATE TABLE t (a INT PRIMARY KEY, b INT)",
        "CREATE TABLE u (a INT PRIMARY KEY, b INT)");
    long job = abandoned("CREATE INDEX i ON t (b)");
    revertFails(job);
    model.release();
    for (var sql :
        List.of(
            "CREATE INDEX i ON t (b)",
            "CREATE INDEX IF NOT EXISTS i ON t (b)",
            "ALTER TABLE t ADD COLUMN c INT")) {
      assertThat(run(sql))
          .as(sql)
          .isInstanceOfSatisfying(
              Result.Failed.class,
              f -> {
                assertThat(f.human()).isTrue();
                assertThat(f.cause().message())
                    .contains("job " + job + " failed and could not be reverted");
              });
    }
    assertThat(run("CREATE INDEX i ON u (b)")).isInstanceOf(Result.Verified.class);
  }

  private void revertFails(long job) {
    for (int k = 0; k < 100; k++) {
      var failures = model.world().failures(NO_MEMORY);
      var next =
          failures.stream()
              .filter(t -> t instanceof Transition.FailRevert)
              .findFirst()
              .or(() -> failures.stream().filter(t -> t instanceof Transition.Fail).findFirst())
              .orElse(new Transition.Advance(job));
      model.apply(next);
      if (next instanceof Transition.FailRevert) {
        assertThat(model.world().jobs().get(job).status()).isEqualTo(Job.Status.REVERT_FAILED);
        return;
      }
    }
    throw new AssertionError("it cannot be made to fail at its revert: " + model.world().jobs());
  }

  @Test
  void aBackfillWithoutMemoryIsTriedFiveTimesAgainThenAPersonIsAsked() throws SQLException {
    start(ModelVersion.V25_2, "CREATE TABLE t (a INT PRIMARY KEY, b INT)");
    model.breakBackfills("CREATE INDEX", NO_MEMORY);
    assertThat(run("CREATE INDEX i ON t (b)"))
        .isInstanceOfSatisfying(
            Result.Failed.class,
            f -> {
              assertThat(f.human()).isTrue();
              assertThat(f.cause().sqlstate()).contains("53200");
            });
    assertThat(query("SELECT attempts FROM pawl.step")).containsExactly("6");
    assertThat(model.world().jobs().values())
        .filteredOn(j -> j.description().startsWith("CREATE INDEX"))
        .hasSize(6);
    assertThat(query("SELECT 1 FROM [SHOW INDEXES FROM t] WHERE index_name = 'i'")).isEmpty();
    model.healBackfills();
    assertThat(run("CREATE INDEX i ON t (b)")).isInstanceOf(Result.Verified.class);
  }

  /** A name that is being dropped is followed to its end, by whomever, and only then free. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "DROP TABLE t",
        "DROP TABLE IF EXISTS t",
        "DROP INDEX t@i",
        "DROP INDEX IF EXISTS t@i",
        "ALTER TABLE t DROP COLUMN c",
        "ALTER TABLE t DROP CONSTRAINT k",
        "ALTER TABLE t RENAME COLUMN b TO d",
        "ALTER TABLE t RENAME TO u",
        "DROP VIEW v",
        "DROP TYPE y"
      })
  void anotherSessionsDropIsFollowed(String sql) throws Exception {
    start(
        ModelVersion.V25_2,
        "CREATE TABLE t (a INT PRIMARY KEY, b INT, c INT, CONSTRAINT k CHECK (b > 0), INDEX i (b))",
        "CREATE VIEW v AS SELECT 1",
        "CREATE TYPE y AS ENUM ('a')");
    abandoned(sql.replace("IF EXISTS ", ""));
    var recorder = new Recorder();
    var run = MigrationRun.of(model.target(), files("1_a.sql", sql), options(), recorder);
    var end = new CompletableFuture<Result>();
    Thread.ofVirtual().start(() -> end.complete(run.run()));
    recorder.awaitMessage("1#1", m -> m.contains("following: job"));
    assertThat(end).isNotDone();
    model.release();
    var result = end.get(60, TimeUnit.SECONDS);
    if (sql.contains(" RENAME ")) {
      // The new name may be another object's: a person is asked.
      assertThat(result)
          .as(sql)
          .isInstanceOfSatisfying(
              Result.Failed.class,
              f -> {
                assertThat(f.human()).isTrue();
                assertThat(f.cause().message()).contains("no job tells what came of it");
              });
    } else {
      // It was there when the run came, and is gone after what was followed.
      assertThat(result).as(sql).isInstanceOf(Result.Verified.class);
    }
    assertThat(model.world().unfinished()).isEmpty();
  }
}
