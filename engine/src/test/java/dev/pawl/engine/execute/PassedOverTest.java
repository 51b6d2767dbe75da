package dev.pawl.engine.execute;

import static dev.pawl.engine.testing.TestDatabase.files;
import static dev.pawl.engine.testing.TestDatabase.options;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.testing.Recorder;
import dev.pawl.engine.testing.TestDatabase;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every statement of PostgreSQL 18's grammar with IF NOT EXISTS, where something of that name is
 * there: it is compared, or a person is asked.
 */
@Timeout(120)
class PassedOverTest {
  private TestDatabase db;

  @BeforeEach
  void objects() throws Exception {
    db = TestDatabase.fresh();
    db.execute(
        "CREATE SCHEMA app",
        "CREATE TABLE t (a int, b int)",
        "CREATE TABLE tuned (a int) WITH (fillfactor = 70)",
        "CREATE TABLE parted (a int) PARTITION BY RANGE (a)",
        "CREATE SEQUENCE q OWNED BY t.a",
        "CREATE FOREIGN DATA WRAPPER f",
        "CREATE SERVER r FOREIGN DATA WRAPPER f",
        "CREATE USER MAPPING FOR PUBLIC SERVER r OPTIONS (user 'one')",
        "CREATE FOREIGN TABLE ft (a int) SERVER r",
        "CREATE FOREIGN TABLE fp PARTITION OF parted FOR VALUES FROM (1) TO (9) SERVER r");
  }

  private Result run(String... pathsAndTexts) {
    return MigrationRun.of(
            db.target(), files(pathsAndTexts), options(Duration.ofSeconds(4)), new Recorder())
        .run();
  }

  private void verified(String sql) {
    assertThat(run("1_a.sql", sql)).isInstanceOf(Result.Verified.class);
  }

  private String different(String sql) throws Exception {
    var result = run("1_a.sql", sql);
    assertThat(result).as(sql).isInstanceOf(Result.Failed.class);
    assertThat(((Result.Failed) result).cause().reason()).isEqualTo("Different");
    assertThat(db.query("SELECT phase FROM pawl.step WHERE version = '1' AND ordinal = 1"))
        .containsExactly("Failed");
    return ((Result.Failed) result).cause().message();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CREATE USER MAPPING IF NOT EXISTS FOR PUBLIC SERVER r OPTIONS (user 'two') | already"
            + " exists for server \"r\"",
        "ALTER FOREIGN TABLE ft ADD COLUMN IF NOT EXISTS a text                     | type:"
            + " integer",
        "ALTER FOREIGN TABLE ft ADD IF NOT EXISTS a text OPTIONS (x 'y') | column"
            + " \"a\" of relation \"ft\" already exists",
        "CREATE FOREIGN TABLE IF NOT EXISTS fp PARTITION OF parted FOR VALUES FROM (1) TO (8)"
            + " SERVER r                                                                   | cannot"
            + " tell",
        "CREATE SERVER IF NOT EXISTS r FOREIGN DATA WRAPPER f OPTIONS (host 'x')    | cannot tell",
        "CREATE FOREIGN TABLE IF NOT EXISTS ft (b text) SERVER r                    | cannot tell",
        "CREATE SCHEMA IF NOT EXISTS app AUTHORIZATION pg_monitor                   | owner:"
            + " postgres is there, pg_monitor is asked for",
        "CREATE UNLOGGED SEQUENCE IF NOT EXISTS q | persistence: logged is there",
        "CREATE SEQUENCE IF NOT EXISTS q OWNED BY t.b                               | owned by:"
            + " public.t.a is there, public.t.b",
        "CREATE SEQUENCE IF NOT EXISTS q OWNED BY NONE                              | owned by:"
            + " public.t.a is there, nothing",
        "CREATE TABLE IF NOT EXISTS t (a int, b int) WITH (fillfactor = 70)         | fillfactor:"
            + " nothing is there, 70 is asked for",
        "CREATE TABLE IF NOT EXISTS tuned (a int) WITH (fillfactor = 80)            | fillfactor:"
            + " 70",
        "CREATE TABLE IF NOT EXISTS t (a int, b int) TABLESPACE pg_global           | pg_global",
        "CREATE TABLE IF NOT EXISTS t (a int, b int); ALTER TABLE t RENAME TO u     | cannot tell",
        "CREATE TABLE IF NOT EXISTS t (a int, c int); ALTER TABLE t RENAME b TO c   | cannot tell",
        "CREATE TABLE IF NOT EXISTS t (a int); ALTER TABLE t SET SCHEMA app         | cannot tell",
        "CREATE TABLE IF NOT EXISTS app.n (a int); CREATE TABLE IF NOT EXISTS app.n (b int) |"
            + " column b",
        "DO $$BEGIN CREATE TABLE IF NOT EXISTS t (other text); END$$                | relation"
            + " \"t\" already exists, skipping",
        "DO $$BEGIN EXECUTE format('CREATE TABLE IF NOT EXISTS %I (c int)', 't'); END$$ | relation"
            + " \"t\" already exists, skipping",
        "CREATE FUNCTION m() RETURNS void LANGUAGE sql AS 'CREATE TABLE IF NOT EXISTS t (c"
            + " int)';SELECT m(); DROP FUNCTION m()                                        |"
            + " relation \"t\" already exists",
        "CREATE SCHEMA s CREATE TABLE w (a int) CREATE TABLE IF NOT EXISTS w (b int) | relation"
            + " \"w\" already exists",
      })
  void whatIsPassedOverIsComparedOrAskedAbout(String sql, String difference) throws Exception {
    assertThat(different(sql)).startsWith("1_a.sql:1: ").contains(difference);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER FOREIGN TABLE ft ADD COLUMN IF NOT EXISTS a int",
        "CREATE SCHEMA IF NOT EXISTS app AUTHORIZATION CURRENT_USER",
        "CREATE SCHEMA IF NOT EXISTS app AUTHORIZATION postgres",
        "CREATE SEQUENCE IF NOT EXISTS q OWNED BY t.a",
        "CREATE SEQUENCE IF NOT EXISTS q",
        "CREATE TABLE IF NOT EXISTS tuned (a int) WITH (fillfactor = 70)",
        "CREATE TABLE IF NOT EXISTS tuned (a int) TABLESPACE pg_default",
        "CREATE TABLE IF NOT EXISTS tuned (a int) USING heap",
        "CREATE TABLE IF NOT EXISTS t (a text); DROP TABLE t",
        "ALTER TABLE t ADD COLUMN IF NOT EXISTS b int; ALTER TABLE t ALTER COLUMN b SET NOT NULL",
        "DO $$BEGIN IF NOT EXISTS (SELECT FROM t) THEN RETURN; END IF; END$$",
        "DO $$BEGIN CREATE TABLE IF NOT EXISTS u (a int); END$$",
      })
  void whatIsAsAskedForIsVerified(String sql) {
    verified(sql);
  }

  @Test
  void aColumnThatIsTightenedAfterwardsIsStillCompared() throws Exception {
    assertThat(
            different(
                "ALTER TABLE t ADD COLUMN IF NOT EXISTS b text;"
                    + "ALTER TABLE t ALTER COLUMN b SET NOT NULL"))
        .contains("type: integer is there, text is asked for");
  }

  @Test
  void aSessionWithoutNoticesIsNoSessionWithoutSkips() throws Exception {
    db.execute("ALTER DATABASE " + db.target().database() + " SET client_min_messages = warning");
    assertThat(different("CREATE TABLE IF NOT EXISTS t (c int)")).contains("column c");
  }

  @Tag(TestDatabase.SESSION)
  @Test
  void aHeadThatTurnsNoticesOffHidesNoSkip() throws Exception {
    assertThat(
            different("SET client_min_messages = warning;\nCREATE TABLE IF NOT EXISTS t (c int)"))
        .contains("column c");
  }

  @Test
  void theOthersOfTheStepAreNotAskedAbout() throws Exception {
    db.execute("CREATE COLLATION c FROM \"C\"");
    verified(
        "CREATE TABLE IF NOT EXISTS t (a int, b int);\n"
            + "CREATE SERVER IF NOT EXISTS fresh FOREIGN DATA WRAPPER f;\n"
            + "CREATE STATISTICS IF NOT EXISTS s ON a, b FROM t;\n"
            + "CREATE USER MAPPING IF NOT EXISTS FOR PUBLIC SERVER fresh");
    var result =
        run(
            "1_a.sql",
            "CREATE TABLE IF NOT EXISTS t (a int, b int);\n"
                + "CREATE SERVER IF NOT EXISTS fresh FOREIGN DATA WRAPPER f;\n"
                + "CREATE STATISTICS IF NOT EXISTS s ON a, b FROM t;\n"
                + "CREATE USER MAPPING IF NOT EXISTS FOR PUBLIC SERVER fresh",
            "2_b.sql",
            "SELECT 1;\n"
                + "CREATE TABLE IF NOT EXISTS u (a int);\n"
                + "CREATE COLLATION IF NOT EXISTS c FROM \"C\"");
    assertThat(((Result.Failed) result).cause().message())
        .startsWith("2_b.sql:3: create collation c")
        .contains("('test', '2', 1)");
  }

  @Test
  void aPersonsWordIsEnough() throws Exception {
    var sql = "CREATE USER MAPPING IF NOT EXISTS FOR PUBLIC SERVER r";
    var message = different(sql);
    different(sql);
    db.execute(message.substring(message.indexOf("UPDATE")));
    verified(sql);
  }

  @Test
  void aFunctionThatWasThereBeforeAnswersForItself() throws Exception {
    db.execute(
        "CREATE FUNCTION m() RETURNS void LANGUAGE sql AS 'CREATE TABLE IF NOT EXISTS t (c int)'");
    verified("SELECT m();\nCREATE TABLE IF NOT EXISTS u (a int)");
  }
}
