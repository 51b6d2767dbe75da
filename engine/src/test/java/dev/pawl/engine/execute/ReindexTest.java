package dev.pawl.engine.execute;

import static dev.pawl.engine.testing.TestDatabase.files;
import static dev.pawl.engine.testing.TestDatabase.options;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.testing.Recorder;
import dev.pawl.engine.testing.TestDatabase;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** REINDEX CONCURRENTLY of what it skips, of partitions, beside builds; on a real PostgreSQL. */
@Tag(TestDatabase.SESSION)
@Timeout(240)
class ReindexTest {
  private TestDatabase db;

  @BeforeEach
  void database() throws Exception {
    db = TestDatabase.fresh();
  }

  private void assertDoneByOneStatement() throws Exception {
    assertThat(db.query("SELECT phase, attempts FROM pawl.step")).containsExactly("Verified|1");
  }

  @Test
  void aTableWithoutIndexesIsDoneOnce() throws Exception {
    db.execute("CREATE TABLE bare (a int)");
    assertThat(db.run("1_r.sql", "REINDEX TABLE CONCURRENTLY bare;"))
        .isInstanceOf(Result.Verified.class);
    assertDoneByOneStatement();
  }

  @Test
  void whatItSkipsIsNotWaitedFor() throws Exception {
    db.execute("CREATE TABLE r (id int PRIMARY KEY, r int4range, EXCLUDE USING gist (r WITH &&))");
    assertThat(db.run("1_r.sql", "REINDEX TABLE CONCURRENTLY r;"))
        .isInstanceOf(Result.Verified.class);
    assertDoneByOneStatement();
  }

  @Test
  void thePartitionsOfATableAreDoneOnce() throws Exception {
    db.execute(
        "CREATE TABLE p (a int) PARTITION BY RANGE (a)",
        "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10)",
        "CREATE INDEX p_a ON p (a)");
    var file = db.query("SELECT relfilenode FROM pg_class WHERE relname = 'p1_a_idx'");
    assertThat(db.run("1_r.sql", "REINDEX TABLE CONCURRENTLY p;", "2_r.sql", "SELECT 1"))
        .isInstanceOf(Result.Verified.class);
    assertThat(db.query("SELECT phase, attempts FROM pawl.step WHERE version = '1'"))
        .containsExactly("Verified|1");
    assertThat(db.query("SELECT relfilenode FROM pg_class WHERE relname = 'p1_a_idx'"))
        .isNotEqualTo(file);
    assertThat(
            db.run(
                "1_r.sql",
                "REINDEX TABLE CONCURRENTLY p;",
                "2_r.sql",
                "SELECT 1",
                "3_i.sql",
                "REINDEX INDEX CONCURRENTLY p_a;"))
        .isInstanceOf(Result.Verified.class);
    assertThat(db.query("SELECT phase, attempts FROM pawl.step WHERE version = '3'"))
        .containsExactly("Verified|1");
  }

  @Test
  void aValidIndexWithTheNameOfALeftoverIsNotDropped() throws Exception {
    db.execute(
        "CREATE TABLE t (a int)", "CREATE INDEX i ON t (a)", "CREATE INDEX i_ccnew ON t (a)");
    assertThat(db.run("1_r.sql", "REINDEX INDEX CONCURRENTLY i;"))
        .isInstanceOf(Result.Verified.class);
    assertThat(db.query("SELECT to_regclass('i_ccnew')")).containsExactly("i_ccnew");
    assertDoneByOneStatement();
  }

  @Test
  void anotherSessionsBuildOnTheTableIsNotHarmed() throws Exception {
    db.execute(
        "CREATE TABLE t (a int, b int)", "CREATE INDEX i ON t (a)", "INSERT INTO t VALUES (1, 1)");
    var built = new CompletableFuture<Throwable>();
    var run = new CompletableFuture<Result>();
    try (var writer = db.connect()) {
      writer.setAutoCommit(false);
      writer.createStatement().execute("UPDATE t SET a = 2");
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  db.execute("CREATE INDEX CONCURRENTLY other ON t (b)");
                  built.complete(null);
                } catch (Exception e) {
                  built.complete(e);
                }
              });
      db.await("SELECT 1 FROM pg_class WHERE relname = 'other'");
      var source = files("1_r.sql", "REINDEX INDEX CONCURRENTLY i;");
      Thread.ofVirtual()
          .start(
              () ->
                  run.complete(
                      MigrationRun.of(db.target(), source, options(), new Recorder()).run()));
      TimeUnit.MILLISECONDS.sleep(3500);
      assertThat(run).isNotDone();
    }
    assertThat(built.get(60, TimeUnit.SECONDS)).as("the builder's error").isNull();
    assertThat(run.get(60, TimeUnit.SECONDS)).isInstanceOf(Result.Verified.class);
  }
}
