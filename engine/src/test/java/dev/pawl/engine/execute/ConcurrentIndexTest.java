package dev.pawl.engine.execute;

import static dev.pawl.engine.testing.TestDatabase.files;
import static dev.pawl.engine.testing.TestDatabase.options;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.testing.Recorder;
import dev.pawl.engine.testing.TestDatabase;
import java.sql.Connection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** CREATE INDEX CONCURRENTLY in every state it can be found in; on a real PostgreSQL. */
@Tag(TestDatabase.SESSION)
class ConcurrentIndexTest {
  private static final String INDEX = "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a)";
  private static final String BUILDING =
      "SELECT 1 FROM pg_locks WHERE relation = to_regclass('t') AND granted"
          + " AND mode = 'ShareUpdateExclusiveLock'";
  private TestDatabase db;

  @BeforeEach
  void table() throws Exception {
    db = TestDatabase.fresh();
    db.execute("CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20))");
    db.execute("INSERT INTO t SELECT g, g, g FROM generate_series(1, 2000) g");
  }

  /** Holds up every build on the table until it is closed. */
  private Connection writer() throws Exception {
    var connection = db.connect();
    connection.setAutoCommit(false);
    connection.createStatement().execute("UPDATE t SET a = a WHERE id = 1");
    return connection;
  }

  private CompletableFuture<Throwable> build(String sql) {
    var end = new CompletableFuture<Throwable>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                db.execute(sql);
                end.complete(null);
              } catch (Exception e) {
                end.complete(e);
              }
            });
    return end;
  }

  private CompletableFuture<Result> start(MigrationRun run) {
    var end = new CompletableFuture<Result>();
    Thread.ofVirtual().start(() -> end.complete(run.run()));
    return end;
  }

  private void leaveInvalid(String sql) throws Exception {
    try (var writer = writer();
        var builder = db.connect()) {
      builder.createStatement().execute("SET lock_timeout = '100ms'");
      try {
        builder.createStatement().execute(sql);
        throw new AssertionError("the build should have been cut");
      } catch (java.sql.SQLException e) {
        assertThat(e.getSQLState()).isEqualTo("55P03");
      }
    }
    assertThat(db.query("SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass"))
        .containsExactly("f");
  }

  private void assertOneValidIndex() throws Exception {
    assertThat(
            db.query(
                "SELECT c.relname, indisvalid FROM pg_index JOIN pg_class c ON c.oid = indexrelid"
                    + " WHERE indrelid = 't'::regclass AND NOT indisprimary"))
        .containsExactly("i|t");
  }

  @Test
  void anotherSessionsBuildIsFollowedNotRepeated() throws Exception {
    var heard = new Recorder();
    CompletableFuture<Throwable> build;
    CompletableFuture<Result> run;
    try (var writer = writer()) {
      build = build(INDEX);
      db.await("SELECT 1 FROM pg_class WHERE relname = 'i'");
      run = start(MigrationRun.of(db.target(), files("1_i.sql", INDEX), options(), heard));
      db.await("SELECT 1 FROM pawl.step WHERE phase = 'Applying'");
      // Far longer than deadlock_timeout: a waiter would have got the builder killed.
      TimeUnit.MILLISECONDS.sleep(2500);
      assertThat(run).isNotDone();
      assertThat(build).isNotDone();
    }
    assertThat(run.get(60, TimeUnit.SECONDS)).isInstanceOf(Result.Verified.class);
    assertThat(build.get(60, TimeUnit.SECONDS)).isNull();
    assertThat(heard.messages("1#1")).anyMatch(m -> m.startsWith("following: backend"));
    assertThat(db.query("SELECT attempts, message FROM pawl.step").getFirst())
        .startsWith("0|adopted: backend ");
    assertOneValidIndex();
  }

  @Test
  void theBuildOfARunThatDiedIsAdopted() throws Exception {
    var source = files("1_i.sql", INDEX);
    try (var writer = writer()) {
      var first = MigrationRun.of(db.target(), source, options(), new Recorder());
      var end = start(first);
      db.await(BUILDING);
      first.cancel();
      assertThat(end.get(60, TimeUnit.SECONDS)).isInstanceOf(Result.Cancelled.class);
      db.await(BUILDING);
      var second = start(MigrationRun.of(db.target(), source, options(), new Recorder()));
      TimeUnit.MILLISECONDS.sleep(1500);
      assertThat(second).isNotDone();
      writer.rollback();
      assertThat(second.get(60, TimeUnit.SECONDS)).isInstanceOf(Result.Verified.class);
    }
    assertThat(db.query("SELECT attempts, phase FROM pawl.step")).containsExactly("1|Verified");
    assertOneValidIndex();
  }

  @Test
  void anInvalidIndexIsRebuiltInPlace() throws Exception {
    leaveInvalid(INDEX);
    var oid = db.query("SELECT 'i'::regclass::oid");
    assertThat(db.run("1_i.sql", INDEX)).isInstanceOf(Result.Verified.class);
    assertThat(db.query("SELECT message FROM pawl.step").getFirst())
        .startsWith("repaired: rebuilt the INVALID index");
    assertThat(db.query("SELECT 'i'::regclass::oid")).isNotEqualTo(oid);
    assertOneValidIndex();
  }

  @Test
  void anInvalidIndexOnOnlyThisTableIsNotTakenForDone() throws Exception {
    var only = INDEX.replace("ON t", "ON ONLY t");
    leaveInvalid(only);
    assertThat(db.run("1_i.sql", only)).isInstanceOf(Result.Verified.class);
    assertOneValidIndex();
  }

  @Test
  void anInvalidIndexOfAnotherDefinitionIsDroppedAndBuilt() throws Exception {
    leaveInvalid("CREATE INDEX CONCURRENTLY i ON t (b)");
    assertThat(db.run("1_i.sql", INDEX)).isInstanceOf(Result.Verified.class);
    assertThat(db.query("SELECT pg_get_indexdef('i'::regclass)").getFirst()).endsWith("(a)");
    assertOneValidIndex();
  }

  @Test
  void anInvalidIndexIsLeftAloneWhereThePolicySaysSo() throws Exception {
    leaveInvalid(INDEX);
    var fail =
        options(
            RunOptions.OutOfOrder.REFUSE,
            RunOptions.OnInvalid.FAIL,
            RunOptions.MissingVerifyFile.GENERATE);
    var result = MigrationRun.of(db.target(), files("1_i.sql", INDEX), fail, new Recorder()).run();
    assertThat(((Result.Failed) result).cause().reason()).isEqualTo("Invalid");
    assertThat(db.query("SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass"))
        .containsExactly("f");
  }

  @Test
  void aValidIndexOfAnotherDefinitionIsDifferent() throws Exception {
    for (var other :
        new String[] {
          "CREATE INDEX i ON t (b)",
          "CREATE UNIQUE INDEX i ON t (a)",
          "CREATE INDEX i ON t (a DESC)",
          "CREATE INDEX i ON t (a) WHERE a > 5",
          "CREATE INDEX i ON t USING hash (a)",
          "CREATE INDEX i ON t USING brin (a)",
          "CREATE INDEX i ON t (a) INCLUDE (b)",
          "CREATE TABLE other (a int); CREATE INDEX i ON other (a)",
        }) {
      db.execute("DROP INDEX IF EXISTS i", "DROP TABLE IF EXISTS other", other);
      var result = db.run("1_i.sql", INDEX);
      assertThat(result).as(other).isInstanceOf(Result.Failed.class);
      assertThat(((Result.Failed) result).cause().reason()).as(other).isEqualTo("Different");
    }
  }

  @Test
  void equalMeaningInOtherWordsIsValid() throws Exception {
    db.execute("CREATE INDEX i ON t (lower((b)::text) DESC, a) WHERE (((b)::text = 'x'::text))");
    var result =
        db.run(
            "1_i.sql", "CREATE INDEX CONCURRENTLY i ON public.t (lower(b) desc, a) where b = 'x'");
    assertThat(result).isInstanceOf(Result.Verified.class);
    assertThat(db.query("SELECT attempts FROM pawl.step")).containsExactly("0");
  }

  @Test
  void aUniqueBuildThatFindsDuplicatesLeavesNothingThatRejectsRows() throws Exception {
    db.execute("INSERT INTO t VALUES (5000, 1, 'x')");
    var unique = "CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)";
    var failed = (Result.Failed) db.run("1_i.sql", unique);
    assertThat(failed.cause().sqlstate()).contains("23505");
    assertThat(failed.cause().message()).contains("Key (a)=(1) is duplicated");
    assertThat(db.query("SELECT to_regclass('i')")).containsExactly("null");
    db.execute("INSERT INTO t VALUES (5001, 2, 'y')");
    db.execute("DELETE FROM t WHERE id >= 5000");
    assertThat(db.run("1_i.sql", unique)).isInstanceOf(Result.Verified.class);
    assertOneValidIndex();
  }

  @Test
  void aPersonsLongTransactionOnlyDelaysOrdinaryDdlAndHarmsNoBuilder() throws Exception {
    CompletableFuture<Throwable> build;
    CompletableFuture<Result> run;
    var heard = new Recorder();
    try (var writer = writer()) {
      build = build(INDEX);
      db.await("SELECT 1 FROM pg_class WHERE relname = 'i'");
      run =
          start(
              MigrationRun.of(
                  db.target(),
                  files("1_c.sql", "ALTER TABLE t ADD COLUMN z int;"),
                  options(),
                  heard));
      heard.awaitCause("LockTimeout");
      TimeUnit.MILLISECONDS.sleep(1500); // longer than deadlock_timeout
      assertThat(run).isNotDone();
    }
    assertThat(build.get(60, TimeUnit.SECONDS)).as("the builder's error").isNull();
    assertThat(run.get(60, TimeUnit.SECONDS)).isInstanceOf(Result.Verified.class);
  }

  @Test
  void dropAndReindexConcurrently() throws Exception {
    db.execute("CREATE INDEX i ON t (a)", "CREATE INDEX gone ON t (b)");
    var file = db.query("SELECT relfilenode FROM pg_class WHERE relname = 'i'");
    var result =
        db.run(
            "1_r.sql", "REINDEX INDEX CONCURRENTLY i;", "2_d.sql", "DROP INDEX CONCURRENTLY gone;");
    assertThat(result).isInstanceOf(Result.Verified.class);
    assertThat(db.query("SELECT relfilenode FROM pg_class WHERE relname = 'i'")).isNotEqualTo(file);
    assertThat(db.query("SELECT to_regclass('gone')")).containsExactly("null");
    assertThat(db.query("SELECT attempts FROM pawl.step ORDER BY version"))
        .containsExactly("1", "1");
  }

  @Test
  void vacuumRunsOutsideATransaction() throws Exception {
    assertThat(db.run("1_v.sql", "VACUUM (ANALYZE) t;")).isInstanceOf(Result.Verified.class);
  }

  @Test
  void aMaterializedViewHasItsIndexBuilt() throws Exception {
    db.execute("CREATE MATERIALIZED VIEW v AS SELECT * FROM t");
    assertThat(db.run("1_i.sql", "CREATE UNIQUE INDEX CONCURRENTLY vi ON v (id)"))
        .isInstanceOf(Result.Verified.class);
  }

  @Test
  void columnsMayBeQualifiedByTheirTable() throws Exception {
    assertThat(db.run("1_i.sql", "CREATE INDEX CONCURRENTLY i ON t (lower(t.b)) WHERE t.a > 5"))
        .isInstanceOf(Result.Verified.class);
  }

  @Test
  void namesAreCutAsTheServerCutsThem() throws Exception {
    var name = "Ü" + "x".repeat(61) + "äy";
    assertThat(db.run("1_i.sql", "CREATE INDEX CONCURRENTLY \"" + name + "\" ON t (a)"))
        .isInstanceOf(Result.Verified.class);
    assertThat(
            db.run(
                "1_i.sql",
                "CREATE INDEX CONCURRENTLY \"" + name + "\" ON t (a)",
                "2_c.sql",
                "ALTER TABLE t ADD COLUMN IF NOT EXISTS \"" + name + "\" int",
                "3_c.sql",
                "ALTER TABLE t ADD COLUMN IF NOT EXISTS \"" + name + "\" int"))
        .isInstanceOf(Result.Verified.class);
  }

  @Test
  void anUnnamedIndexIsRefusedForItCouldNotBeFoundAgain() throws Exception {
    var refused = (Result.Refused) db.run("1_i.sql", "CREATE INDEX CONCURRENTLY ON t (a)");
    assertThat(refused.cause().message()).startsWith("1_i.sql:1:1").contains("name");
  }

  @Test
  void aPartitionIsDetachedAlsoAfterAnInterruption() throws Exception {
    db.execute(
        "CREATE TABLE p (a int) PARTITION BY RANGE (a)",
        "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10)",
        "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20)");
    try (var reader = db.connect();
        var person = db.connect()) {
      reader.setAutoCommit(false);
      reader.createStatement().execute("SELECT * FROM p");
      person.createStatement().execute("SET lock_timeout = '300ms'");
      try {
        person.createStatement().execute("ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY");
      } catch (java.sql.SQLException e) {
        assertThat(e.getSQLState()).isEqualTo("55P03");
      }
    }
    assertThat(
            db.run(
                "1_d.sql", "ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY;",
                "2_d.sql", "ALTER TABLE p DETACH PARTITION p2 CONCURRENTLY;"))
        .isInstanceOf(Result.Verified.class);
    assertThat(db.query("SELECT count(*) FROM pg_inherits WHERE inhparent = 'p'::regclass"))
        .containsExactly("0");
    assertThat(db.query("SELECT message FROM pawl.step WHERE version = '1'").getFirst())
        .startsWith("repaired: finalized");
  }

  @Test
  void anInterruptedDropIsDoneAgain() throws Exception {
    db.execute("CREATE INDEX i ON t (a)");
    try (var writer = writer();
        var person = db.connect()) {
      person.createStatement().execute("SET lock_timeout = '300ms'");
      try {
        person.createStatement().execute("DROP INDEX CONCURRENTLY i");
      } catch (java.sql.SQLException e) {
        assertThat(e.getSQLState()).isEqualTo("55P03");
      }
    }
    assertThat(db.run("1_d.sql", "DROP INDEX CONCURRENTLY i")).isInstanceOf(Result.Verified.class);
    assertThat(db.query("SELECT to_regclass('i')")).containsExactly("null");
  }
}
