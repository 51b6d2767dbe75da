package dev.pawl.engine.execute;

import static dev.pawl.engine.testing.TestDatabase.files;
import static dev.pawl.engine.testing.TestDatabase.options;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.testing.Recorder;
import dev.pawl.engine.testing.TestDatabase;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Plan and ledger that disagree: a named refusal, and nothing executed. */
class RefusalTest {
  private static Cause refused(Result result) {
    assertThat(result).isInstanceOf(Result.Refused.class);
    return ((Result.Refused) result).cause();
  }

  @Test
  void aChangedStep() throws Exception {
    var db = TestDatabase.fresh();
    db.run("1_a.sql", "CREATE TABLE a ();");
    var cause =
        refused(db.run("1_a.sql", "CREATE TABLE a (x int);", "2_b.sql", "CREATE TABLE b ()"));
    assertThat(cause.reason()).isEqualTo("Changed");
    assertThat(cause.message()).contains("1_a.sql:1").contains("1#1");
    assertThat(db.query("SELECT to_regclass('b')")).containsExactly("null");
  }

  @Test
  void commentsWhitespaceAndTheCaseOfKeywordsAreNoChange() throws Exception {
    var db = TestDatabase.fresh();
    db.run("1_a.sql", "CREATE TABLE a ();");
    assertThat(db.run("1_renamed.sql", "/* new */ create\n\ttable A();"))
        .isInstanceOf(Result.Verified.class);
  }

  @Test
  void aMissingStep() throws Exception {
    var db = TestDatabase.fresh();
    db.run("1_a.sql", "CREATE TABLE a ();", "2_b.sql", "CREATE TABLE b ();");
    assertThat(refused(db.run("2_b.sql", "CREATE TABLE b ();")).reason()).isEqualTo("Missing");
  }

  @Test
  void aLateOlderStepUnlessThePolicyAllowsIt() throws Exception {
    var db = TestDatabase.fresh();
    db.run("1_a.sql", "CREATE TABLE a ();", "3_c.sql", "CREATE TABLE c ();");
    var source =
        new String[] {
          "1_a.sql",
          "CREATE TABLE a ();",
          "2_b.sql",
          "CREATE TABLE b ();",
          "3_c.sql",
          "CREATE TABLE c ();"
        };
    var cause = refused(db.run(source));
    assertThat(cause.reason()).isEqualTo("OutOfOrder");
    assertThat(cause.message()).contains("2_b.sql").contains("outOfOrder");
    var allowed =
        options(
            RunOptions.OutOfOrder.APPLY,
            RunOptions.OnInvalid.REPAIR,
            RunOptions.MissingVerifyFile.GENERATE);
    assertThat(MigrationRun.of(db.target(), files(source), allowed, new Recorder()).run())
        .isInstanceOf(Result.Verified.class);
    assertThat(db.query("SELECT to_regclass('b')")).containsExactly("b");
  }

  @Test
  @Tag(TestDatabase.SESSION)
  void aMissingVerifyFileWhereThePolicyAsksForIt() throws Exception {
    var db = TestDatabase.fresh();
    var strict =
        options(
            RunOptions.OutOfOrder.REFUSE,
            RunOptions.OnInvalid.REPAIR,
            RunOptions.MissingVerifyFile.REFUSE);
    db.execute("CREATE TABLE t (a int)");
    var sql = "CREATE INDEX CONCURRENTLY i ON t (a);";
    var cause =
        refused(MigrationRun.of(db.target(), files("1_i.sql", sql), strict, new Recorder()).run());
    assertThat(cause.reason()).isEqualTo("VerifyFileMissing");
    assertThat(cause.message()).startsWith("1_i.sql:1").contains("add 1_i.verify.sql");
    var withFile = files("1_i.sql", sql, "1_i.verify.sql", "SELECT to_regclass('i') IS NOT NULL;");
    assertThat(MigrationRun.of(db.target(), withFile, strict, new Recorder()).run())
        .isInstanceOf(Result.Verified.class);
  }

  @Test
  void aStepAddedToAnAppliedVersion() throws Exception {
    var db = TestDatabase.fresh();
    db.run("1_a.sql", "CREATE TABLE a (x int);");
    var cause =
        refused(
            db.run("1_a.sql", "CREATE TABLE a (x int);\nCREATE INDEX CONCURRENTLY i ON a (x);"));
    assertThat(cause.reason()).isEqualTo("Changed");
  }

  @Test
  void aFailedStepMayBeRewritten() throws Exception {
    var db = TestDatabase.fresh();
    assertThat(db.run("1_a.sql", "SELECT 1/0;")).isInstanceOf(Result.Failed.class);
    assertThat(db.run("1_a.sql", "SELECT 1;")).isInstanceOf(Result.Verified.class);
  }

  @Test
  void anIfNotExistsThatSkippedADifferentIndexFailsAndIsNeverRunAgain() throws Exception {
    var db = TestDatabase.fresh();
    db.execute("CREATE TABLE t (a int, b int); CREATE INDEX i ON t (b)");
    var sql = "INSERT INTO t VALUES (1, 1);\nCREATE INDEX IF NOT EXISTS i ON t (a);";
    var failed = (Result.Failed) db.run("1_a.sql", sql);
    assertThat(failed.cause().reason()).isEqualTo("Different");
    assertThat(failed.cause().message()).contains("(b)");
    assertThat(db.run("1_a.sql", sql)).isInstanceOf(Result.Failed.class);
    assertThat(db.query("SELECT count(*) FROM t")).containsExactly("1");
    db.execute("DROP INDEX i; CREATE INDEX i ON t (a)");
    assertThat(db.run("1_a.sql", sql)).isInstanceOf(Result.Verified.class);
    assertThat(db.query("SELECT count(*) FROM t")).containsExactly("1");
  }
}
