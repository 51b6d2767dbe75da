package dev.pawl.engine.execute;

import static dev.pawl.engine.testing.TestDatabase.files;
import static dev.pawl.engine.testing.TestDatabase.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.engine.testing.Recorder;
import dev.pawl.engine.testing.TestDatabase;
import dev.pawl.engine.testing.TestPooler;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Behind a real PgBouncer in transaction mode, whose clients take turns on one connection: what is
 * done, what is refused, and that the next client finds nothing changed. Runs where a pooler is
 * asked for ({@code e2e/test}); {@link PoolerTest} shows the same without one.
 */
@Timeout(240)
@EnabledIfSystemProperty(named = "pawl.test.pooler", matches = ".+")
class PgBouncerTest {
  private static final List<String> SETTINGS =
      List.of(
          "lock_timeout",
          "statement_timeout",
          "idle_in_transaction_session_timeout",
          "synchronous_commit",
          "standard_conforming_strings",
          "client_min_messages",
          "default_transaction_isolation",
          "search_path",
          "work_mem");
  private static int port;
  private TestDatabase db;
  private Target alone;

  @BeforeAll
  static void pooler() throws Exception {
    port = TestPooler.start(TestDatabase.fresh().direct().port(), 1);
  }

  @BeforeEach
  void database() throws Exception {
    db = TestDatabase.fresh();
    db.execute(
        "CREATE TABLE t (a int)",
        "CREATE INDEX old ON t (a)",
        "CREATE TABLE p (a int) PARTITION BY RANGE (a)",
        "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10)",
        "CREATE PROCEDURE ends() LANGUAGE plpgsql AS 'BEGIN COMMIT; END'");
    var t = db.direct();
    alone =
        new Target(
            t.host(),
            port,
            t.database(),
            t.user(),
            t.password(),
            t.tlsMode(),
            Optional.empty(),
            Optional.empty());
  }

  private Connection client(String... settings) throws SQLException {
    var properties = new Properties();
    properties.setProperty("user", "postgres");
    properties.setProperty("preferQueryMode", "simple");
    for (int k = 0; k < settings.length; k += 2) {
      properties.setProperty(settings[k], settings[k + 1]);
    }
    return DriverManager.getConnection(
        "jdbc:postgresql://localhost:" + port + "/" + alone.database(), properties);
  }

  private static List<String> settings(Connection connection) throws SQLException {
    var all = new ArrayList<String>();
    for (var name : SETTINGS) {
      try (var statement = connection.createStatement();
          var rows = statement.executeQuery("SHOW " + name)) {
        rows.next();
        all.add(name + "=" + rows.getString(1));
      }
    }
    return all;
  }

  private static String stateOf(Throwable error) {
    return ((SQLException) error).getSQLState();
  }

  private Result run(Target target, String sql) {
    return MigrationRun.of(target, files("1_x.sql", sql), options(), new Recorder()).run();
  }

  @Test
  void theNextClientFindsNoSettingOfARun() throws Exception {
    List<String> before;
    try (var client = client()) {
      before = settings(client);
    }
    var source =
        files(
            "1_x.sql", "CREATE TABLE u (a int); SET LOCAL work_mem = '17MB'; SELECT 1;",
            "2_x.sql", "INSERT INTO u VALUES (1); ALTER TABLE t ADD COLUMN IF NOT EXISTS a int;",
            "3_x.sql", "SELECT 1/0;");
    var result = MigrationRun.of(alone, source, options(), new Recorder()).run();
    assertThat(result).isInstanceOf(Result.Failed.class);
    assertThat(((Result.Failed) result).cause().sqlstate()).contains("22012");
    try (var client = client()) {
      assertThat(settings(client)).isEqualTo(before);
    }
    assertThat(db.query("SELECT phase FROM pawl.step ORDER BY version"))
        .containsExactly("Verified", "Verified", "Failed");
  }

  /** What needs a session of its own. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE INDEX CONCURRENTLY i ON t (a)",
        "DROP INDEX CONCURRENTLY old",
        "REINDEX INDEX CONCURRENTLY old",
        "REINDEX TABLE CONCURRENTLY t",
        "REINDEX SCHEMA public",
        "VACUUM t",
        "CLUSTER",
        "ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY",
        "CREATE DATABASE made_behind_a_pooler",
        "ALTER SYSTEM SET work_mem = '17MB'",
        "-- pawl: verify none because it ends transactions\nCALL ends()",
        "SET search_path = public;\nCREATE TABLE u ()",
        "CREATE TABLE u ();\nSET work_mem = '17MB';\nCREATE TABLE v ()",
        "CREATE TEMP TABLE u (a int);\nINSERT INTO t SELECT a FROM u",
      })
  void whatNeedsASessionIsRefusedAndNotTried(String sql) throws Exception {
    var failed = (Result.Failed) run(alone, sql);
    assertThat(failed.cause().reason()).isEqualTo("PoolerInTheWay");
    assertThat(failed.cause().message()).startsWith("1_x.sql:").contains("directUrl");
    assertThat(failed.human()).isTrue();
    assertThat(db.query("SELECT attempts FROM pawl.step")).containsExactly("0");
    assertThat(db.query("SELECT to_regclass('u'), to_regclass('i'), to_regclass('old')"))
        .containsExactly("null|null|old");
    if (!sql.startsWith("CREATE DATABASE") && !sql.startsWith("ALTER SYSTEM")) {
      var both =
          new Target(
              alone.host(),
              port,
              alone.database(),
              alone.user(),
              alone.password(),
              alone.tlsMode(),
              Optional.empty(),
              Optional.of(db.direct()));
      assertThat(run(both, sql)).as("with directUrl").isInstanceOf(Result.Verified.class);
    }
  }

  @Test
  void thePoolerItselfRefusesOptionsAndKeepsWhatAClientSets() throws Exception {
    assertThatThrownBy(() -> client("options", "-c lock_timeout=400").close())
        .satisfies(e -> assertThat(stateOf(e)).isEqualTo("08P01"));
    try (var one = client();
        var next = client()) {
      one.createStatement().execute("SET lock_timeout = '123ms'");
      assertThat(settings(next)).contains("lock_timeout=123ms");
      one.createStatement().execute("RESET lock_timeout");
      var text = "SET lock_timeout = 0; CREATE INDEX CONCURRENTLY i ON t (a)";
      assertThatThrownBy(() -> one.createStatement().execute(text))
          .satisfies(e -> assertThat(stateOf(e)).isEqualTo("25001"));
    }
  }
}
