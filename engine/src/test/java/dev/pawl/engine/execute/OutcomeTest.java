package dev.pawl.engine.execute;

import static dev.pawl.engine.testing.TestDatabase.files;
import static dev.pawl.engine.testing.TestDatabase.options;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.testing.Recorder;
import dev.pawl.engine.testing.TestDatabase;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Statements whose outcome the catalog does not show, and answers that never come. */
@Timeout(240)
class OutcomeTest {
  private static final String CALL = "-- pawl: verify none because it counts\nCALL p();";
  private TestDatabase db;

  @BeforeEach
  void database() throws Exception {
    db = TestDatabase.fresh();
  }

  private void loseTheAnswerOfTheCall() throws Exception {
    db.hold();
    db.execute(
        "CREATE TABLE n (a int)",
        "CREATE PROCEDURE p() LANGUAGE plpgsql AS $$BEGIN INSERT INTO n VALUES (1); COMMIT;"
            + " PERFORM held(); END$$");
    var run = MigrationRun.of(db.target(), files("1_c.sql", CALL), options(), new Recorder());
    var end = new CompletableFuture<Result>();
    Thread.ofVirtual().start(() -> end.complete(run.run()));
    db.awaitHeld();
    run.cancel();
    assertThat(end.get(60, TimeUnit.SECONDS)).isInstanceOf(Result.Cancelled.class);
    db.release();
    db.await(
        "SELECT 1 WHERE NOT EXISTS (SELECT FROM pg_stat_activity WHERE state = 'active'"
            + " AND query LIKE '%CALL p()%' AND pid <> pg_backend_pid())");
  }

  @Test
  @Tag(TestDatabase.SESSION)
  void anUnknownOutcomeStaysUnknownHoweverOftenItIsTried() throws Exception {
    loseTheAnswerOfTheCall();
    for (int tries = 0; tries < 3; tries++) {
      var failed = (Result.Failed) db.run("1_c.sql", CALL);
      assertThat(failed.cause().reason()).isEqualTo("OutcomeUnknown");
      assertThat(failed.human()).isTrue();
      assertThat(db.query("SELECT count(*) FROM n")).containsExactly("1");
    }
    var changed = db.run("1_c.sql", CALL.replace("p()", "q()"));
    assertThat(((Result.Refused) changed).cause().reason()).isEqualTo("Changed");
  }

  @Test
  @Tag(TestDatabase.SESSION)
  void anUnknownOutcomeSurvivesAnErrorOnTheWay() throws Exception {
    loseTheAnswerOfTheCall();
    // The next run meets an error before it can look.
    var wrong = "SET work_mem = 'rubbish';\n" + CALL;
    db.execute("DELETE FROM pawl.step");
    assertThat(db.run("1_c.sql", wrong)).isInstanceOf(Result.Failed.class);
    db.execute("UPDATE pawl.step SET phase = 'Applying'");
    assertThat(db.run("1_c.sql", wrong)).isInstanceOf(Result.Failed.class);
    assertThat(db.query("SELECT phase FROM pawl.step")).containsExactly("Applying");
  }

  @Test
  void whatWasBegunOnItsOwnIsNotRepeatedInATransaction() throws Exception {
    assertThat(db.run("1_c.sql", "SELECT 1/0")).isInstanceOf(Result.Failed.class);
    db.execute("UPDATE pawl.step SET phase = 'Applying', kind = 'autocommit'");
    var failed = (Result.Failed) db.run("1_c.sql", "SELECT 1/0");
    assertThat(failed.cause().reason()).isEqualTo("OutcomeUnknown");
  }

  @Test
  @Tag(TestDatabase.SESSION)
  void aPersonWhoFindsItDoneSaysSo() throws Exception {
    loseTheAnswerOfTheCall();
    assertThat(db.run("1_c.sql", CALL)).isInstanceOf(Result.Failed.class);
    db.execute("UPDATE pawl.step SET phase = 'Applied'");
    assertThat(db.run("1_c.sql", CALL)).isInstanceOf(Result.Verified.class);
    assertThat(db.query("SELECT count(*) FROM n")).containsExactly("1");
  }

  @Test
  @Tag(TestDatabase.SESSION)
  void aPersonWhoFindsItUndoneSaysSo() throws Exception {
    loseTheAnswerOfTheCall();
    assertThat(db.run("1_c.sql", CALL)).isInstanceOf(Result.Failed.class);
    db.execute("UPDATE pawl.step SET phase = 'Pending'");
    assertThat(db.run("1_c.sql", CALL)).isInstanceOf(Result.Verified.class);
    assertThat(db.query("SELECT count(*) FROM n")).containsExactly("2");
  }

  @Test
  @Tag(TestDatabase.SESSION)
  void theDatabasesOwnRefusalIsPassedOn() throws Exception {
    var failed = (Result.Failed) db.run("1_d.sql", "CREATE DATABASE postgres;");
    assertThat(failed.cause().sqlstate()).contains("42P04");
    assertThat(failed.cause().message()).contains("\"postgres\" already exists");
  }

  @Test
  @Tag(TestDatabase.SESSION)
  void aPredicateThatStaysFalseEndsTheRunInTime() throws Exception {
    db.execute("CREATE TABLE t (a int)");
    var source =
        files("1_i.sql", "CREATE INDEX CONCURRENTLY i ON t (a);", "1_i.verify.sql", "SELECT false");
    var result =
        MigrationRun.of(db.target(), source, options(Duration.ofSeconds(2)), new Recorder()).run();
    assertThat(((Result.Unavailable) result).cause().reason()).isEqualTo("NotVerified");
    assertThat(((Result.Unavailable) result).cause().message()).startsWith("1_i.sql:1");
    assertThat(db.query("SELECT phase FROM pawl.step")).containsExactly("Applied");
  }

  @Test
  @Tag(TestDatabase.SESSION)
  void aPredicateThatCannotBeAskedIsAFailure() throws Exception {
    db.execute("CREATE TABLE t (a int)");
    var failed =
        (Result.Failed)
            db.run(
                "1_i.sql",
                "CREATE INDEX CONCURRENTLY i ON t (a);",
                "1_i.verify.sql",
                "SELECT true FROM nowhere");
    assertThat(failed.cause().message()).contains("\"nowhere\" does not exist");
  }

  @Test
  @Tag(TestDatabase.SESSION)
  void aSkipIsSeenAlsoWhereNoticesAreTurnedOff() throws Exception {
    db.execute("CREATE TABLE t (a int, b int)", "CREATE INDEX i ON t (b)");
    for (var setting :
        new String[] {
          "SET client_min_messages = warning;\n",
          "SELECT 1;\nSET client_min_messages = warning;\n",
          "SET LOCAL client_min_messages = warning;\n"
        }) {
      var result = db.run("1_i.sql", setting + "CREATE INDEX IF NOT EXISTS i ON t (a);");
      assertThat(result).as(setting).isInstanceOf(Result.Failed.class);
      assertThat(((Result.Failed) result).cause().reason()).as(setting).isEqualTo("Different");
      db.execute("DROP SCHEMA pawl CASCADE");
    }
  }

  @Test
  void whatAStepItselfRenamesIsForAPersonToLookAtAfterACrash() throws Exception {
    var sql = "CREATE TABLE IF NOT EXISTS t (a int); ALTER TABLE t RENAME TO u;";
    assertThat(db.run("1_t.sql", sql)).isInstanceOf(Result.Verified.class);
    // As after a crash between the commit and the look: u may have been another's t.
    db.execute(
        "UPDATE pawl.step SET phase = 'Applied', verified_at = NULL", "DELETE FROM pawl.stream");
    var message = ((Result.Failed) db.run("1_t.sql", sql)).cause().message();
    assertThat(message).contains("create table t: one is there already");
    db.execute(message.substring(message.indexOf("UPDATE")));
    assertThat(db.run("1_t.sql", sql)).isInstanceOf(Result.Verified.class);
    assertThat(db.query("SELECT attempts FROM pawl.step")).containsExactly("1");
  }

  @Test
  @Tag(TestDatabase.SESSION)
  void aVacuumFullWaitsForLocksInSmallBites() throws Exception {
    db.execute("CREATE TABLE t (a int)");
    var heard = new Recorder();
    var end = new CompletableFuture<Result>();
    try (var reader = db.connect()) {
      reader.setAutoCommit(false);
      reader.createStatement().execute("SELECT * FROM t");
      var run = MigrationRun.of(db.target(), files("1_v.sql", "VACUUM FULL t;"), options(), heard);
      Thread.ofVirtual().start(() -> end.complete(run.run()));
      heard.awaitCause("LockTimeout");
      assertThat(end).isNotDone();
    }
    assertThat(end.get(60, TimeUnit.SECONDS)).isInstanceOf(Result.Verified.class);
  }
}
