package dev.pawl.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.pawl.engine.change.AddEnumValue;
import dev.pawl.engine.change.CreateIndex;
import dev.pawl.engine.change.CreateTable;
import dev.pawl.engine.change.OtherDdl;
import dev.pawl.engine.change.Procedural;
import dev.pawl.engine.change.SessionSetting;
import dev.pawl.engine.plan.Step.Kind;
import dev.pawl.engine.sql.DatabaseKind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlannerTest {
  private static List<SourceFile> files(String... pathsAndTexts) {
    var files = new ArrayList<SourceFile>();
    for (int i = 0; i < pathsAndTexts.length; i += 2) {
      files.add(new SourceFile(pathsAndTexts[i], pathsAndTexts[i + 1]));
    }
    return files;
  }

  private static List<Step> plan(DatabaseKind kind, String... pathsAndTexts) {
    try {
      return Planner.plan(files(pathsAndTexts), kind).steps();
    } catch (InvalidSourceException e) {
      throw new AssertionError(e.getMessage(), e);
    }
  }

  private static List<Step> steps(String sql) {
    return plan(DatabaseKind.POSTGRESQL, "0001_x.sql", sql);
  }

  private static List<String> problems(DatabaseKind kind, String... pathsAndTexts) {
    var thrown =
        catchThrowableOfType(
            InvalidSourceException.class, () -> Planner.plan(files(pathsAndTexts), kind));
    assertThat(thrown).as("the source is refused").isNotNull();
    return thrown.problems().stream().map(Problem::toString).toList();
  }

  private static String problem(String sql) {
    var problems = problems(DatabaseKind.POSTGRESQL, "0001_x.sql", sql);
    assertThat(problems).hasSize(1);
    return problems.getFirst();
  }

  @Nested
  class OnPostgresql {
    @Test
    void consecutiveTransactionalStatementsAreOneStepAsWritten() {
      var steps =
          steps(
              """
              -- why we do this
              CREATE TABLE a (id int);  -- the first

              ALTER TABLE a ADD COLUMN b text /* yes; */ ;
              -- the end
              """);

      assertThat(steps).hasSize(1);
      var step = steps.getFirst();
      assertThat(step.kind()).isEqualTo(Kind.TRANSACTION);
      assertThat(step.id()).isEqualTo("1#1");
      assertThat(step.line()).isEqualTo(2);
      assertThat(step.sql())
          .isEqualTo("CREATE TABLE a (id int);  -- the first\n\nALTER TABLE a ADD COLUMN b text");
      assertThat(step.describe()).isEqualTo("create table a and 1 more");
    }

    @Test
    void aFileIsCutAroundWhatCannotRunInATransaction() {
      var steps =
          steps(
              """
              CREATE TABLE a (id int);
              INSERT INTO a VALUES (1);
              CREATE INDEX CONCURRENTLY i ON a (id);
              VACUUM a;
              COMMENT ON TABLE a IS 'x';
              """);

      assertThat(steps)
          .extracting(Step::ordinal, Step::kind, Step::sql)
          .containsExactly(
              tuple(1, Kind.TRANSACTION, "CREATE TABLE a (id int);\nINSERT INTO a VALUES (1)"),
              tuple(2, Kind.AUTOCOMMIT, "CREATE INDEX CONCURRENTLY i ON a (id)"),
              tuple(3, Kind.AUTOCOMMIT, "VACUUM a"),
              tuple(4, Kind.TRANSACTION, "COMMENT ON TABLE a IS 'x'"));
    }

    @Test
    void sessionSettingsAreAPrologueOfWhatFollowsInTheFile() {
      var steps =
          plan(
              DatabaseKind.POSTGRESQL,
              "0001_a.sql",
              """
              SET search_path = app;
              CREATE INDEX CONCURRENTLY i ON a (id);
              SET work_mem = '1GB';
              CREATE INDEX CONCURRENTLY j ON b (id);
              RESET work_mem;
              """,
              "0002_b.sql",
              "CREATE TABLE c ()");

      assertThat(steps).hasSize(3);
      assertThat(steps.get(0).prologue()).containsExactly("SET search_path = app");
      assertThat(steps.get(1).prologue())
          .containsExactly("SET search_path = app", "SET work_mem = '1GB'");
      assertThat(steps.get(1).changesSession()).isTrue();
      assertThat(steps.get(2).prologue()).isEmpty();
      assertThat(steps.get(2).changesSession()).isFalse();
    }

    @Test
    void aSessionSettingDoesNotCutATransaction() {
      var steps = steps("CREATE TABLE a (); SET search_path = b; CREATE TABLE c (); RESET ALL;");

      assertThat(steps).hasSize(1);
      assertThat(steps.getFirst().sql())
          .isEqualTo("CREATE TABLE a (); SET search_path = b; CREATE TABLE c ()");
      assertThat(steps.getFirst().prologue()).isEmpty();
      assertThat(steps.getFirst().changes()).contains(new SessionSetting("search_path"));
      assertThat(steps.getFirst().changesSession()).isTrue();
    }

    @Test
    void aSettingAtTheEndOfATransactionIsForWhatFollows() {
      var steps =
          steps("CREATE TABLE a (); SET lock_timeout = 0; CREATE INDEX CONCURRENTLY i ON a (b)");

      assertThat(steps.get(0).sql()).isEqualTo("CREATE TABLE a ()");
      assertThat(steps.get(0).changesSession()).isFalse();
      assertThat(steps.get(1).prologue()).containsExactly("SET lock_timeout = 0");
    }

    @Test
    void whatElseAStatementLeavesInTheSessionIsToldToo() {
      for (var sql :
          List.of(
              "CREATE TEMP TABLE a (b int)",
              "CREATE TEMPORARY VIEW v AS SELECT 1",
              "PREPARE p AS SELECT 1",
              "LISTEN x",
              "SELECT set_config('a.b', 'c', false), 1")) {
        var step = steps(sql).getFirst();
        assertThat(step.changesSession()).as(sql).isTrue();
        assertThat(step.sql()).isEqualTo(sql);
        assertThat(step.describe()).doesNotContain("more");
      }
      assertThat(steps("CREATE TABLE temp (a int)").getFirst().changesSession()).isFalse();
    }

    @Test
    void aSettingInPassingIsRefusedWhereAStatementOnItsOwnWouldMissIt() {
      var index = ";\nCREATE INDEX CONCURRENTLY i ON a (b)";
      assertThat(problem("SELECT set_config('search_path', 'app', false), 1" + index))
          .contains("0001_x.sql:1:1", "would not hold for line 2", "write it as a SET");
      assertThat(steps("SELECT set_config('search_path', 'app', true), 1" + index)).hasSize(2);
    }

    @Test
    void oneBeginAndCommitAroundTheFileAreTakenOff() {
      var steps =
          steps("SET lock_timeout = '2s';\nBEGIN;\nCREATE TABLE a ();\nDROP TABLE b;\nCOMMIT;\n");

      assertThat(steps).hasSize(1);
      assertThat(steps.getFirst().sql()).isEqualTo("CREATE TABLE a ();\nDROP TABLE b");
      assertThat(steps.getFirst().line()).isEqualTo(3);
      assertThat(steps.getFirst().prologue()).containsExactly("SET lock_timeout = '2s'");
    }

    @Test
    void aPairMayBeWrittenInAnyOfItsForms() {
      for (var pair :
          List.of(
              "BEGIN|COMMIT",
              "begin work|commit work",
              "START TRANSACTION|END",
              "BEGIN|END" + " TRANSACTION")) {
        var words = pair.split("\\|");
        var steps =
            steps(
                "RESET a; SET b = 1; %s; SELECT 1; SELECT 2; %s; RESET b"
                    .formatted(words[0], words[1]));
        assertThat(steps).extracting(Step::sql).as(pair).containsExactly("SELECT 1; SELECT 2");
        assertThat(steps.getFirst().prologue()).containsExactly("RESET a", "SET b = 1");
      }
    }

    @Test
    void aSettingBetweenDoesNotHideTheNewEnumValue() {
      var steps = steps("ALTER TYPE t ADD VALUE 'a'; SET b = 1; SET c = 1; UPDATE x SET t = 'a'");
      assertThat(steps)
          .extracting(Step::sql)
          .containsExactly("ALTER TYPE t ADD VALUE 'a'", "UPDATE x SET t = 'a'");
      assertThat(steps.get(1).prologue()).containsExactly("SET b = 1", "SET c = 1");
      assertThat(steps("CREATE TABLE a (); ALTER TYPE t ADD VALUE 'a'")).hasSize(1);
      assertThat(steps("ALTER TYPE t ADD VALUE 'a'; SET b = 1; ALTER TYPE t ADD VALUE 'c'"))
          .hasSize(1);
    }

    @Test
    void aNewEnumValueEndsItsStepWhenSomethingElseFollows() {
      var steps =
          steps(
              """
              ALTER TYPE t ADD VALUE 'a';
              ALTER TYPE t ADD VALUE 'b';
              UPDATE x SET t = 'a';
              """);

      assertThat(steps).hasSize(2);
      assertThat(steps.get(0).changes()).hasOnlyElementsOfType(AddEnumValue.class).hasSize(2);
      assertThat(steps.get(0).kind()).isEqualTo(Kind.TRANSACTION);
      assertThat(steps.get(1).sql()).isEqualTo("UPDATE x SET t = 'a'");
    }

    @Test
    void anExplicitTransactionIsNotCutAfterANewEnumValue() {
      assertThat(steps("BEGIN; ALTER TYPE t ADD VALUE 'a'; CREATE TABLE x (); COMMIT")).hasSize(1);
    }

    @Test
    void aBlockThatCommitsNeedsAVerifyFileOrAWord() {
      assertThat(problem("DO $$ BEGIN COMMIT; END $$"))
          .isEqualTo(
              "0001_x.sql:1:1: this DO may commit by itself, so Pawl cannot know how far it got:"
                  + " write a 0001_x.verify.sql with a SELECT that is true once it has really"
                  + " finished, or the line '-- pawl: verify none because …' before it");

      var byWord = steps("-- pawl: verify none because it is idempotent\nCALL f()");
      assertThat(byWord).hasSize(1);
      assertThat(byWord.getFirst().kind()).isEqualTo(Kind.AUTOCOMMIT);
      assertThat(byWord.getFirst().sql()).isEqualTo("CALL f()");
      assertThat(byWord.getFirst().changes()).containsExactly(new Procedural("CALL", true));

      var byFile =
          plan(
              DatabaseKind.POSTGRESQL,
              "0001_x.sql",
              "CALL f()",
              "0001_x.verify.sql",
              "SELECT true;");
      assertThat(byFile.getFirst().verifySql()).contains("SELECT true");
    }

    @Test
    void whatIsNotKnownIsRefusedUnlessTheAuthorVouchesForIt() {
      assertThat(problem("\n  FROBNICATE the_table"))
          .isEqualTo(
              "0001_x.sql:2:3: this statement is refused, for Pawl does not know what FROBNICATE"
                  + " does: write a 0001_x.verify.sql with a SELECT that is true once it has really"
                  + " finished, or the line '-- pawl: verify none because …' before it");
      var steps = steps("-- pawl: verify none because it does nothing\nFROBNICATE x");
      assertThat(steps.getFirst().changes()).containsExactly(new OtherDdl("FROBNICATE", true));
    }

    @Test
    void predicatesBelongToTheStepsOutsideTransactionsInOrder() {
      var steps =
          plan(
              DatabaseKind.POSTGRESQL,
              "1_x.sql",
              "CREATE TABLE t (); CREATE INDEX CONCURRENTLY i ON t (a); DROP INDEX CONCURRENTLY j",
              "1_x.verify.sql",
              "-- is it?\nSELECT 1 = 1; SELECT 2 = 2;");

      assertThat(steps)
          .extracting(s -> s.verifySql().orElse("-"))
          .containsExactly("-", "SELECT 1 = 1", "SELECT 2 = 2");
    }

    @Test
    void aVerifyFileThatDoesNotMatchIsRefused() {
      assertThat(
              problems(
                  DatabaseKind.POSTGRESQL,
                  "1_x.sql",
                  "CREATE INDEX CONCURRENTLY i ON t (a); VACUUM t",
                  "1_x.verify.sql",
                  "SELECT 1; SELECT 2; SELECT 3"))
          .containsExactly(
              "1_x.verify.sql: holds 3 SELECTs, but 1_x.sql has 2 steps that run outside a"
                  + " transaction: write one for each, in their order, separated by semicolons");
      assertThat(
              problems(
                  DatabaseKind.POSTGRESQL,
                  "1_x.sql",
                  "CREATE TABLE t ()",
                  "1_x.verify.sql",
                  "SELECT 1"))
          .containsExactly(
              "1_x.verify.sql: holds 1 SELECT, but 1_x.sql has 0 steps that run outside a"
                  + " transaction: delete it, for the commit of a transaction is its verification");
      assertThat(
              problems(
                  DatabaseKind.POSTGRESQL,
                  "1_x.sql",
                  "VACUUM",
                  "1_x.verify.sql",
                  "SELECT true; DROP TABLE t"))
          .contains(
              "1_x.verify.sql:1:14: a verify file holds nothing but SELECTs that return one"
                  + " boolean: remove this");
    }
  }

  @Nested
  class OnCockroachdb {
    @Test
    void aSecondSchemaChangeInAFileIsRefusedWithTheLine() {
      assertThat(
              problems(
                  DatabaseKind.COCKROACHDB,
                  "1_x.sql",
                  "CREATE TABLE a (b INT);\n\nCREATE INDEX i ON a (b);\nCREATE INDEX j ON a (b);"))
          .containsExactly(
              "1_x.sql:3:1: a second statement that changes the schema: CockroachDB cannot make"
                  + " the two one; split the file here, before line 3");
    }

    @Test
    void schemaChangesRunAloneAndDataInTransactions() {
      var steps =
          plan(
              DatabaseKind.COCKROACHDB,
              "1_x.sql",
              "SET a = 1; INSERT INTO x VALUES (1); DELETE FROM y; CREATE INDEX i ON a (b)");

      assertThat(steps).extracting(Step::kind).containsExactly(Kind.TRANSACTION, Kind.AUTOCOMMIT);
      assertThat(steps.get(1).changes().getFirst()).isInstanceOf(CreateIndex.class);
      assertThat(steps.get(1).prologue()).containsExactly("SET a = 1");
    }

    @Test
    void aSettingOfTheTransactionIsNoSchemaChange() {
      var steps =
          plan(
              DatabaseKind.COCKROACHDB,
              "1_x.sql",
              "SET b = 2; BEGIN; SET LOCAL a = 1; UPDATE t SET b = 1; COMMIT");
      assertThat(steps).extracting(Step::kind).containsExactly(Kind.TRANSACTION);
      assertThat(steps.getFirst().sql()).isEqualTo("SET LOCAL a = 1; UPDATE t SET b = 1");
      assertThat(steps.getFirst().prologue()).containsExactly("SET b = 2");
    }

    @Test
    void aTransactionAroundASchemaChangeIsRefused() {
      assertThat(
              problems(
                  DatabaseKind.COCKROACHDB, "1_x.sql", "BEGIN; CREATE TABLE t (a INT); COMMIT"))
          .containsExactly(
              "1_x.sql:1:8: CockroachDB does not make a schema change one with the transaction"
                  + " around it: remove BEGIN and COMMIT");
    }
  }

  @Nested
  class TransactionControl {
    @Test
    void isRefusedInsideAFile() {
      var refusal =
          " inside a migration: Pawl opens and commits the transaction itself; remove it (one BEGIN"
              + " … COMMIT around the whole file is allowed)";
      assertThat(problem("CREATE TABLE a ();\nCOMMIT;"))
          .isEqualTo("0001_x.sql:2:1: COMMIT" + refusal);
      assertThat(problem("ROLLBACK")).isEqualTo("0001_x.sql:1:1: ROLLBACK" + refusal);
      assertThat(problem("PREPARE TRANSACTION 'x'")).isEqualTo("0001_x.sql:1:1: PREPARE" + refusal);
      assertThat(problem("BEGIN; SAVEPOINT s; SELECT 1; COMMIT"))
          .isEqualTo("0001_x.sql:1:8: SAVEPOINT" + refusal);
      assertThat(problem("BEGIN; SELECT 1; COMMIT AND CHAIN"))
          .contains("0001_x.sql:1:18: COMMIT" + refusal);
      assertThat(
              problems(
                  DatabaseKind.POSTGRESQL,
                  "0001_x.sql",
                  "SET LOCAL a = 1; BEGIN; SELECT 1; COMMIT"))
          .containsExactly("0001_x.sql:1:18: BEGIN" + refusal, "0001_x.sql:1:35: COMMIT" + refusal);
      assertThat(problem("SELECT 1; /* x */ end;")).isEqualTo("0001_x.sql:1:19: END" + refusal);
      assertThat(problem("BEGIN; SELECT 1"))
          .isEqualTo("0001_x.sql:1:1: this BEGIN has no COMMIT: add one at the end, or remove it");
      assertThat(problem("BEGIN; SELECT 1; COMMIT; SELECT 2"))
          .isEqualTo(
              "0001_x.sql:1:18: a statement follows this COMMIT: only one BEGIN … COMMIT around the"
                  + " whole file is allowed; split the file here");
    }

    @Test
    void otherIsolationLevelsAreRefused() {
      var refusal =
          "0001_x.sql:1:1: Pawl runs migrations READ COMMITTED, in transactions that it opens"
              + " itself: remove this";
      for (var sql :
          List.of(
              "BEGIN ISOLATION LEVEL SERIALIZABLE",
              "SET TRANSACTION READ ONLY",
              "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
              "SET LOCAL TRANSACTION ISOLATION LEVEL SERIALIZABLE")) {
        assertThat(problem(sql)).isEqualTo(refusal + ", or write BEGIN alone");
      }
      assertThat(problem("SET default_transaction_isolation = 'serializable'; SELECT 1"))
          .isEqualTo(refusal);
    }

    @Test
    void whatCannotRunInATransactionIsRefusedInsideOne() {
      assertThat(problem("BEGIN; CREATE INDEX CONCURRENTLY i ON t (a); COMMIT"))
          .isEqualTo(
              "0001_x.sql:1:8: this statement cannot run in a transaction: remove BEGIN and COMMIT,"
                  + " or move it to a file of its own");
    }
  }

  @Nested
  class Text {
    @Test
    void thatIsNotSqlAloneIsRefusedWithItsPlace() {
      assertThat(problem("SELECT 1;\n\\connect db\n\\echo x"))
          .isEqualTo(
              "0001_x.sql:2:1: a backslash begins a command of psql, which no server knows: remove"
                  + " it");
      assertThat(problem("SELECT 1;\nCOPY t (a) FROM STDIN;\n1\tit's\n\\.\n"))
          .isEqualTo(
              "0001_x.sql:2:1: COPY FROM STDIN and TO STDOUT need psql: write the rows as INSERT,"
                  + " or COPY from a file on the server");
      assertThat(problem("SELECT\n 'a\0b'"))
          .isEqualTo("0001_x.sql:2:4: a NUL character, which no database takes: remove it");
      assertThat(problem("SELECT '\uD800'"))
          .isEqualTo("0001_x.sql:1:9: half of a surrogate pair, which is no character: remove it");
      assertThat(problem("SELECT 'it''s; SELECT 2"))
          .isEqualTo("0001_x.sql:1:8: this string never ends");
      assertThat(problem("SELECT U&'x")).isEqualTo("0001_x.sql:1:8: this string never ends");
      assertThat(problem("SELECT U&\"x")).isEqualTo("0001_x.sql:1:8: this quoted name never ends");
      assertThat(problem("SELECT \"x")).isEqualTo("0001_x.sql:1:8: this quoted name never ends");
      assertThat(problem("COPY t TO STDOUT")).startsWith("0001_x.sql:1:1: COPY FROM STDIN and TO");
      assertThat(problem("/*+ h */ COPY t FROM STDIN"))
          .startsWith("0001_x.sql:1:1: COPY FROM STDIN and TO");
      assertThat(problem("SELECT '\uDE00\uD83D'"))
          .isEqualTo("0001_x.sql:1:9: half of a surrogate pair, which is no character: remove it");
      assertThat(problem("CREATE TABLE a (b int));\nSELECT ((1);"))
          .isEqualTo("0001_x.sql:2:8: this parenthesis is never closed");
      for (var marker :
          List.of("--+migrate Down", "-- migrate:down", "SELECT 2; --   +GOOSE DOWN")) {
        assertThat(problem("SELECT 1;\n" + marker + "\nDROP TABLE a;"))
            .contains(": the way back begins here");
      }
      assertThat(problem("DO $body$ x $$; SELECT 2"))
          .isEqualTo("0001_x.sql:1:4: this $body$ string never ends");
      assertThat(problem("SELECT 1; /* /* */"))
          .isEqualTo("0001_x.sql:1:11: this comment never ends");
      assertThat(problem("CREATE TABLE a (b int;\nSELECT 1;"))
          .isEqualTo("0001_x.sql:1:16: this parenthesis is never closed");
    }

    @Test
    void aTemporaryTableIsNotThereInALaterStep() {
      var made = "CREATE TEMP TABLE \"T\" (a int);\nVACUUM u;\n";
      assertThat(problem(made + "CREATE INDEX CONCURRENTLY i ON \"T\" (a)"))
          .startsWith("0001_x.sql:3:1: the temporary object of line 1 is not there any more");
      assertThat(problem(made + "SELECT 1; INSERT INTO \"T\" VALUES (1)"))
          .startsWith("0001_x.sql:3:11: the temporary object of line 1");
      assertThat(problem("CREATE TEMP TABLE t AS SELECT 1; CREATE INDEX CONCURRENTLY i ON t (a)"))
          .startsWith("0001_x.sql:1:34: the temporary object of line 1");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "SELECT 1 AS a INTO TEMP t",
          "SELECT 1 AS a INTO TEMPORARY TABLE t FROM u",
          "SELECT 1 AS a INTO LOCAL TEMP t",
          "WITH x AS (SELECT 1 AS a) SELECT a INTO TEMP t FROM x",
          "CREATE TEMP TABLE IF NOT EXISTS t AS SELECT 1 AS a",
          "CREATE GLOBAL TEMPORARY TABLE pg_temp.t (a int)",
          "CREATE TEMPORARY VIEW t AS SELECT 1",
          "CREATE OR REPLACE TEMP VIEW t AS SELECT 1",
          "CREATE TEMP RECURSIVE VIEW t (a) AS SELECT 1",
          "CREATE TEMP SEQUENCE t",
        })
    void noTemporaryObjectIsThereInALaterStep(String made) {
      assertThat(problem(made + ";\nVACUUM u;\nSELECT * FROM t"))
          .startsWith("0001_x.sql:3:1: the temporary object of line 1 is not there any more");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "INSERT INTO temp SELECT 1",
          "WITH x AS (SELECT 1) INSERT INTO temp SELECT * FROM x",
          "SELECT 1 AS a INTO temp FROM u",
          "SELECT 1 AS a INTO t",
          "CREATE TABLE temp (t int)",
          "SELECT temp t FROM u",
        })
    void aLastingObjectIsThereInALaterStep(String made) {
      assertThat(steps(made + "; VACUUM u; SELECT * FROM t")).hasSize(3);
    }

    @Test
    void withoutAStatementIsRefused() {
      assertThat(problem(" \n"))
          .isEqualTo(
              "0001_x.sql: is empty: write what it is to do, or a comment that says why it does"
                  + " nothing");
      assertThat(problem("SET a = 1"))
          .isEqualTo(
              "0001_x.sql: contains only session settings, and nothing that they are for: delete"
                  + " the file");
    }

    @Test
    void mayBeginWithAByteOrderMark() {
      var steps = steps("\uFEFFCREATE TABLE a ();\r\nCREATE TABLE b ();\r\n");
      assertThat(steps.getFirst().sql()).isEqualTo("CREATE TABLE a ();\r\nCREATE TABLE b ()");
    }

    @Test
    void isNotRefusedForWhatOnlyLooksWrong() {
      var sql =
          "-- migrate: upwards; +goose goes\n"
              + "SELECT '😀', ')', stdin FROM copy; COPY t FROM '/stdin'";
      assertThat(steps(sql).getFirst().sql())
          .isEqualTo("SELECT '😀', ')', stdin FROM copy; COPY t FROM '/stdin'");
    }

    @Test
    void keepsAHintThatStandsBeforeItsStatement() {
      assertThat(steps("/*+ SeqScan(t) */ SELECT 1").getFirst().sql())
          .isEqualTo("/*+ SeqScan(t) */ SELECT 1");
    }

    @Test
    void mayNotSetWhatPawlItselfDependsOn() {
      assertThat(problem("SET ROLE admin; SELECT 1"))
          .isEqualTo(
              "0001_x.sql:1:1: another role could not write Pawl's ledger: write SET LOCAL ROLE, or"
                  + " let Pawl connect as that role");
      assertThat(problem("SET standard_conforming_strings = off; SELECT 1"))
          .isEqualTo(
              "0001_x.sql:1:1: Pawl reads strings as the standard has them: remove this, and write"
                  + " E'…' where a backslash escapes");
      assertThat(problem("SET client_encoding TO 'LATIN1'; SELECT 1"))
          .isEqualTo("0001_x.sql:1:1: Pawl sends UTF-8: save the file as UTF-8 and remove this");
      assertThat(problem("DISCARD ALL; SELECT 1"))
          .isEqualTo(
              "0001_x.sql:1:1: DISCARD would take away what Pawl itself keeps in the session:"
                  + " remove it");
      for (var sql :
          List.of(
              "USE other",
              "SET database = other",
              "SET SESSION database TO other",
              "SELECT set_config('database', 'other', false)")) {
        assertThat(problems(DatabaseKind.COCKROACHDB, "1_x.sql", sql + "; SELECT 1"))
            .containsExactly(
                "1_x.sql:1:1: in another database Pawl would not find its ledger: remove this, and"
                    + " write names with their database, or let Pawl connect to that database");
      }
      assertThat(
              steps("SET client_encoding = 'UTF8'; SET standard_conforming_strings = on; SELECT 1"))
          .hasSize(1);
    }
  }

  @Nested
  class Directives {
    @Test
    void standOnALineOfTheirOwnBeforeAStatement() {
      var message =
          "a '-- pawl:' line speaks of the statement after it: put it on a line of its own before"
              + " one";
      assertThat(problem("SELECT 1; -- pawl: verify none because x\nSELECT 2"))
          .isEqualTo("0001_x.sql:1:11: " + message);
      assertThat(problem("SELECT 1;\n-- pawl: verify none because x\n"))
          .isEqualTo("0001_x.sql:2:1: " + message);
      assertThat(problem("SELECT\n-- pawl: verify none because x\n1;"))
          .isEqualTo("0001_x.sql:2:1: " + message);
    }

    @Test
    void mayStandBeforeAnyStatement() {
      var steps =
          steps(
              "\uFEFF-- pawl: verify none because a\n"
                  + "CALL a();\n\n"
                  + "  -- pawl: verify none because b\n"
                  + "-- more\n"
                  + "CALL b();");
      assertThat(steps).extracting(Step::sql).containsExactly("CALL a()", "CALL b()");
    }

    @Test
    void doNotSpeakOfATransaction() {
      assertThat(problem("-- pawl: verify none because x\nBEGIN;\nSELECT 1;\nCOMMIT"))
          .isEqualTo(
              "0001_x.sql:2:1: a '-- pawl:' line stands before BEGIN: move it to just before the"
                  + " statement that it speaks of");
    }

    @Test
    void thatAreUnknownOrGiveNoReasonAreRefused() {
      assertThat(problem("-- pawl: verify nothing\nSELECT 1"))
          .isEqualTo(
              "0001_x.sql:1:1: Pawl does not know this '-- pawl:' line: it may say 'verify none"
                  + " because …' or 'allow RULE because …'");
      assertThat(problem("-- pawl: verify none because \nSELECT 1"))
          .isEqualTo("0001_x.sql:1:1: a reason is missing: write '-- pawl: verify none because …'");
    }
  }

  @Nested
  class Allowances {
    @Test
    void nameRulesAndAReasonAndLeaveTheStepAsItIs() {
      var allowed = steps("-- pawl: allow drop-table , x-1 because it is empty\nDROP TABLE t");
      var plain = steps("DROP TABLE t");
      assertThat(allowed.getFirst().checksum()).isEqualTo(plain.getFirst().checksum());
      var statement =
          Planner.inspect(
                  List.of(
                      new SourceFile(
                          "1.sql",
                          "-- pawl: allow drop-table , x-1 because it is empty\nDROP TABLE t")),
                  DatabaseKind.POSTGRESQL)
              .steps()
              .getFirst()
              .statements()
              .getFirst()
              .statement();
      assertThat(Allowance.of(statement))
          .containsExactly(new Allowance(List.of("drop-table", "x-1"), "it is empty", 1, 1));
    }

    @Test
    void withoutARuleOrAReasonAreRefused() {
      for (var words : List.of("allow because x", "allow drop-table", "allow a b because x")) {
        assertThat(problem("-- pawl: " + words + "\nSELECT 1"))
            .isEqualTo(
                "0001_x.sql:1:1: write it as '-- pawl: allow RULE because …': which rule, and why");
      }
    }
  }

  @Nested
  class Inspections {
    @Test
    void showWhatCanBeReadBesideWhatIsWrong() {
      var found =
          Planner.inspect(
              List.of(
                  new SourceFile("1.sql", "SET a = 1; CREATE TABLE t (); SELECT 1; VACUUM;"),
                  new SourceFile("2.sql", "COMMIT")),
              DatabaseKind.POSTGRESQL);
      assertThat(found.problems()).extracting(Problem::file).containsExactly("2.sql");
      assertThat(found.steps()).extracting(s -> s.statements().size()).containsExactly(2, 1);
    }
  }

  @Nested
  class Files {
    @Test
    void areOrderedByVersionAndNumberedWithinIt() {
      var steps =
          plan(
              DatabaseKind.POSTGRESQL,
              "12.0.0/up10.sql",
              "CREATE TABLE d ()",
              "12.0.0/up2.sql",
              "CREATE TABLE b (); CREATE INDEX CONCURRENTLY c ON b (x)",
              "2.0/up.sql",
              "CREATE TABLE a ()",
              "12.0.0/README.md",
              "not SQL");

      assertThat(steps)
          .extracting(Step::id)
          .containsExactly("2.0#1", "12.0.0#1", "12.0.0#2", "12.0.0#3");
      assertThat(steps.get(3).changes().getFirst()).isInstanceOf(CreateTable.class);
    }

    @Test
    void thatClashAreRefused() {
      assertThat(
              problems(DatabaseKind.POSTGRESQL, "0007_a.sql", "SELECT 1", "07_b.sql", "SELECT 1"))
          .containsExactly(
              "07_b.sql: has the same version, 7, as 0007_a.sql: give one of them another");
      assertThat(
              problems(DatabaseKind.POSTGRESQL, "1/up1.sql", "SELECT 1", "01/up2.sql", "SELECT 1"))
          .containsExactly(
              "01/up2.sql: has the same version, 1, as 1/up1.sql: give one of them another");
      assertThat(
              problems(DatabaseKind.POSTGRESQL, "1/up1.sql", "SELECT 1", "1/up01.sql", "SELECT 1"))
          .containsExactly(
              "1/up1.sql: has the same number as 1/up01.sql: give one of them another");
      assertThat(
              problems(
                  DatabaseKind.POSTGRESQL,
                  "1_a.sql",
                  "VACUUM",
                  "1_a.verify.sql",
                  "SELECT 1",
                  "1_a.verify.SQL",
                  "SELECT 1"))
          .containsExactly(
              "1_a.verify.SQL: is there twice: as 1_a.verify.sql too; remove one of them");
      assertThat(problems(DatabaseKind.POSTGRESQL, "1_a.verify.sql", "SELECT 1"))
          .containsExactly(
              "1_a.verify.sql: belongs to no migration: beside it should be 1_a.sql; delete or"
                  + " rename it");
    }
  }

  @Nested
  class Checksums {
    private String of(String sql) {
      return steps(sql).getFirst().checksum();
    }

    @Test
    void doNotCountCommentsWhitespaceAndCase() {
      assertThat(of("create  table A (\n-- x\nb INT);"))
          .isEqualTo(of("/* y */CREATE TABLE a(B int)"));
      assertThat(steps("SELECT  1").getFirst().rawSha256())
          .isNotEqualTo(steps("SELECT 1").getFirst().rawSha256());
    }

    @Test
    void countThePrologueHintsAndDirectives() {
      assertThat(of("SET a = 1; SELECT 1")).isNotEqualTo(of("SET a = 2; SELECT 1"));
      assertThat(of("SELECT /*+ x */ 1")).isNotEqualTo(of("SELECT 1"));
      assertThat(of("-- pawl: verify none because a\nCALL f()"))
          .isNotEqualTo(of("-- pawl: verify none because b\nCALL f()"));
    }

    @Test
    void tellStatementsApart() {
      assertThat(of("SELECT 1; SELECT 2")).isNotEqualTo(of("SELECT 1, 2"));
      assertThat(of("SELECT 'A'")).isNotEqualTo(of("SELECT 'a'"));
    }

    @Test
    void areStoredSoTheirFormMustNotChange() {
      assertThat(of("CREATE TABLE \"Ä\" (b int DEFAULT 1)"))
          .isEqualTo("d9d770e9d8726156c83d5952088d3a838ea88b0bc0e3c2de96f06694b4a5026e");
    }
  }
}
