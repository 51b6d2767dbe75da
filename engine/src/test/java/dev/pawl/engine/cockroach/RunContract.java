package dev.pawl.engine.cockroach;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.execute.Result;
import dev.pawl.engine.execute.Target;
import dev.pawl.engine.testing.Recorder;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whole runs on CockroachDB, by nothing but SQL. */
@Timeout(300)
abstract class RunContract {
  private ContractServer server;
  private Place place;

  /** Against which. */
  abstract ContractServer server();

  @BeforeEach
  void begin() throws SQLException {
    server = server();
    place = new Place(server);
  }

  private Result run(Target target, String stream, String... pathsAndTexts) {
    var files = Arrays.stream(pathsAndTexts).map(place::text).toArray(String[]::new);
    return Runs.of(target, stream, Duration.ofSeconds(60), new Recorder(), files).run();
  }

  private Result run(String... pathsAndTexts) {
    return run(server.target(), place.schema, pathsAndTexts);
  }

  private void verified(String... pathsAndTexts) {
    assertThat(run(pathsAndTexts)).isInstanceOf(Result.Verified.class);
  }

  private List<String> ledger(String columns) throws SQLException {
    return place.query(
        "SELECT "
            + columns
            + " FROM pawl.step WHERE stream = '$' ORDER BY length(version), version, ordinal");
  }

  @Test
  void aHistoryIsAppliedOnceAndVerified() throws SQLException {
    String[] history = {
      "1/up01.sql",
      "CREATE TABLE $.team (id INT8 PRIMARY KEY, name STRING NOT NULL);",
      "1/up02.sql",
      "CREATE TABLE $.member (id INT8 PRIMARY KEY, team INT8 NOT NULL, mail STRING);",
      "2/up.sql",
      """
      INSERT INTO $.team VALUES (1, 'one'), (2, 'two');
      INSERT INTO $.member VALUES (1, 1, 'a@example.com'), (2, 1, 'b@example.com');
      """,
      "3/up.sql",
      "CREATE UNIQUE INDEX IF NOT EXISTS member_mail ON $.member (mail) STORING (team);",
      "4/up1.sql",
      "ALTER TABLE $.member ADD CONSTRAINT member_team FOREIGN KEY (team) REFERENCES $.team (id);",
      "4/up2.sql",
      "ALTER TABLE $.member ADD COLUMN IF NOT EXISTS since TIMESTAMPTZ NOT NULL DEFAULT now();",
      "5/up.sql",
      "DROP TABLE IF EXISTS $.member;",
      "6/up.sql",
      "CREATE TABLE $.member (id INT8 PRIMARY KEY, nickname STRING);"
    };
    verified(history);
    assertThat(ledger("phase")).containsOnly("Verified");
    var attempts = ledger("version, ordinal, attempts");
    verified(history);
    assertThat(ledger("version, ordinal, attempts")).isEqualTo(attempts);
    assertThat(place.query("SELECT name FROM $.team ORDER BY id")).containsExactly("one", "two");
    assertThat(
            place.query(
                "SELECT column_name FROM [SHOW COLUMNS FROM $.member] ORDER BY column_name"))
        .containsExactly("id", "nickname");
  }

  @Test
  void anIndexThatIsThereIsAdoptedWhenItIsTheSame() throws SQLException {
    place.execute("CREATE TABLE $.t (a INT8 PRIMARY KEY, b STRING)", "CREATE INDEX i ON $.t (b)");
    verified("1_i.sql", "CREATE INDEX IF NOT EXISTS i ON $.t (b);");
    assertThat(
            run(
                "1_i.sql",
                "CREATE INDEX IF NOT EXISTS i ON $.t (b);",
                "2_i.sql",
                "CREATE INDEX IF NOT EXISTS i ON $.t (b DESC);"))
        .isInstanceOf(Result.Failed.class);
  }

  @Test
  void aDuplicateFailsTheStepUntilItIsMended() throws SQLException {
    place.execute(
        "CREATE TABLE $.t (a INT8 PRIMARY KEY, b STRING)",
        "INSERT INTO $.t VALUES (1, 'x'), (2, 'x')");
    String[] history = {"1_u.sql", "CREATE UNIQUE INDEX u ON $.t (b);"};
    assertThat(run(history))
        .isInstanceOfSatisfying(
            Result.Failed.class, f -> assertThat(f.cause().sqlstate()).contains("23505"));
    assertThat(place.query("SELECT 1 FROM [SHOW INDEXES FROM $.t] WHERE index_name = 'u'"))
        .isEmpty();
    place.execute("DELETE FROM $.t WHERE a = 2");
    verified(history);
  }

  @Test
  void dataIsChangedOnce() throws SQLException {
    place.execute("CREATE TABLE $.t (a INT8 PRIMARY KEY, n INT8)", "INSERT INTO $.t VALUES (1, 0)");
    String[] history = {"1_n.sql", "UPDATE $.t SET n = n + 1 WHERE a = 1;"};
    verified(history);
    verified(history);
    assertThat(place.query("SELECT n FROM $.t")).containsExactly("1");
  }

  @Test
  void twoStreamsThatAskForTheSameIndexAreBothVerified() throws Exception {
    place.execute("CREATE TABLE $.t (a INT8 PRIMARY KEY, b STRING)");
    String[] history = {"1_i.sql", "CREATE INDEX IF NOT EXISTS i ON $.t (b);"};
    var other =
        CompletableFuture.supplyAsync(() -> run(server.target(), place.schema + "b", history));
    verified(history);
    assertThat(other.get(60, TimeUnit.SECONDS)).isInstanceOf(Result.Verified.class);
    assertThat(
            place.query(
                "SELECT count(DISTINCT column_name) FROM [SHOW INDEXES FROM $.t] WHERE index_name ="
                    + " 'i'"))
        .containsExactly("2"); // b, and the implicit a
  }

  /** The form that omicron generates (github.com/oxidecomputer/omicron, schema/crdb). */
  @Test
  void aVerifyFileOfOmicronsFormDecides() throws SQLException {
    place.execute("CREATE TABLE $.t (a INT8 PRIMARY KEY, b STRING)");
    verified(
        "1_i.sql",
        "CREATE INDEX IF NOT EXISTS i ON $.t (b);",
        "1_i.verify.sql",
        """
        SELECT CAST(IF((SELECT true WHERE EXISTS (SELECT index_name
          FROM information_schema.statistics
         WHERE table_schema = '$' AND table_name = 't' AND index_name = 'i')),
          'true','Schema change verification failed: index i does not exist') AS BOOL);
        """);
  }

  @Test
  void whoCannotSeeJobsIsToldWhatToGrant() throws SQLException {
    var entered = server.newUser(place.schema + "user");
    var user = entered.user();
    place.execute(
        "CREATE TABLE $.t (a INT8 PRIMARY KEY, b STRING)",
        "GRANT ALL ON DATABASE "
            + place.query("SELECT current_database()").getFirst()
            + " TO "
            + user,
        "GRANT ALL ON SCHEMA $ TO " + user,
        "GRANT ALL ON TABLE $.t TO " + user);
    String[] history = {"1_i.sql", "CREATE INDEX i ON $.t (b);"};
    var stream = place.schema;
    // The ledger is made beforehand, and shared.
    assertThat(run(server.target(), stream + "first", "1_x.sql", "CREATE TABLE $.x (a INT8);"))
        .isInstanceOf(Result.Verified.class);
    place.execute("GRANT ALL ON SCHEMA pawl TO " + user, "GRANT ALL ON TABLE pawl.* TO " + user);
    var refused = run(entered, stream, history);
    assertThat(refused).isNotInstanceOf(Result.Verified.class);
    assertThat(refused.toString())
        .contains(server.since(23, 1) ? "GRANT SYSTEM VIEWJOB TO" : "GRANT admin TO");
    place.execute(
        server.since(23, 1) ? "GRANT SYSTEM VIEWJOB TO " + user : "GRANT admin TO " + user);
    assertThat(run(entered, stream, history)).isInstanceOf(Result.Verified.class);
  }
}
