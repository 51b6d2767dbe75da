package dev.pawl.engine.cockroach;

import static dev.pawl.engine.cockroach.WireTest.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.engine.cockroach.world.Job;
import dev.pawl.engine.cockroach.world.ModelVersion;
import dev.pawl.engine.cockroach.world.SqlError;
import dev.pawl.engine.cockroach.world.Transition;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the model does through its wire, as a client sees it. */
@Timeout(240)
class ModelTest {
  private CockroachModel model;

  @AfterEach
  void end() {
    if (model != null) {
      model.close();
    }
  }

  private void start(ModelOptions options) {
    model = CockroachModel.start(options);
  }

  private void execute(String... statements) throws SQLException {
    try (var connection = model.connect()) {
      for (var sql : statements) {
        execute(connection, sql);
      }
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private List<String> ask(String sql) throws SQLException {
    try (var connection = model.connect()) {
      return query(connection, sql);
    }
  }

  private static void assertState(String state, ThrowingCallable code) {
    assertThatThrownBy(code)
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(state));
  }

  private CompletableFuture<Void> inBackground(String sql) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            execute(sql);
          } catch (SQLException e) {
            throw new IllegalStateException(e.getSQLState() + " " + e.getMessage(), e);
          }
        },
        Runs.VIRTUAL);
  }

  private void awaitJob(Job.Stage stage) throws InterruptedException {
    while (model.world().unfinished().stream().noneMatch(j -> j.stage() == stage)) {
      Thread.sleep(5);
    }
  }

  @ParameterizedTest
  @EnumSource(ModelVersion.class)
  void catalogsAndShowStatementsShowWhatIsThere(ModelVersion version) throws SQLException {
    start(ModelOptions.of(version));
    execute(
        "CREATE SCHEMA app",
        "CREATE TABLE app.t (a INT PRIMARY KEY, b STRING NOT NULL, c INT DEFAULT 3)",
        "CREATE UNIQUE INDEX i ON app.t (b DESC) STORING (c) WHERE c > 0",
        "ALTER TABLE app.t ADD CONSTRAINT k CHECK (c < 100)",
        "CREATE TYPE app.mood AS ENUM ('sad', 'happy')",
        "CREATE MATERIALIZED VIEW app.m AS SELECT 1");
    assertThat(
            ask(
                "SELECT index_name, column_name, direction, storing, implicit FROM"
                    + " [SHOW INDEXES FROM app.t] WHERE index_name = 'i' ORDER BY seq_in_index"))
        .containsExactly("i|b|DESC|f|f", "i|c|N/A|t|f", "i|a|ASC|t|t");
    assertThat(
            ask(
                "SELECT constraint_name, constraint_type, validated FROM"
                    + " [SHOW CONSTRAINTS FROM app.t] ORDER BY 1"))
        .containsExactly("i|UNIQUE|t", "k|CHECK|t", "t_pkey|PRIMARY KEY|t");
    assertThat(ask("SELECT table_name, type FROM [SHOW TABLES FROM app] ORDER BY 1"))
        .containsExactly("m|materialized view", "t|table");
    assertThat(ask("SELECT values FROM [SHOW ENUMS FROM app] AS e (s, n, values, o)"))
        .containsExactly("{sad,happy}");
    assertThat(
            ask(
                "SELECT column_name, data_type, is_nullable FROM information_schema.columns"
                    + " WHERE table_schema = 'app' AND table_name = 't' ORDER BY ordinal_position"))
        .containsExactly("a|bigint|NO", "b|text|NO", "c|bigint|YES");
    assertThat(ask("SELECT indexdef FROM pg_catalog.pg_indexes WHERE indexname = 'i'"))
        .containsExactly(
            "CREATE UNIQUE INDEX i ON defaultdb.app.t USING btree (b DESC) STORING (c) WHERE (c >"
                + " 0)");
    assertThat(
            ask(
                "SELECT c.relname, i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid ="
                    + " i.indexrelid WHERE i.indrelid = 'app.t'::REGCLASS ORDER BY 1"))
        .containsExactly("i|t", "t_pkey|t");
    assertThat(ask("SHOW TABLES")).hasSize(2);
    assertThat(ask("SELECT count(*) FROM [SHOW JOBS]")).containsExactly("3");
  }

  /** As omicron (github.com/oxidecomputer/omicron, schema/crdb) generates it. */
  @Test
  void aPredicateOfOmicronsFormRunsUnchanged() throws SQLException {
    start(ModelOptions.of(ModelVersion.V22_1));
    var predicate =
        "SELECT CAST(IF((SELECT true WHERE EXISTS (SELECT index_name FROM"
            + " omicron.information_schema.statistics WHERE table_name = 't' AND index_name ="
            + " 'i')),'true','Schema change verification failed: index i on table t does not"
            + " exist') AS BOOL)";
    predicate = predicate.replace("omicron.information_schema", "information_schema");
    execute("CREATE TABLE t (a INT PRIMARY KEY, b INT)");
    var sql = predicate;
    assertThatThrownBy(() -> ask(sql))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("22P02"))
        .hasMessageContaining(
            "could not parse \"Schema change verification failed: index i on table t does not"
                + " exist\" as type bool");
    execute("CREATE INDEX i ON t (b)");
    assertThat(ask(sql)).containsExactly("t");
  }

  @Test
  void aBackfillWithoutMemoryTakesTheIndexBackAndTheCallerIsTold() throws Exception {
    start(ModelOptions.of(ModelVersion.V25_2));
    execute("CREATE TABLE t (a INT PRIMARY KEY, b INT)");
    model.hold(job -> job.stage() == Job.Stage.BACKFILL);
    var first = inBackground("CREATE INDEX IF NOT EXISTS i ON t (b)");
    awaitJob(Job.Stage.BACKFILL);
    execute("CREATE INDEX IF NOT EXISTS i ON t (b)"); // early
    assertThat(ask("SELECT 1 FROM [SHOW INDEXES FROM t] WHERE index_name = 'i'")).isEmpty();
    assertThat(ask("SELECT job_type, status FROM [SHOW JOBS] WHERE job_type LIKE '%SCHEMA CHANGE'"))
        .containsExactly("NEW SCHEMA CHANGE|running");
    model.breakBackfills("CREATE INDEX", new SqlError("53200", "memory budget exceeded"));
    model.release();
    assertThatThrownBy(() -> first.get(60, TimeUnit.SECONDS)).hasMessageContaining("53200");
    assertThat(ask("SELECT status FROM [SHOW JOBS] WHERE job_type LIKE '%SCHEMA CHANGE'"))
        .containsExactly("failed");
    model.healBackfills();
    execute("CREATE INDEX IF NOT EXISTS i ON t (b)");
    assertThat(ask("SELECT column_name FROM [SHOW INDEXES FROM t] WHERE index_name = 'i'"))
        .containsExactly("b", "a");
  }

  @Test
  void aDuplicateIsFoundByTheValidation() throws SQLException {
    start(ModelOptions.of(ModelVersion.V25_2));
    execute("CREATE TABLE t (a INT PRIMARY KEY, b INT)", "INSERT INTO t VALUES (1, 7), (2, 7)");
    assertState("23505", () -> execute("CREATE UNIQUE INDEX i ON t (b)"));
    execute("DELETE FROM t WHERE a = 2", "CREATE UNIQUE INDEX i ON t (b)");
    assertState("23505", () -> execute("INSERT INTO t VALUES (3, 7)"));
  }

  @Test
  void aKilledClientsDropGoesOnAndHoldsTheName() throws Exception {
    start(ModelOptions.of(ModelVersion.V25_2));
    execute("CREATE TABLE t (a INT PRIMARY KEY)");
    model.hold(_ -> true);
    model.inject(Fault.cut(Fault.Kind.CUT_DURING, "DROP TABLE"));
    assertThatThrownBy(() -> execute("DROP TABLE t"))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).startsWith("08"));
    assertThat(ask("SHOW TABLES")).isEmpty();
    assertState("55000", () -> execute("CREATE TABLE t (b INT PRIMARY KEY)"));
    model.release();
    while (!model.world().unfinished().isEmpty()) {
      Thread.sleep(5);
    }
    execute("CREATE TABLE t (b INT PRIMARY KEY)");
    assertThat(ask("SELECT column_name FROM [SHOW COLUMNS FROM t]")).containsExactly("b");
  }

  @ParameterizedTest
  @EnumSource(ModelVersion.class)
  void othersJobsAreHiddenWithoutAPrivilege(ModelVersion version) throws SQLException {
    start(
        ModelOptions.of(version)
            .user("plain")
            .user("viewer", "VIEWJOB")
            .user("controller", "CONTROLJOB"));
    execute("CREATE TABLE t (a INT PRIMARY KEY, b INT)", "CREATE INDEX i ON t (b)");
    try (var plain = model.connect(0, "plain");
        var viewer = model.connect(0, "viewer");
        var controller = model.connect(0, "controller")) {
      assertThat(query(plain, "SHOW JOBS")).isEmpty();
      assertThat(query(controller, "SHOW JOBS")).isEmpty(); // an admin's
      assertThat(query(viewer, "SHOW JOBS")).hasSize(version.since(23, 1) ? 1 : 0);
      execute(plain, "CREATE INDEX j ON t (b)");
      assertThat(query(plain, "SELECT user_name FROM [SHOW JOBS]")).containsExactly("plain");
      assertThat(query(controller, "SELECT user_name FROM [SHOW JOBS]")).containsExactly("plain");
    }
  }

  @ParameterizedTest
  @EnumSource(ModelVersion.class)
  void theListOfJobsShortensDescriptionsFrom241On(ModelVersion version) throws SQLException {
    start(ModelOptions.of(version));
    var table = "a_table_with_a_name_that_is_rather_long";
    execute(
        "CREATE TABLE " + table + " (a INT PRIMARY KEY, b INT)",
        "CREATE INDEX an_index ON " + table + " (b)");
    var whole = "CREATE INDEX an_index ON defaultdb.public." + table + " (b)";
    assertThat(ask("SELECT description FROM [SHOW JOBS]"))
        .containsExactly(
            version.since(24, 1)
                ? whole.substring(0, 60) + "…" + whole.substring(whole.length() - 7)
                : whole);
    var id = ask("SELECT job_id::STRING FROM [SHOW JOBS]").getFirst();
    assertThat(
            ask(
                "SELECT description FROM [SHOW JOBS SELECT id FROM (VALUES ("
                    + id
                    + "::INT8)) AS t (id)]"))
        .containsExactly(whole);
  }

  @Test
  void aNodeWhoseLeaseIsOldShowsTheOldCatalogFrom261On() throws Exception {
    start(ModelOptions.of(ModelVersion.V26_1).nodes(2).withLeaseLag().still());
    execute("CREATE TABLE t (a INT PRIMARY KEY)");
    var drop = inBackground("DROP TABLE t");
    while (model.world().unfinished().isEmpty()) {
      Thread.sleep(5);
    }
    long table = model.world().unfinished().getFirst().descriptors().iterator().next();
    model.apply(new Transition.DrainLease(0, table));
    try (var one = model.connect(0, "root");
        var two = model.connect(1, "root")) {
      assertThat(query(one, "SELECT table_name FROM information_schema.tables")).isEmpty();
      assertThat(query(two, "SELECT table_name FROM information_schema.tables"))
          .containsExactly("t");
      assertThat(query(two, "SELECT job_type FROM [SHOW JOBS] WHERE status = 'pending'"))
          .containsExactly("NEW SCHEMA CHANGE");
      model.settle();
      drop.get(60, TimeUnit.SECONDS);
      assertThat(query(two, "SELECT table_name FROM information_schema.tables")).isEmpty();
    }
  }

  @Test
  void internalsAreRefusedFrom261OnUnlessAsked() throws SQLException {
    start(ModelOptions.of(ModelVersion.V26_1));
    assertState("42501", () -> ask("SELECT * FROM crdb_internal.jobs"));
    try (var connection = model.connect()) {
      execute(connection, "SET allow_unsafe_internals = on");
      assertThat(query(connection, "SELECT * FROM crdb_internal.jobs")).isEmpty();
    }
  }

  @Test
  void ddlEndsTheOpenTransactionFirstFrom251On() throws SQLException {
    start(ModelOptions.of(ModelVersion.V25_2));
    execute("CREATE TABLE t (a INT PRIMARY KEY)");
    try (var connection = model.connect()) {
      execute(connection, "BEGIN");
      execute(connection, "INSERT INTO t VALUES (1)");
      try (var statement = connection.createStatement()) {
        statement.execute("CREATE INDEX i ON t (a)");
        assertThat(statement.getWarnings().getMessage()).contains("auto-committing transaction");
      }
      execute(connection, "ROLLBACK");
    }
    assertThat(ask("SELECT a FROM t")).containsExactly("1");
  }

  @Test
  void aFailureAfterTheCommitHasACodeOfItsOwn() throws SQLException {
    start(ModelOptions.of(ModelVersion.V23_2));
    execute("CREATE TABLE t (a INT PRIMARY KEY, b INT)", "INSERT INTO t VALUES (1, 7), (2, 7)");
    try (var connection = model.connect()) {
      execute(connection, "BEGIN");
      execute(connection, "CREATE UNIQUE INDEX i ON t (b)");
      assertThatThrownBy(() -> execute(connection, "COMMIT"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("XXA00"))
          .hasMessageContaining("(23505)");
    }
  }

  @Test
  void aStatementTimeOutLeavesTheJobAlive() throws Exception {
    start(ModelOptions.of(ModelVersion.V25_2));
    execute("CREATE TABLE t (a INT PRIMARY KEY, b INT)");
    model.hold(_ -> true);
    try (var connection = model.connect()) {
      execute(connection, "SET statement_timeout = '2s'");
      assertState("57014", () -> execute(connection, "CREATE INDEX i ON t (b)"));
    }
    assertThat(model.world().unfinished()).hasSize(1);
    model.release();
    while (!model.world().unfinished().isEmpty()) {
      Thread.sleep(5);
    }
    assertThat(ask("SELECT DISTINCT index_name FROM [SHOW INDEXES FROM t]")).contains("i");
  }

  @Test
  void aCancelledDdlLeavesItsJobAlive() throws Exception {
    start(ModelOptions.of(ModelVersion.V25_2));
    execute("CREATE TABLE t (a INT PRIMARY KEY, b INT)");
    model.hold(_ -> true);
    try (var connection = model.connect();
        var statement = connection.createStatement()) {
      var cancel =
          CompletableFuture.runAsync(
              () -> {
                try {
                  while (model.world().unfinished().isEmpty()) {
                    Thread.sleep(5);
                  }
                  statement.cancel();
                } catch (SQLException | InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              },
              Runs.VIRTUAL);
      assertState("57014", () -> statement.execute("CREATE INDEX i ON t (b)"));
      cancel.get(60, TimeUnit.SECONDS);
    }
    assertThat(model.world().unfinished()).hasSize(1);
  }

  @Test
  void aWorldIsPutBackBehindARunningServer() throws SQLException {
    start(ModelOptions.of(ModelVersion.V25_2).still());
    execute("CREATE TABLE t (a INT PRIMARY KEY, b INT)");
    var before = model.world();
    execute("CREATE TABLE u (a INT PRIMARY KEY)");
    model.restore(before);
    assertThat(ask("SELECT table_name FROM [SHOW TABLES]")).containsExactly("t");
    execute("CREATE TABLE u (a INT PRIMARY KEY)");
  }

  @Test
  void aNodeThatHangsAnswersWhenItIsLetGo() throws Exception {
    start(ModelOptions.of(ModelVersion.V25_2).nodes(2));
    try (var one = model.connect(0, "root");
        var two = model.connect(1, "root")) {
      model.hang(0);
      assertThat(query(two, "SELECT 1")).containsExactly("1");
      var answer =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return query(one, "SELECT 2");
                } catch (SQLException e) {
                  throw new IllegalStateException(e);
                }
              },
              Runs.VIRTUAL);
      Thread.sleep(100);
      assertThat(answer).isNotDone();
      model.answerAgain(0);
      assertThat(answer.get(60, TimeUnit.SECONDS)).containsExactly("2");
    }
  }

  @Test
  void whatItDoesNotKnowIsALoudError() throws SQLException {
    start(ModelOptions.of(ModelVersion.V25_2));
    assertState("0A000", () -> ask("SELECT pg_terminate_backend(1)"));
    assertState("0A000", () -> ask("SELECT * FROM pg_catalog.pg_amop"));
    assertState("0A000", () -> ask("SHOW RANGES FROM TABLE t"));
    assertState("42704", () -> ask("SHOW shared_buffers"));
    assertState("42601", () -> execute("VACUUM"));
    assertState("42P01", () -> ask("SHOW INDEXES FROM nothing"));
  }
}
