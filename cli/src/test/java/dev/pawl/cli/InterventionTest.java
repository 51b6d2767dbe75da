package dev.pawl.cli;

import static dev.pawl.engine.testing.TestDatabase.files;
import static dev.pawl.engine.testing.TestDatabase.options;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.execute.MigrationRun;
import dev.pawl.engine.execute.Result;
import dev.pawl.engine.plan.SourceFile;
import dev.pawl.engine.testing.Recorder;
import dev.pawl.engine.testing.TestDatabase;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** unlock and cancel, as a person uses them while a run is at work; on a real PostgreSQL. */
class InterventionTest {
  private static final List<SourceFile> BUILD =
      files("0001_i.sql", "CREATE INDEX CONCURRENTLY i ON t (slow(a));");
  private static final List<SourceFile> TRANSACTION =
      files("0001_t.sql", "UPDATE t SET a = 0 FROM pg_sleep(pause());");
  private static final String AT_WORK =
      "SELECT 1 FROM pg_stat_activity WHERE application_name = 'pawl' AND state = 'active'"
          + " AND (query LIKE 'CREATE INDEX%' OR query LIKE 'UPDATE t%')";

  private TestDatabase db;
  private String out;
  private String err;

  @BeforeEach
  void table() throws Exception {
    db = TestDatabase.fresh();
    db.execute(
        "CREATE TABLE t (a int)",
        "INSERT INTO t SELECT generate_series(1, 600)",
        "CREATE FUNCTION pause() RETURNS float IMMUTABLE LANGUAGE sql AS 'SELECT 120.0'",
        """
        CREATE FUNCTION slow(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS
        'BEGIN PERFORM pg_sleep(0.05); RETURN $1; END'
        """);
  }

  private void quicken() throws Exception {
    db.execute(
        "CREATE OR REPLACE FUNCTION slow(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1'",
        "CREATE OR REPLACE FUNCTION pause() RETURNS float IMMUTABLE LANGUAGE sql AS 'SELECT 0.0'");
  }

  private int pawl(String... words) {
    var target = db.target();
    var all = new ArrayList<>(List.of(words));
    all.addAll(
        List.of(
            "--url",
            "postgres://postgres@localhost:" + target.port() + "/" + target.database(),
            "--by",
            "ann"));
    var ran = Ran.pawl(all.toArray(String[]::new));
    out = ran.out();
    err = ran.err();
    return ran.code();
  }

  private CompletableFuture<Result> start(List<SourceFile> source) {
    var end = new CompletableFuture<Result>();
    var run = MigrationRun.of(db.target(), source, options(), new Recorder());
    Thread.ofVirtual().start(() -> end.complete(run.run()));
    return end;
  }

  private CompletableFuture<Result> startAndAwaitWork(List<SourceFile> source) throws Exception {
    var run = start(source);
    db.await(AT_WORK);
    return run;
  }

  private static Result end(CompletableFuture<Result> run) throws Exception {
    return run.get(60, TimeUnit.SECONDS);
  }

  private Connection writer() throws Exception {
    var connection = db.connect();
    connection.setAutoCommit(false);
    connection.createStatement().execute("UPDATE t SET a = a WHERE a = 1");
    return connection;
  }

  private String epoch() throws Exception {
    return db.query("SELECT epoch FROM pawl.lease").getFirst();
  }

  @Test
  void unlockShowsALiveHolderAndWhoHoldsItUpAndLeavesItAlone() throws Exception {
    quicken();
    CompletableFuture<Result> run;
    try (var writer = writer()) {
      run = startAndAwaitWork(BUILD);
      db.await("SELECT 1 FROM pg_stat_progress_create_index WHERE lockers_total > 0");
      var epoch = epoch();
      assertThat(pawl("unlock", "--stream", "test", "--yes")).isEqualTo(1);
      assertThat(out)
          .contains("holder     holder-", ", since 20", "epoch      " + epoch)
          .contains("heartbeat  alive")
          .contains("step       1#1 (0001_i.sql) is Applying")
          .contains("active since", "CREATE INDEX CONCURRENTLY i ON t (slow(a))")
          .containsPattern("blocked    backend \\d+ is held up by backend \\d+ \\(postgres")
          .contains("idle in transaction since", "UPDATE t SET a = a WHERE a = 1")
          .contains("nothing was done, for the holder is alive");
      assertThat(epoch()).isEqualTo(epoch);
      assertThat(run).isNotDone();
    }
    assertThat(end(run)).isInstanceOf(Result.Verified.class);
  }

  @Test
  void unlockByForceRollsBackTheTransactionOfALiveHolder() throws Exception {
    var run = startAndAwaitWork(TRANSACTION);
    var epoch = epoch();
    assertThat(pawl("unlock", "--stream", "test", "--force")).as("without --yes").isEqualTo(1);
    assertThat(out).contains("nothing was done: add --yes");
    assertThat(epoch()).isEqualTo(epoch);

    assertThat(pawl("unlock", "--stream", "test", "--force", "--yes")).as(out + err).isZero();
    assertThat(out).contains("is taken away from holder-", "(epoch " + epoch + ", now ");
    assertThat(Long.parseLong(epoch())).isGreaterThan(Long.parseLong(epoch));
    assertThat(end(run)).isNotInstanceOf(Result.Verified.class);
    assertThat(db.query("SELECT count(*) FROM t WHERE a = 0")).containsExactly("0");
    assertThat(db.query("SELECT phase FROM pawl.step")).containsExactly("Pending");

    quicken();
    assertThat(end(start(TRANSACTION))).isInstanceOf(Result.Verified.class);
    assertThat(pawl("unlock", "--stream", "test", "--yes")).isZero();
    assertThat(out).contains("the lease was given back", "nothing is locked");
  }

  @Test
  void unlockByForceLetsABuildGoOnToBeFollowed() throws Exception {
    var run = startAndAwaitWork(BUILD);
    db.await("SELECT 1 FROM pg_class WHERE relname = 'i'");
    var oid = db.query("SELECT 'i'::regclass::oid").getFirst();
    assertThat(pawl("unlock", "--stream", "test", "--force", "--yes")).as(out + err).isZero();
    assertThat(out).contains("goes on, and the next run follows it: backend ");
    assertThat(end(run)).isNotInstanceOf(Result.Verified.class);

    assertThat(start(BUILD).get(60, TimeUnit.SECONDS)).isInstanceOf(Result.Verified.class);
    assertThat(db.query("SELECT 'i'::regclass::oid")).as("the same").containsExactly(oid);
    assertThat(db.query("SELECT attempts FROM pawl.step")).containsExactly("1");
  }

  @Test
  void cancelEndsABuildAndLeavesNothingOfIt() throws Exception {
    var run = startAndAwaitWork(BUILD);
    db.await("SELECT 1 FROM pg_class WHERE relname = 'i'");
    assertThat(pawl("cancel", "--stream", "test")).as("without --yes").isEqualTo(1);
    assertThat(run).isNotDone();

    assertThat(pawl("cancel", "--stream", "test", "--yes")).as(out + err).isZero();
    assertThat(out).contains("cancelled: backend ", "step 1#1 is Failed");
    assertThat(end(run)).isNotInstanceOf(Result.Verified.class);
    assertThat(db.query("SELECT to_regclass('i')")).containsExactly("null");
    assertThat(db.query("SELECT phase, sqlstate, message FROM pawl.step").getFirst())
        .startsWith("Failed|57014|cancelled at 20")
        .contains("by pawl cancel by ann");

    quicken();
    assertThat(end(start(BUILD))).isInstanceOf(Result.Verified.class);
    assertThat(db.query("SELECT attempts FROM pawl.step")).containsExactly("2");
  }

  @Test
  void cancelRollsATransactionBack() throws Exception {
    var run = startAndAwaitWork(TRANSACTION);
    assertThat(pawl("cancel", "--stream", "test", "--yes", "-o", "json")).as(err).isZero();
    assertThat(out).contains("\"done\" : true", "cancelled: backend ");
    assertThat(end(run)).isNotInstanceOf(Result.Verified.class);
    assertThat(db.query("SELECT count(*) FROM t WHERE a = 0")).containsExactly("0");
    assertThat(db.query("SELECT phase FROM pawl.step")).containsExactly("Pending");

    quicken();
    assertThat(end(start(TRANSACTION))).isInstanceOf(Result.Verified.class);
  }

  @Test
  void cancelWhereNothingRunsSaysSo() throws Exception {
    quicken();
    assertThat(end(start(BUILD))).isInstanceOf(Result.Verified.class);
    assertThat(pawl("cancel", "--stream", "test", "--yes")).isZero();
    assertThat(out).contains("nothing runs for stream test");
    assertThat(db.query("SELECT phase FROM pawl.step")).containsExactly("Verified");
  }

  @Test
  void aStreamThatIsNotThereIsAUsageErrorThatNamesThoseThatAre() throws Exception {
    assertThat(pawl("unlock")).isEqualTo(2);
    assertThat(err).contains("stream default is not in the ledger", "which has none");
    quicken();
    assertThat(end(start(BUILD))).isInstanceOf(Result.Verified.class);
    assertThat(pawl("unlock")).isEqualTo(2);
    assertThat(err).contains("which has test: name one with --stream");
  }

  @Test
  void aRunThatWaitsForTheLeaseSaysWhoHasItSinceWhenAndHowToTakeOver() throws Exception {
    var first = startAndAwaitWork(TRANSACTION);
    var heard = new Recorder();
    var second = MigrationRun.of(db.target(), TRANSACTION, options(), heard);
    Thread.ofVirtual().start(second::run);
    heard.awaitCause("LeaseHeld");
    second.cancel();
    assertThat(heard.causes().getFirst().message())
        .contains(
            "holder-", " is applying stream test of ", " since 20", "its lease ends by itself")
        .contains("pawl unlock --stream test");
    assertThat(pawl("cancel", "--stream", "test", "--yes")).isZero();
    end(first);
  }
}
