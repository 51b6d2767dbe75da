package dev.pawl.engine.execute;

import static dev.pawl.engine.testing.TestDatabase.files;
import static dev.pawl.engine.testing.TestDatabase.options;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.change.Classifier;
import dev.pawl.engine.change.FactJson;
import dev.pawl.engine.plan.VerifyFile;
import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.Splitter;
import dev.pawl.engine.sql.Statement;
import dev.pawl.engine.testing.Recorder;
import dev.pawl.engine.testing.TestDatabase;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What once made Pawl say Verified of another thing than was asked for; on a real PostgreSQL. */
@Timeout(240)
@Tag(TestDatabase.SESSION)
class FooledTest {
  private TestDatabase db;

  @BeforeEach
  void twoSchemas() throws Exception {
    db = TestDatabase.fresh();
    db.execute("CREATE SCHEMA app");
  }

  private Result run(String... pathsAndTexts) {
    return MigrationRun.of(
            db.target(), files(pathsAndTexts), options(Duration.ofSeconds(4)), new Recorder())
        .run();
  }

  private void verified(String... pathsAndTexts) {
    assertThat(run(pathsAndTexts)).isInstanceOf(Result.Verified.class);
  }

  private void failed(String reason, String message, String... pathsAndTexts) {
    var result = run(pathsAndTexts);
    assertThat(result).isInstanceOf(Result.Failed.class);
    assertThat(((Result.Failed) result).cause().reason()).isEqualTo(reason);
    assertThat(((Result.Failed) result).cause().message()).contains(message);
  }

  /** What one step leaves in its session is not there for the next file. */
  @Nested
  class Sessions {
    private void seesPublic(String first) throws Exception {
      verified("1_a.sql", first, "2_b.sql", "CREATE TABLE made (id int)");
      assertThat(db.query("SELECT schemaname FROM pg_tables WHERE tablename = 'made'"))
          .containsExactly("public");
    }

    @Test
    void aSearchPathSetInADoBlockIsNotForTheNextFile() throws Exception {
      seesPublic("DO $$BEGIN PERFORM set_config('search_path', 'app', false); END$$");
    }

    @Test
    void aSearchPathSetByAFunctionIsNotForTheNextFile() throws Exception {
      db.execute(
          "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS"
              + " $$SELECT set_config('search_path', 'app', false)$$");
      seesPublic("SELECT f()");
    }

    private static final String PATH =
        "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS"
            + " $$SELECT set_config('search_path', 'app', false)$$";

    @ParameterizedTest
    @ValueSource(
        strings = {
          "DO $$BEGIN PERFORM set_config('search_path', 'app', false); END$$",
          "DO $$BEGIN SET search_path = app; END$$",
          "SELECT f()",
          "INSERT INTO t (name) SELECT f()",
          "WITH x AS (SELECT f() AS v) UPDATE t SET name = v FROM x",
        })
    void aSearchPathSetInPassingIsRefusedBeforeTheNextStepOfItsFile(String sql) throws Exception {
      db.execute(
          PATH,
          "CREATE TABLE t (id int, name text)",
          "INSERT INTO t VALUES (1)",
          "CREATE TABLE app.t (id int)");
      failed(
          "SettingsChanged",
          "1_a.sql:1: search_path was changed",
          "1_a.sql",
          sql + ";\nCREATE INDEX CONCURRENTLY i ON t (id)");
      assertThat(db.query("SELECT indexname FROM pg_indexes WHERE indexname = 'i'")).isEmpty();
      assertThat(db.query("SELECT count(*) FROM t")).containsExactly("1");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "DO $$BEGIN PERFORM 1; END$$; SELECT 1",
          "SET LOCAL search_path = app; SELECT 1",
          "SELECT set_config('search_path', 'app', true)",
          "SELECT 1; SET search_path = public; SELECT 2",
        })
    void whatChangesNothingForTheNextStepOfItsFileIsNotRefused(String sql) throws Exception {
      db.execute("CREATE TABLE t (id int)", "CREATE TABLE app.t (id int)");
      verified("1_a.sql", sql + ";\nCREATE INDEX CONCURRENTLY i ON t (id)");
      assertThat(db.query("SELECT schemaname FROM pg_indexes WHERE indexname = 'i'"))
          .containsExactly("public");
    }

    @Test
    void aTemporaryTableOfSelectIntoDoesNotHideTheTable() throws Exception {
      db.execute("CREATE TABLE t (id int)");
      verified(
          "1_a.sql", "SELECT 1 AS id INTO TEMP t", "2_b.sql", "ALTER TABLE t ADD COLUMN b int");
      assertThat(
              db.query(
                  "SELECT table_schema FROM information_schema.columns WHERE column_name = 'b'"
                      + " AND table_name = 't'"))
          .containsExactly("public");
    }

    @Test
    void aSearchPathSetBySetConfigHoldsForEveryStepOfItsFile() throws Exception {
      db.execute("CREATE TABLE t (id int)", "CREATE TABLE app.t (id int)");
      verified(
          "1_a.sql",
          "SELECT pg_catalog.set_config('search_path', 'app', false);\n"
              + "INSERT INTO t VALUES (1);\nCREATE INDEX CONCURRENTLY i ON t (id)");
      assertThat(db.query("SELECT schemaname FROM pg_indexes WHERE indexname = 'i'"))
          .containsExactly("app");
    }
  }

  /** What IF NOT EXISTS passed over is looked for where the statement looked. */
  @Nested
  class Skipped {
    private static final String MADE = "CREATE TABLE IF NOT EXISTS t (id int)";

    private void isCompared(String before) throws Exception {
      db.execute("CREATE TABLE t (id int)", "CREATE TABLE app.t (other text)");
      failed("Different", "without what is asked for: column id", "1_a.sql", before + ";" + MADE);
    }

    @Test
    void underASearchPathOfTheTransaction() throws Exception {
      isCompared("SET LOCAL search_path = app");
    }

    @Test
    void underASearchPathSetInTheMiddle() throws Exception {
      isCompared("CREATE TABLE x (); SET search_path = app");
    }

    @Test
    void underASearchPathOfSetConfig() throws Exception {
      isCompared("SELECT set_config('search_path', 'app', true)");
    }

    @Test
    void whereNoticesWereTurnedOffInADoBlock() throws Exception {
      db.execute("CREATE TABLE t (other text)");
      failed(
          "Different",
          "column id",
          "1_a.sql",
          "DO $$BEGIN PERFORM set_config('client_min_messages', 'error', true); END$$;" + MADE);
    }

    @Test
    void eachUnderItsOwnSearchPath() throws Exception {
      db.execute("CREATE TABLE app.t (id int)");
      verified(
          "1_a.sql",
          "SET LOCAL search_path TO app;"
              + MADE
              + ";SET LOCAL search_path TO public; CREATE TABLE IF NOT EXISTS u (id int)",
          "2_b.sql",
          "CREATE TABLE v ()");
      assertThat(db.query("SELECT schemaname FROM pg_tables WHERE tablename IN ('u', 'v')"))
          .containsExactly("public", "public");
    }

    @Test
    void aTemporaryTableIsNotLookedForAfterItsSession() throws Exception {
      verified("1_a.sql", "CREATE TEMP TABLE IF NOT EXISTS t (id int)");
    }

    @Test
    void aPartitionMustBeOneOfItsTable() throws Exception {
      db.execute(
          "CREATE TABLE t (id int) PARTITION BY RANGE (id)",
          "CREATE TABLE other (id int) PARTITION BY RANGE (id)",
          "CREATE TABLE p PARTITION OF other FOR VALUES FROM (1) TO (9)");
      failed(
          "Different",
          "is no partition of t",
          "1_a.sql",
          "CREATE TABLE IF NOT EXISTS p PARTITION OF t FOR VALUES FROM (1) TO (9)");
    }

    /** Sources of columns, and tables made of them. */
    private void tables() throws Exception {
      db.execute(
          "CREATE TYPE kind AS (id int)",
          "CREATE TABLE u (id int DEFAULT 7 NOT NULL CHECK (id > 0), UNIQUE (id))",
          "CREATE INDEX ON u ((id + 1))",
          "CREATE TABLE parted (id int) PARTITION BY RANGE (id)",
          "CREATE TABLE other (x text)",
          "CREATE TABLE plain (id int)",
          "CREATE TABLE liked (LIKE u INCLUDING ALL)",
          "CREATE TABLE heir () INHERITS (u)",
          "CREATE TABLE typed OF kind",
          "CREATE TABLE byrange (id int) PARTITION BY RANGE (id)",
          "CREATE TABLE filled AS SELECT id, id + 1.5 AS more FROM u",
          "CREATE UNLOGGED TABLE fast (id int)",
          "CREATE TABLE self (id int PRIMARY KEY, parent int REFERENCES self) PARTITION BY HASH"
              + " (id)",
          "CREATE TABLE low PARTITION OF parted FOR VALUES FROM (1) TO (9)");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "TABLE IF NOT EXISTS other (LIKE u)                       | column id, type: nothing",
          "TABLE IF NOT EXISTS plain (LIKE u)                       | column id, nullability",
          "TABLE IF NOT EXISTS liked (LIKE parted)                  | column id, nullability",
          "TABLE IF NOT EXISTS u (LIKE typed INCLUDING ALL)         | column id, default",
          "TABLE IF NOT EXISTS heir (LIKE u INCLUDING ALL)          | UNIQUE (id): nothing",
          "TABLE IF NOT EXISTS heir (LIKE u INCLUDING INDEXES)      | index USING btree (((id +"
              + " 1)))",
          "TABLE IF NOT EXISTS other AS SELECT id FROM u            | column id, type: nothing",
          "TABLE IF NOT EXISTS plain AS SELECT 1::bigint AS id      | column id, type: integer",
          "TABLE IF NOT EXISTS plain AS EXECUTE made_elsewhere      | cannot be made now",
          "TABLE IF NOT EXISTS other () INHERITS (u)                | parents: nothing",
          "TABLE IF NOT EXISTS heir (id int DEFAULT 7 NOT NULL)     | parents: public.u is there",
          "TABLE IF NOT EXISTS plain OF kind                        | type: nothing",
          "TABLE IF NOT EXISTS other OF kind                        | column id, type: nothing",
          "TABLE IF NOT EXISTS typed (id int)                       | type: kind",
          "TABLE IF NOT EXISTS plain (id int) PARTITION BY LIST (id)   | partition key: nothing",
          "TABLE IF NOT EXISTS byrange (id int) PARTITION BY LIST (id) | partition key: RANGE (id)",
          "TABLE IF NOT EXISTS byrange (id int)                     | partition key: RANGE (id)",
          "TABLE IF NOT EXISTS low PARTITION OF parted FOR VALUES FROM (1) TO (8) | bounds: FOR",
          "TABLE IF NOT EXISTS fast (id int)                        | persistence: unlogged",
          "UNLOGGED TABLE IF NOT EXISTS plain (id int)              | persistence: logged",
        })
    void aTableThatIsAnotherThanItWouldHaveBecome(String asked, String difference)
        throws Exception {
      tables();
      failed("Different", difference, "1_a.sql", "CREATE " + asked);
      assertThat(db.query("SELECT phase FROM pawl.step")).containsExactly("Failed");
    }

    private void objects() throws Exception {
      db.execute(
          "CREATE SEQUENCE q AS int INCREMENT BY 10",
          "CREATE COLLATION c FROM \"C\"",
          "CREATE TABLE t (a int, b int)",
          "ALTER SEQUENCE q OWNED BY t.a",
          "CREATE STATISTICS s ON a, b FROM t",
          "CREATE FOREIGN DATA WRAPPER f",
          "CREATE SERVER r FOREIGN DATA WRAPPER f",
          "CREATE FOREIGN TABLE ft (a int) SERVER r");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "SEQUENCE IF NOT EXISTS q INCREMENT BY 1 OWNED BY t.a        | increment: 10 is there",
          "SEQUENCE IF NOT EXISTS q AS bigint INCREMENT BY 10          | type: integer is there",
          "SEQUENCE IF NOT EXISTS q AS int INCREMENT BY 10 CYCLE       | cycle: no is there",
          "EXTENSION IF NOT EXISTS plpgsql VERSION '0.9'               | version: 1.0 is there",
          "EXTENSION IF NOT EXISTS plpgsql SCHEMA app                  | schema: pg_catalog is"
              + " there",
          "COLLATION IF NOT EXISTS c FROM \"POSIX\"                  | cannot tell whether",
          "STATISTICS IF NOT EXISTS s (ndistinct) ON a, b FROM t       | cannot tell whether",
          "SERVER IF NOT EXISTS r FOREIGN DATA WRAPPER f               | cannot tell whether",
          "FOREIGN TABLE IF NOT EXISTS ft (b text) SERVER r            | cannot tell whether",
        })
    void anotherObjectThatIsThere(String asked, String difference) throws Exception {
      objects();
      failed("Different", difference, "1_a.sql", "CREATE " + asked);
    }

    @Test
    void anObjectThatIsWhatIsAskedFor() throws Exception {
      objects();
      verified(
          "1_a.sql",
          "CREATE SEQUENCE IF NOT EXISTS q AS integer INCREMENT 10 START WITH 1 OWNED BY t.a;CREATE"
              + " EXTENSION IF NOT EXISTS plpgsql;CREATE EXTENSION IF NOT EXISTS plpgsql WITH"
              + " SCHEMA pg_catalog VERSION '1.0' CASCADE;CREATE SCHEMA IF NOT EXISTS app");
    }

    @Test
    void whatCannotBeComparedIsForAPersonToLookAt() throws Exception {
      objects();
      var sql = "CREATE COLLATION IF NOT EXISTS c FROM \"C\"";
      var failed = (Result.Failed) run("1_a.sql", sql);
      var message = failed.cause().message();
      assertThat(message).startsWith("1_a.sql:1: create collation c: one is there already");
      failed("Different", "cannot tell whether", "1_a.sql", sql);
      db.execute(message.substring(message.indexOf("UPDATE")));
      verified("1_a.sql", sql);
    }

    @Test
    void whatWasNotThereIsVerifiedByItsCommit() throws Exception {
      db.execute("CREATE TABLE t (a int, b int)");
      verified(
          "1_a.sql",
          "CREATE COLLATION IF NOT EXISTS c FROM \"C\";"
              + "CREATE STATISTICS IF NOT EXISTS s ON a, b FROM t");
    }

    @Test
    void aTableThatIsWhatItWouldHaveBecomeIsVerified() throws Exception {
      tables();
      verified(
          "1_a.sql",
          "CREATE TABLE IF NOT EXISTS liked (LIKE u INCLUDING ALL);"
              + "CREATE TABLE IF NOT EXISTS heir () INHERITS (u);"
              + "CREATE TABLE IF NOT EXISTS typed OF kind;"
              + "CREATE TABLE IF NOT EXISTS byrange (id integer) PARTITION BY RANGE (\"id\");"
              + "CREATE TABLE IF NOT EXISTS filled AS SELECT id, id + 1.5 AS more FROM u"
              + " WITH NO DATA;"
              + "CREATE UNLOGGED TABLE IF NOT EXISTS fast (id int);"
              + "CREATE TABLE IF NOT EXISTS self (id int PRIMARY KEY, parent int REFERENCES self)"
              + " PARTITION BY HASH (id);"
              + "CREATE TABLE IF NOT EXISTS low PARTITION OF parted FOR VALUES FROM ('1') TO (9)");
    }
  }

  @Test
  void anIndexInASchemaThatTheNameDoesNotReachIsNotGone() throws Exception {
    db.execute("CREATE TABLE app.t (id int)", "CREATE INDEX i ON app.t (id)");
    failed("Different", "there is one in schema app", "1_a.sql", "DROP INDEX CONCURRENTLY i");
    verified("1_a.sql", "DROP INDEX CONCURRENTLY app.i");
  }

  @Test
  void aPartitionThatTheNameDoesNotReachIsNotDetached() throws Exception {
    db.execute(
        "CREATE TABLE t (id int) PARTITION BY RANGE (id)",
        "CREATE TABLE app.p PARTITION OF t FOR VALUES FROM (1) TO (9)");
    failed(
        "StatementFailed",
        "does not exist",
        "1_a.sql",
        "ALTER TABLE t DETACH PARTITION p CONCURRENTLY");
  }

  @Test
  void anIndexOnAParentThatIsNotPartitionedIsFinishedWithoutItsChildren() throws Exception {
    db.execute("CREATE TABLE t (id int)", "CREATE TABLE child () INHERITS (t)");
    verified("1_a.sql", "CREATE INDEX CONCURRENTLY i ON ONLY t (id)");
  }

  @Test
  void aVerifyQueryWithMoreThanOneAnswerSaysNothing() throws Exception {
    db.execute("CREATE TABLE t (id int)");
    for (var sql : new String[] {"VALUES (true), (false)", "SELECT true, false"}) {
      failed("StatementFailed", "SELECT one boolean", "1_a.sql", "VACUUM t", "1_a.verify.sql", sql);
    }
  }

  private static Statement statement(String sql) {
    return Splitter.split(sql, DatabaseKind.POSTGRESQL).getFirst();
  }

  @Test
  void factsOfAnotherStatementAreRefused() throws Exception {
    db.execute("CREATE TABLE t (id int)", "CREATE TABLE u (id int)", "CREATE INDEX j ON u (id)");
    var asked = "CREATE INDEX CONCURRENTLY i ON t (id)";
    for (var said : new String[] {"CREATE INDEX CONCURRENTLY j ON u (id)", "VACUUM t"}) {
      var fact = Classifier.classify(statement(said), DatabaseKind.POSTGRESQL).getFirst();
      var result =
          run(
              "1_a.sql",
              asked,
              "1_a.verify.sql",
              "-- pawl: statement sha256:"
                  + VerifyFile.checksum(statement(asked))
                  + "\n-- pawl: fact "
                  + FactJson.write(fact)
                  + "\nSELECT true");
      assertThat(result).isInstanceOf(Result.Refused.class);
      assertThat(((Result.Refused) result).cause().message()).contains("but it is to create index");
    }
  }

  @Test
  void whatWasRebuiltOrDroppedIsFoundSoLater() throws Exception {
    db.execute(
        "CREATE TABLE t (id int)",
        "CREATE INDEX i ON t (id)",
        "CREATE TABLE app.t (id int)",
        "CREATE INDEX k ON t (id)",
        "CREATE INDEX k ON app.t (id)");
    var source =
        new String[] {"1_a.sql", "REINDEX INDEX CONCURRENTLY i; DROP INDEX CONCURRENTLY k"};
    verified(source);
    assertThat(Verifier.verify(db.target(), files(source), "test").findings()).isEmpty();
  }
}
