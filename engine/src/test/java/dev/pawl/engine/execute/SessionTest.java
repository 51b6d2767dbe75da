package dev.pawl.engine.execute;

import static dev.pawl.engine.testing.TestDatabase.files;
import static dev.pawl.engine.testing.TestDatabase.options;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.testing.Recorder;
import dev.pawl.engine.testing.TestDatabase;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a session has while a step runs, and what a run makes of an impossible target. */
@Timeout(240)
class SessionTest {
  @Test
  @Tag(TestDatabase.SESSION)
  void theAuthorsTimeOutHoldsAgainAfterAConcurrentBuild() throws Exception {
    var db = TestDatabase.fresh();
    db.execute("CREATE TABLE t (a int)");
    var result =
        db.run(
            "1_i.sql",
            "SET statement_timeout = '17s';\nCREATE INDEX CONCURRENTLY i ON t (a);\n"
                + "CREATE TABLE seen AS SELECT current_setting('statement_timeout') AS s;");
    assertThat(result).isInstanceOf(Result.Verified.class);
    assertThat(db.query("SELECT s FROM seen")).containsExactly("17s");
  }

  @Test
  @Tag(TestDatabase.SESSION)
  void noQuestionWaitsForALockWithoutEnd() throws Exception {
    var db = TestDatabase.fresh();
    db.execute("CREATE TABLE t (a int)");
    var result =
        MigrationRun.of(
                db.target(),
                files(
                    "1_i.sql",
                    "SET lock_timeout = 0;\nCREATE INDEX CONCURRENTLY i ON t (a);",
                    "1_i.verify.sql",
                    "SELECT current_setting('lock_timeout') = '400ms'"),
                options(Duration.ofSeconds(3)),
                new Recorder())
            .run();
    assertThat(result).isInstanceOf(Result.Verified.class);
  }

  @Test
  void aCommitIsOnDiskBeforeItIsCalledVerified() throws Exception {
    var db = TestDatabase.fresh();
    db.execute(
        "CREATE TABLE log (s text); CREATE TABLE t (a int);"
            + "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN"
            + " INSERT INTO log VALUES (current_setting('synchronous_commit')); RETURN NULL; END$$;"
            + "CREATE CONSTRAINT TRIGGER g AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED"
            + " FOR EACH ROW EXECUTE FUNCTION f()");
    assertThat(db.run("1_x.sql", "SET LOCAL synchronous_commit = off; INSERT INTO t VALUES (1);"))
        .isInstanceOf(Result.Verified.class);
    assertThat(db.query("SELECT s FROM log")).containsExactly("on");
  }

  @Test
  void aLockTimeOutOfZeroIsNotWithoutEnd() throws Exception {
    var db = TestDatabase.fresh();
    db.execute("CREATE TABLE t (a int)");
    var p = options().policy();
    var zero =
        new RunOptions(
            "test",
            "me",
            Optional.empty(),
            options().leaseTtl(),
            new RunOptions.Policy(
                p.outOfOrder(),
                p.onInvalid(),
                p.missingVerifyFile(),
                Duration.ZERO,
                p.statementTimeout(),
                p.waitForLease(),
                Optional.of(Duration.ofSeconds(1))));
    try (var reader = db.connect()) {
      reader.setAutoCommit(false);
      reader.createStatement().execute("SELECT * FROM t");
      var source = files("1_t.sql", "ALTER TABLE t ADD COLUMN b int");
      var result = MigrationRun.of(db.target(), source, zero, new Recorder()).run();
      assertThat(((Result.Unavailable) result).cause().reason()).isEqualTo("LockTimeout");
    }
  }

  private static Result at(String host, String database, String user, Supplier<String> password) {
    var target =
        new Target(
            host, 1, database, user, password, "disable", Optional.empty(), Optional.empty());
    return MigrationRun.of(target, files("1_t.sql", "SELECT 1"), options(), new Recorder()).run();
  }

  @Test
  void anImpossibleTargetIsASentenceNotAnException() {
    for (var host : new String[] {"", "a/b", "a?user=postgres&x", "[::1", "a,b", "no such host"}) {
      var result = at(host, "x", "u", () -> "secret");
      assertThat(result).as(host).isInstanceOf(Result.Unavailable.class);
      assertThat(((Result.Unavailable) result).cause().message())
          .as(host)
          .contains("cannot be reached")
          .doesNotContain("secret");
    }
    assertThat(at("localhost", "a/b?x=y", "u", () -> null)).isInstanceOf(Result.Unavailable.class);
    assertThat(at("localhost", "x", null, () -> null)).isInstanceOf(Result.Unavailable.class);
    var thrown =
        at(
            "localhost",
            "x",
            "u",
            () -> {
              throw new IllegalStateException("no Secret");
            });
    assertThat(((Result.Unavailable) thrown).cause().message()).contains("no Secret");
  }

  @Test
  void aBrokenCertificateIsASentenceWithoutSecrets() throws Exception {
    var t = TestDatabase.fresh().target();
    var target =
        new Target(
            t.host(),
            t.port(),
            t.database(),
            t.user(),
            () -> "secret",
            "verify-full",
            Optional.of("-----BEGIN CERTIFICATE-----\nrubbish"),
            Optional.empty());
    var result =
        MigrationRun.of(target, files("1_t.sql", "SELECT 1"), options(), new Recorder()).run();
    assertThat(((Result.Unavailable) result).cause().message()).doesNotContain("secret");
  }

  @Test
  void aRunCancelledBeforeItBeginsTouchesNothing() throws Exception {
    var db = TestDatabase.fresh();
    var run = MigrationRun.of(db.target(), files("1_t.sql", "SELECT 1"), options(), new Recorder());
    run.cancel();
    assertThat(run.run()).isInstanceOf(Result.Cancelled.class);
    assertThat(db.query("SELECT to_regnamespace('pawl')")).containsExactly("null");
  }

  @Test
  void aLedgerThatCannotBeReadIsASentence() throws Exception {
    var db = TestDatabase.fresh();
    db.run("1_t.sql", "SELECT 1");
    db.execute("UPDATE pawl.step SET phase = 'Wrong'; DELETE FROM pawl.stream");
    var result = db.run("1_t.sql", "SELECT 1", "2_t.sql", "SELECT 1");
    assertThat(((Result.Unavailable) result).cause().message()).contains("Wrong");
  }

  @Test
  void aForeignTableInTheSchemaPawlEndsTheRun() throws Exception {
    var db = TestDatabase.fresh();
    db.execute("CREATE SCHEMA pawl", "CREATE TABLE pawl.lease (a int)");
    var result = (Result.Unavailable) db.run("1_t.sql", "SELECT 1");
    assertThat(result.cause().message()).contains("\"lease\" already exists");
  }

  @Test
  @Tag(TestDatabase.SESSION)
  void aDateStyleThatTheDriverCannotReadIsRefused() throws Exception {
    var db = TestDatabase.fresh();
    var refused = (Result.Refused) db.run("1_d.sql", "SET datestyle = 'German';\nSELECT 1;");
    assertThat(refused.cause().message()).startsWith("1_d.sql:1:1").contains("ISO");
    assertThat(db.run("1_d.sql", "SET datestyle = 'ISO, DMY';\nSELECT 1;"))
        .isInstanceOf(Result.Verified.class);
  }
}
