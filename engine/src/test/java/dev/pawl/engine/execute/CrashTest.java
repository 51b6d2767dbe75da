package dev.pawl.engine.execute;

import static dev.pawl.engine.testing.TestDatabase.files;
import static dev.pawl.engine.testing.TestDatabase.options;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.plan.SourceFile;
import dev.pawl.engine.testing.Clients;
import dev.pawl.engine.testing.Recorder;
import dev.pawl.engine.testing.TestDatabase;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The server crashes, or is one that follows another; on a real PostgreSQL. */
@Timeout(240)
class CrashTest {
  private static final String INDEX = "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a)";
  private TestDatabase db;

  @BeforeEach
  void table() throws Exception {
    db = TestDatabase.fresh();
    db.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a int)",
        "INSERT INTO t SELECT g, g FROM generate_series(1, 2000) g");
  }

  /** A run that could not go on is followed by others, as the operator does. */
  private Result endOf(Result result, List<SourceFile> source) throws InterruptedException {
    for (int tries = 0; result instanceof Result.Unavailable && tries < 10; tries++) {
      TimeUnit.MILLISECONDS.sleep(500);
      result = MigrationRun.of(db.target(), source, options(), new Recorder()).run();
    }
    return result;
  }

  @Test
  @Tag(TestDatabase.SESSION)
  void aCrashLeavesAnInvalidIndexWithoutABuilderWhichIsRebuilt() throws Exception {
    try (var writer = Clients.open(db, "UPDATE t SET a = a WHERE id = 1")) {
      var build = Clients.execute(db, "SET synchronous_commit = on", INDEX);
      db.await("SELECT 1 FROM pg_class WHERE relname = 'i'");
      db.crash(writer);
      assertThat(build.get(60, TimeUnit.SECONDS)).isNotNull();
    }
    assertThat(db.query("SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass"))
        .containsExactly("f");
    assertThat(db.query("SELECT 1 FROM pg_locks WHERE relation = 't'::regclass")).isEmpty();
    assertThat(db.run("1_i.sql", INDEX)).isInstanceOf(Result.Verified.class);
    assertThat(db.query("SELECT message FROM pawl.step").getFirst())
        .startsWith("repaired: rebuilt the INVALID index");
    assertThat(db.query("SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass"))
        .containsExactly("t");
  }

  @Test
  @Tag(TestDatabase.SESSION)
  void aRunGoesOnAfterACrashOrItsSuccessorDoes() throws Exception {
    CompletableFuture<Result> run;
    var source = files("1_i.sql", INDEX, "2_x.sql", "INSERT INTO t VALUES (5000, 1)");
    try (var writer = Clients.open(db, "UPDATE t SET a = a WHERE id = 1")) {
      run = Clients.start(MigrationRun.of(db.target(), source, options(), new Recorder()));
      db.await("SELECT 1 FROM pg_class WHERE relname = 'i'");
      db.crash(writer);
    }
    assertThat(endOf(run.get(60, TimeUnit.SECONDS), source)).isInstanceOf(Result.Verified.class);
    assertThat(db.query("SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass"))
        .containsExactly("t");
    assertThat(db.query("SELECT count(*) FROM t WHERE id = 5000")).containsExactly("1");
  }

  @Test
  void aTransactionThatACrashEndedIsDoneOnce() throws Exception {
    var sql = "INSERT INTO t VALUES (5000, 1); SELECT pg_sleep(1);";
    var source = files("1_x.sql", sql);
    var run = Clients.start(MigrationRun.of(db.target(), source, options(), new Recorder()));
    db.await(
        "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%(5000, 1)%' AND datname ="
            + " current_database() AND pid <> pg_backend_pid() AND state = 'active'");
    try (var any = db.connect()) {
      db.crash(any);
    }
    assertThat(endOf(run.get(60, TimeUnit.SECONDS), source)).isInstanceOf(Result.Verified.class);
    assertThat(db.query("SELECT count(*) FROM t WHERE id = 5000")).containsExactly("1");
  }

  @Test
  void aStandbyIsRefusedForItShowsAFalseAbsent() throws Exception {
    var result =
        MigrationRun.of(db.standby(), files("1_i.sql", INDEX), options(), new Recorder()).run();
    assertThat(result).isInstanceOf(Result.Unavailable.class);
    assertThat(((Result.Unavailable) result).cause().reason()).isEqualTo("Standby");
    assertThat(((Result.Unavailable) result).cause().message()).contains("primary");
  }
}
