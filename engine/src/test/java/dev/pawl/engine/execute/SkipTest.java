package dev.pawl.engine.execute;

import static dev.pawl.engine.testing.TestDatabase.files;
import static dev.pawl.engine.testing.TestDatabase.options;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.testing.Clients;
import dev.pawl.engine.testing.Recorder;
import dev.pawl.engine.testing.TestDatabase;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An IF NOT EXISTS that skips is success for the server, and a look for Pawl. */
@Timeout(240)
class SkipTest {
  private TestDatabase db;

  @BeforeEach
  void database() throws Exception {
    db = TestDatabase.fresh();
    db.execute(
        "CREATE TABLE t (a int)",
        "CREATE INDEX i ON t (a)",
        "CREATE SCHEMA s",
        "CREATE SEQUENCE q",
        "CREATE TYPE e AS ENUM ('a', 'b', 'c')",
        "CREATE MATERIALIZED VIEW m AS SELECT a FROM t");
  }

  /** What the server says, and whether what is there is what is asked for. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "42P07 | CREATE TABLE IF NOT EXISTS t (a int)                         | ",
        "42P07 | CREATE TABLE IF NOT EXISTS t (a bigint)                      | type: integer",
        "42P07 | CREATE TABLE IF NOT EXISTS t (a int, b int)                  | without what is"
            + " asked",
        "42P07 | CREATE TABLE IF NOT EXISTS t (a int CHECK (a > 0))           | CHECK (a > 0)",
        "42P07 | CREATE INDEX IF NOT EXISTS i ON t (a)                        | ",
        "42P07 | CREATE INDEX IF NOT EXISTS i ON t (a DESC)                   | keys: a is there",
        "42P07 | CREATE MATERIALIZED VIEW IF NOT EXISTS m AS SELECT a FROM t  | ",
        "42P07 | CREATE MATERIALIZED VIEW IF NOT EXISTS m AS SELECT 1 AS a    | query",
        "42P07 | CREATE SEQUENCE IF NOT EXISTS q                              | ",
        "42P07 | CREATE SEQUENCE IF NOT EXISTS t                              | not a sequence",
        "42701 | ALTER TABLE t ADD COLUMN IF NOT EXISTS a int                 | ",
        "42701 | ALTER TABLE t ADD COLUMN IF NOT EXISTS a int NOT NULL        | nullability",
        "42P06 | CREATE SCHEMA IF NOT EXISTS s                                | ",
        "42710 | ALTER TYPE e ADD VALUE IF NOT EXISTS 'b'                     | ",
        "42710 | ALTER TYPE e ADD VALUE IF NOT EXISTS 'b' AFTER 'c'           | not after c",
      })
  void aSkip(String notice, String sql, String difference) throws Exception {
    assertThat(notices(sql)).isEqualTo(notice);
    var result = db.run("1_x.sql", sql);
    if (difference == null) {
      assertThat(result).isInstanceOf(Result.Verified.class);
    } else {
      assertThat(((Result.Failed) result).cause().reason()).isEqualTo("Different");
      assertThat(((Result.Failed) result).cause().message())
          .startsWith("1_x.sql:1: ")
          .contains(difference);
    }
  }

  private String notices(String sql) throws SQLException {
    try (var connection = db.connect();
        var statement = connection.createStatement()) {
      statement.execute(sql);
      return statement.getWarnings().getSQLState();
    }
  }

  @Test
  void anEnumsNewValueIsUsedInTheNextTransactionOfItsFile() throws Exception {
    assertThat(
            db.run(
                "1_e.sql",
                "ALTER TYPE e ADD VALUE 'd';\nCREATE TABLE u (e e DEFAULT 'd');\n"
                    + "INSERT INTO u DEFAULT VALUES;"))
        .isInstanceOf(Result.Verified.class);
    assertThat(db.query("SELECT e FROM u")).containsExactly("d");
    assertThat(db.query("SELECT count(*) FROM pawl.step")).containsExactly("2");
  }

  @Test
  void aRaceOfTwoCreatorsIsTriedAgain() throws Exception {
    var sql = "CREATE TABLE IF NOT EXISTS u (a int)";
    var heard = new Recorder();
    CompletableFuture<Result> run;
    try (var other = Clients.open(db, "CREATE TABLE u (a int)")) {
      run = Clients.start(MigrationRun.of(db.target(), files("1_u.sql", sql), options(), heard));
      db.await(
          "SELECT 1 FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid WHERE NOT l.granted"
              + " AND l.locktype = 'transactionid' AND a.datname = current_database()");
      other.commit();
    }
    assertThat(run.get(60, TimeUnit.SECONDS)).isInstanceOf(Result.Verified.class);
    assertThat(heard.causes())
        .flatExtracting(c -> c.sqlstate().stream().toList())
        .containsAnyOf("23505", "55P03");
  }
}
