package dev.pawl.engine.execute;

import static dev.pawl.engine.testing.TestDatabase.files;
import static dev.pawl.engine.testing.TestDatabase.options;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.plan.Version;
import dev.pawl.engine.testing.Recorder;
import dev.pawl.engine.testing.TestDatabase;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is applied, in which order, and what never happens twice; on a real PostgreSQL. */
class ApplyTest {
  private static final String TABLE =
      "CREATE TABLE t (id int PRIMARY KEY, a int);\nINSERT INTO t SELECT g, g FROM"
          + " generate_series(1, 1000) g;";

  @Test
  @Tag(TestDatabase.SESSION)
  void everyStepPassesEveryPhaseInOrder() throws Exception {
    var db = TestDatabase.fresh();
    var heard = new Recorder();
    var source = files("1_t.sql", TABLE, "2_i.sql", "CREATE INDEX CONCURRENTLY i ON t (a);");
    var result = MigrationRun.of(db.target(), source, options(), heard).run();

    assertThat(result).isInstanceOf(Result.Verified.class);
    assertThat(((Result.Verified) result).through()).contains(new Version("2"));
    assertThat(heard.phases("1#1"))
        .containsExactly("Pending", "Applying", "Applied", "Verifying", "Verified");
    assertThat(heard.phases("2#1"))
        .containsExactly("Pending", "Applying", "Applied", "Verifying", "Verified");
    assertThat(db.query("SELECT version, ordinal, kind, phase, attempts FROM pawl.step ORDER BY 1"))
        .containsExactly("1|1|transaction|Verified|1", "2|1|autocommit|Verified|1");
  }

  @Test
  void aSecondRunExecutesNothing() throws Exception {
    var db = TestDatabase.fresh();
    assertThat(db.run("1_t.sql", TABLE)).isInstanceOf(Result.Verified.class);
    var before = db.query("SELECT ctid, xmin, version, phase FROM pawl.step");
    assertThat(db.run("1_t.sql", "-- a comment\n" + TABLE)).isInstanceOf(Result.Verified.class);
    assertThat(db.query("SELECT count(*) FROM t")).containsExactly("1000");
    assertThat(db.query("SELECT ctid, xmin, version, phase FROM pawl.step")).isEqualTo(before);
  }

  @Test
  @Tag(TestDatabase.SESSION)
  void aRowMadePendingByHandIsAppliedAlthoughTheDigestStands() throws Exception {
    var db = TestDatabase.fresh();
    var index = "CREATE INDEX CONCURRENTLY i ON t (a);";
    db.run("1_t.sql", TABLE, "2_i.sql", index);
    db.execute(
        "DROP INDEX i",
        "UPDATE pawl.step SET phase = 'Pending', applied_at = NULL, verified_at = NULL WHERE"
            + " version = '2'");
    assertThat(db.run("1_t.sql", TABLE, "2_i.sql", index)).isInstanceOf(Result.Verified.class);
    assertThat(db.query("SELECT to_regclass('i')")).containsExactly("i");
  }

  @Test
  void stopsAtTheWantedVersion() throws Exception {
    var db = TestDatabase.fresh();
    var wanted =
        new RunOptions(
            "test", "me", Optional.of(new Version("1")), options().leaseTtl(), options().policy());
    var source = files("1_t.sql", TABLE, "2_u.sql", "CREATE TABLE u ()");
    assertThat(MigrationRun.of(db.target(), source, wanted, new Recorder()).run())
        .isInstanceOf(Result.Verified.class);
    assertThat(db.query("SELECT to_regclass('u')")).containsExactly("null");
  }

  @Test
  void aVersionNotYetInTheSourceIsWaitedFor() throws Exception {
    var db = TestDatabase.fresh();
    var wanted =
        new RunOptions(
            "test", "me", Optional.of(new Version("9")), options().leaseTtl(), options().policy());
    var result =
        MigrationRun.of(db.target(), files("1_t.sql", TABLE), wanted, new Recorder()).run();
    assertThat(result).isInstanceOf(Result.Unavailable.class);
    assertThat(((Result.Unavailable) result).cause().reason()).isEqualTo("WaitingForSource");
  }

  @Test
  void aViolationFailsWithTheDatabasesDetailAndGoesOnWhenTheDataIsMended() throws Exception {
    var db = TestDatabase.fresh();
    var source =
        new String[] {
          "1_t.sql",
          TABLE,
          "2_u.sql",
          "UPDATE t SET a = 1 WHERE id = 2;\n"
              + "-- must fail\nALTER TABLE t ADD CONSTRAINT a_key UNIQUE (a);",
          "3_v.sql",
          "CREATE TABLE v ();"
        };
    db.run("1_t.sql", TABLE);
    var failed = (Result.Failed) db.run(source);
    assertThat(failed.cause().sqlstate()).contains("23505");
    assertThat(failed.cause().message())
        .startsWith("2_u.sql:1")
        .contains("could not create unique index \"a_key\"")
        .contains("Key (a)=(1) is duplicated");
    assertThat(db.query("SELECT phase, sqlstate FROM pawl.step WHERE version = '2'"))
        .containsExactly("Failed|23505");
    assertThat(db.query("SELECT to_regclass('v')")).containsExactly("null");
    assertThat(db.query("SELECT count(*) FROM t WHERE a = 1")).containsExactly("1");

    db.execute("DELETE FROM t WHERE id = 1");
    assertThat(db.run(source)).isInstanceOf(Result.Verified.class);
    assertThat(db.query("SELECT phase FROM pawl.step ORDER BY version"))
        .containsExactly("Verified", "Verified", "Verified");
  }

  @Test
  void anErrorNamesTheLineInTheAuthorsFile() throws Exception {
    var db = TestDatabase.fresh();
    var failed = (Result.Failed) db.run("1_x.sql", "\nSELECT 1;\n\nSELECT nothing FROM nowhere;\n");
    assertThat(failed.cause().message()).startsWith("1_x.sql:4: relation \"nowhere\"");
    assertThat(failed.cause().sqlstate()).contains("42P01");
  }

  @Test
  void aTrailingCommentDoesNotSwallowTheCommit() throws Exception {
    var db = TestDatabase.fresh();
    assertThat(db.run("1_x.sql", "CREATE TABLE x () -- the end"))
        .isInstanceOf(Result.Verified.class);
    assertThat(db.query("SELECT to_regclass('x')")).containsExactly("x");
  }

  @Test
  void aDeferredConstraintThatFailsAtCommitIsAFailure() throws Exception {
    var db = TestDatabase.fresh();
    var failed =
        (Result.Failed)
            db.run(
                "1_x.sql",
                "CREATE TABLE p (i int PRIMARY KEY);"
                    + "CREATE TABLE q (i int REFERENCES p DEFERRABLE INITIALLY DEFERRED);"
                    + "INSERT INTO q VALUES (1);");
    assertThat(failed.cause().sqlstate()).contains("23503");
    assertThat(db.query("SELECT to_regclass('p')")).containsExactly("null");
    assertThat(db.query("SELECT phase FROM pawl.step")).containsExactly("Failed");
  }

  @Test
  void theAuthorsTextReachesTheServerByteForByte() throws Exception {
    var db = TestDatabase.fresh();
    var result =
        db.run(
            "1_x.sql",
            "CREATE TABLE x (d date DEFAULT '2020-01-01', j jsonb DEFAULT '{\"a\": 1}'::jsonb, s"
                + " text DEFAULT '{d ''2020-01-01''} ? :b', CHECK (j ? 'a'));CREATE FUNCTION f()"
                + " RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END;");
    assertThat(result).isInstanceOf(Result.Verified.class);
    db.execute("INSERT INTO x DEFAULT VALUES");
    assertThat(db.query("SELECT s, f() FROM x")).containsExactly("{d '2020-01-01'} ? :b|2");
  }

  @Test
  @Tag(TestDatabase.SESSION)
  void sessionSettingsHoldForTheirFileOnly() throws Exception {
    var db = TestDatabase.fresh();
    var result =
        db.run(
            "1_s.sql",
            "CREATE SCHEMA other; CREATE TABLE other.t (a int);",
            "2_i.sql",
            "SET search_path = other;\nCREATE INDEX CONCURRENTLY i ON t (a);\nCREATE TABLE u ();",
            "3_v.sql",
            "CREATE TABLE v ();");
    assertThat(result).isInstanceOf(Result.Verified.class);
    assertThat(
            db.query(
                "SELECT relnamespace::regnamespace, relname FROM pg_class"
                    + " WHERE relname IN ('i', 'u', 'v') ORDER BY 2"))
        .containsExactly("other|i", "other|u", "public|v");
  }

  @Test
  void whatCannotBeReadIsRefusedWithItsPlace() throws Exception {
    var db = TestDatabase.fresh();
    var refused = (Result.Refused) db.run("1_x.sql", "CREATE TABLE x ();\nCOMMIT;\n");
    assertThat(refused.cause().reason()).isEqualTo("InvalidSource");
    assertThat(refused.cause().message()).startsWith("1_x.sql:2");
  }

  @Test
  void aWrongPortIsUnavailableNotAnException() {
    var nowhere =
        new Target(
            "localhost",
            1,
            "x",
            "u",
            () -> "secret",
            "disable",
            Optional.empty(),
            Optional.empty());
    var result =
        (Result.Unavailable)
            MigrationRun.of(nowhere, files("1_t.sql", TABLE), options(), new Recorder()).run();
    assertThat(result.cause().reason()).isEqualTo("ConnectionRefused");
    assertThat(result.cause().message()).contains("u@localhost:1/x").doesNotContain("secret");
  }
}
