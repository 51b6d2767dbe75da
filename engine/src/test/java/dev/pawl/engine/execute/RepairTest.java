package dev.pawl.engine.execute;

import static dev.pawl.engine.testing.TestDatabase.files;
import static dev.pawl.engine.testing.TestDatabase.options;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.testing.Clients;
import dev.pawl.engine.testing.Recorder;
import dev.pawl.engine.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What an interrupted statement leaves behind is mended, also when the mending is interrupted, and
 * never while somebody else is at work on the table; on a real PostgreSQL.
 */
@Timeout(240)
@Tag(TestDatabase.SESSION)
class RepairTest {
  private static final String INDEX = "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a)";
  private static final String REINDEX = "REINDEX INDEX CONCURRENTLY i";
  private static final String DETACH = "ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY";
  private static final String INDEXES =
      "SELECT c.relname, indisvalid FROM pg_index JOIN pg_class c ON c.oid = indexrelid"
          + " WHERE indrelid = 't'::regclass AND NOT indisprimary ORDER BY 1";

  /** Ends the backend of the step, and waits for its end for a minute at most. */
  private static final String KILL = "SELECT pg_terminate_backend(job::int, 60000) FROM pawl.step";

  private TestDatabase db;

  @BeforeEach
  void tables() throws Exception {
    db = TestDatabase.fresh();
    db.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a int, b int)",
        "INSERT INTO t SELECT g, g, g FROM generate_series(1, 2000) g",
        "CREATE TABLE p (a int) PARTITION BY RANGE (a)",
        "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10)",
        "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20)");
  }

  /** Holds up every build on the table until it is closed. */
  private Connection writer() throws SQLException {
    return Clients.open(db, "UPDATE t SET a = a WHERE id = 1");
  }

  private MigrationRun run(String sql, Recorder heard) {
    return MigrationRun.of(db.target(), files("1_x.sql", sql), options(), heard);
  }

  /** A statement of somebody else that is cut while a writer holds it up. */
  private void cut(String sql) throws Exception {
    try (var writer = writer()) {
      var error = Clients.execute(db, "SET lock_timeout = '400ms'", sql).get();
      assertThat(((SQLException) error).getSQLState()).isEqualTo("55P03");
    }
  }

  @Test
  void aRepairThatIsKilledIsBegunAnew() throws Exception {
    cut(INDEX);
    CompletableFuture<Result> run;
    var heard = new Recorder();
    try (var writer = writer()) {
      run = Clients.start(run(INDEX, heard));
      db.await("SELECT 1 FROM pg_class WHERE relname = 'i_ccnew'");
      assertThat(db.query(KILL)).containsExactly("t");
      db.await("SELECT 1 FROM pawl.step WHERE attempts = 2");
    }
    assertThat(run.get(60, TimeUnit.SECONDS)).isInstanceOf(Result.Verified.class);
    assertThat(db.query(INDEXES)).containsExactly("i|t");
    assertThat(heard.messages("1#1")).anyMatch(m -> m.startsWith("repaired: rebuilt the INVALID"));
  }

  @Test
  void aBuildWhoseBackendIsKilledIsMendedByTheSameRun() throws Exception {
    CompletableFuture<Result> run;
    try (var writer = writer()) {
      run = Clients.start(run(INDEX, new Recorder()));
      db.await("SELECT 1 FROM pg_class WHERE relname = 'i'");
      db.query(KILL);
    }
    assertThat(run.get(60, TimeUnit.SECONDS)).isInstanceOf(Result.Verified.class);
    assertThat(db.query(INDEXES)).containsExactly("i|t");
  }

  @Test
  void aRepairThatFindsDuplicatesLeavesNothingThatRejectsRows() throws Exception {
    db.execute("INSERT INTO t VALUES (5000, 1, 1)");
    var unique = "CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)";
    cut(unique);
    var failed = (Result.Failed) db.run("1_x.sql", unique);
    assertThat(failed.cause().sqlstate()).contains("23505");
    assertThat(db.query(INDEXES)).isEmpty();
    assertThat(db.query("SELECT attempts FROM pawl.step")).containsExactly("1");
  }

  @Test
  void theLeftoverOfAFailedBuildIsDroppedAlsoBesideALongTransaction() throws Exception {
    db.execute("INSERT INTO t VALUES (5000, 1, 1)");
    CompletableFuture<Result> run;
    try (var reader = Clients.open(db, "SELECT * FROM t")) { // a build does not wait for it
      run = Clients.start(run("CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)", new Recorder()));
      TimeUnit.MILLISECONDS.sleep(2500);
      assertThat(run).isNotDone();
    }
    var failed = (Result.Failed) run.get(60, TimeUnit.SECONDS);
    assertThat(failed.cause().sqlstate()).contains("23505");
    assertThat(db.query(INDEXES)).isEmpty();
    assertThat(db.query("SELECT attempts FROM pawl.step")).containsExactly("1");
  }

  @Test
  void theLeftoversOfAnInterruptedReindexAreDroppedAndItIsDoneAgain() throws Exception {
    db.execute("CREATE INDEX i ON t (a)");
    var file = db.query("SELECT relfilenode FROM pg_class WHERE relname = 'i'");
    cut(REINDEX);
    cut(REINDEX);
    assertThat(db.query(INDEXES)).containsExactly("i|t", "i_ccnew|f", "i_ccnew1|f");
    assertThat(db.run("1_x.sql", REINDEX)).isInstanceOf(Result.Verified.class);
    assertThat(db.query("SELECT relfilenode FROM pg_class WHERE relname = 'i'")).isNotEqualTo(file);
    assertThat(db.query(INDEXES)).containsExactly("i|t");
  }

  @Test
  void theLeftoverOfALongNameIsKnownToo() throws Exception {
    var name = "n".repeat(62);
    db.execute("CREATE INDEX " + name + " ON t (a)");
    cut("REINDEX INDEX CONCURRENTLY " + name);
    assertThat(db.query(INDEXES)).hasSize(2);
    assertThat(db.run("1_x.sql", "REINDEX INDEX CONCURRENTLY " + name))
        .isInstanceOf(Result.Verified.class);
    assertThat(db.query(INDEXES)).containsExactly(name + "|t");
  }

  @Test
  void aLeftoverIsNotDroppedWhileSomebodyWorksOnTheTable() throws Exception {
    db.execute("CREATE INDEX i ON t (a)");
    cut(REINDEX);
    CompletableFuture<Exception> person;
    CompletableFuture<Result> run;
    try (var writer = writer()) {
      person = Clients.execute(db, "CREATE INDEX CONCURRENTLY other ON t (b)");
      db.await("SELECT 1 FROM pg_class WHERE relname = 'other'");
      run = Clients.start(run(REINDEX, new Recorder()));
      TimeUnit.MILLISECONDS.sleep(1600);
      assertThat(run).isNotDone();
      assertThat(db.query(INDEXES)).containsExactly("i|t", "i_ccnew|f", "other|f");
    }
    assertThat(person.get(60, TimeUnit.SECONDS)).as("the person's error").isNull();
    assertThat(run.get(60, TimeUnit.SECONDS)).isInstanceOf(Result.Verified.class);
    assertThat(db.query(INDEXES)).containsExactly("i|t", "other|t");
  }

  @Test
  void anInvalidIndexIsNotTouchedWhileAPersonBuildsOnTheTable() throws Exception {
    cut("CREATE INDEX CONCURRENTLY i ON t (b)"); // of another definition: it is to be dropped
    CompletableFuture<Exception> person;
    CompletableFuture<Result> run;
    var heard = new Recorder();
    try (var writer = writer()) {
      person = Clients.execute(db, "CREATE INDEX CONCURRENTLY other ON t (b)");
      db.await("SELECT 1 FROM pg_class WHERE relname = 'other'");
      run = Clients.start(run(INDEX, heard));
      heard.awaitMessage("1#1", m -> m.startsWith("following: backend"));
      TimeUnit.MILLISECONDS.sleep(1600);
      assertThat(db.query(INDEXES)).containsExactly("i|f", "other|f");
    }
    assertThat(person.get(60, TimeUnit.SECONDS)).as("the person's error").isNull();
    assertThat(run.get(60, TimeUnit.SECONDS)).isInstanceOf(Result.Verified.class);
    assertThat(db.query(INDEXES)).containsExactly("i|t", "other|t");
    assertThat(db.query("SELECT pg_get_indexdef('i'::regclass)").getFirst()).endsWith("(a)");
  }

  @Test
  void aDropWhoseBackendIsKilledIsDoneAgain() throws Exception {
    db.execute("CREATE INDEX i ON t (a)");
    CompletableFuture<Result> run;
    try (var writer = writer()) {
      run = Clients.start(run("DROP INDEX CONCURRENTLY i", new Recorder()));
      db.await("SELECT 1 FROM pg_index WHERE indexrelid = 'i'::regclass AND NOT indisvalid");
      db.query(KILL);
    }
    assertThat(run.get(60, TimeUnit.SECONDS)).isInstanceOf(Result.Verified.class);
    assertThat(db.query(INDEXES)).isEmpty();
  }

  @Test
  void aPersonsDetachThatStillWaitsIsFollowedAndNotFinalised() throws Exception {
    CompletableFuture<Exception> person;
    CompletableFuture<Result> run;
    var heard = new Recorder();
    try (var reader = Clients.open(db, "SELECT * FROM p")) {
      person = Clients.execute(db, DETACH);
      db.await("SELECT 1 FROM pg_inherits WHERE inhdetachpending");
      assertThat(
              db.query(
                  "SELECT 1 FROM pg_locks WHERE relation = 'p'::regclass AND mode ="
                      + " 'ShareUpdateExclusiveLock'"))
          .as("no lock tells that it is at work")
          .isEmpty();
      run = Clients.start(run(DETACH, heard));
      heard.awaitMessage("1#1", m -> m.contains("waits for older transactions"));
      TimeUnit.MILLISECONDS.sleep(1600);
      assertThat(run).isNotDone();
      assertThat(person).isNotDone();
    }
    assertThat(person.get(60, TimeUnit.SECONDS)).as("the person's error").isNull();
    assertThat(run.get(60, TimeUnit.SECONDS)).isInstanceOf(Result.Verified.class);
    assertThat(db.query("SELECT attempts FROM pawl.step")).containsExactly("0");
  }

  @Test
  void aDetachWhoseBackendIsKilledIsFinalised() throws Exception {
    CompletableFuture<Result> run;
    var heard = new Recorder();
    try (var reader = Clients.open(db, "SELECT * FROM p")) {
      run = Clients.start(run(DETACH, heard));
      db.await("SELECT 1 FROM pg_inherits WHERE inhdetachpending");
      assertThat(db.query(KILL)).containsExactly("t");
    }
    assertThat(run.get(60, TimeUnit.SECONDS)).isInstanceOf(Result.Verified.class);
    assertThat(db.query("SELECT 1 FROM pg_inherits WHERE inhrelid = 'p1'::regclass")).isEmpty();
    assertThat(heard.messages("1#1")).anyMatch(m -> m.startsWith("repaired: finalized"));
  }

  @Test
  void anIndexOnOnlyTheParentIsWholeWhenThoseOfItsPartitionsAreAttached() throws Exception {
    var whole = "CREATE INDEX IF NOT EXISTS pi ON p (a)";
    var only = "CREATE INDEX pi ON ONLY p (a)";
    assertThat(db.run("1_i.sql", only)).isInstanceOf(Result.Verified.class);
    var early = (Result.Failed) db.run("1_i.sql", only, "2_i.sql", whole);
    assertThat(early.cause().reason()).isEqualTo("Different");
    assertThat(early.cause().message()).contains("without a valid one: p1, p2");
    db.execute("DELETE FROM pawl.step WHERE version = '2'");
    assertThat(
            db.run(
                "1_i.sql", only,
                "2_i.sql", "CREATE INDEX CONCURRENTLY pi1 ON p1 (a)",
                "3_i.sql", "CREATE INDEX CONCURRENTLY pi2 ON p2 (a)",
                "4_a.sql",
                    "ALTER INDEX pi ATTACH PARTITION pi1; ALTER INDEX pi ATTACH PARTITION pi2",
                "5_i.sql", whole))
        .isInstanceOf(Result.Verified.class);
    assertThat(db.query("SELECT indisvalid FROM pg_index WHERE indexrelid = 'pi'::regclass"))
        .containsExactly("t");
  }

  @Test
  void aVacuumWhoseBackendIsKilledIsRunAgain() throws Exception {
    db.execute("ALTER TABLE t SET (autovacuum_enabled = off)");
    CompletableFuture<Result> run;
    try (var holder = Clients.open(db, "ALTER INDEX t_pkey SET TABLESPACE pg_default")) {
      run = Clients.start(run("VACUUM t", new Recorder()));
      db.await("SELECT 1 FROM pg_locks WHERE relation = 't_pkey'::regclass AND NOT granted");
      db.query(KILL);
    }
    assertThat(run.get(60, TimeUnit.SECONDS)).isInstanceOf(Result.Verified.class);
    assertThat(db.query("SELECT attempts FROM pawl.step")).containsExactly("2");
  }

  @Test
  void whatIsNotEnforcedIsThereAndNeverValidated() throws Exception {
    if (Integer.parseInt(db.query("SHOW server_version_num").getFirst()) < 180000) {
      var failed =
          (Result.Failed) db.run("1_c.sql", "ALTER TABLE t ADD CHECK (a < 0) NOT ENFORCED");
      assertThat(failed.cause().sqlstate()).contains("42601"); // of PostgreSQL 18
      return;
    }
    var add = "ALTER TABLE t ADD CONSTRAINT c CHECK (a < 0) NOT ENFORCED";
    assertThat(db.run("1_c.sql", add)).isInstanceOf(Result.Verified.class);
    assertThat(Verifier.verify(db.target(), files("1_c.sql", add), "test").findings()).isEmpty();
    var failed =
        (Result.Failed) db.run("1_c.sql", add, "2_v.sql", "ALTER TABLE t VALIDATE CONSTRAINT c");
    assertThat(failed.cause().sqlstate()).contains("55000");
  }
}
