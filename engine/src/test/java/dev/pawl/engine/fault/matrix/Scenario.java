package dev.pawl.engine.fault.matrix;

import dev.pawl.engine.fault.FailurePoint;
import dev.pawl.engine.ledger.Ledger;
import dev.pawl.engine.plan.SourceFile;
import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.testing.CrashableServer;
import dev.pawl.engine.testing.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * One migration in a database of its own, and the database's own record of what was done to it:
 * triggers write down what breaks the invariant at the moment when it is broken, whoever does it.
 */
final class Scenario {
  /** What Pawl connects as: no superuser, or it would have the connections kept for those. */
  static final String ROLE = "pawl_app";

  private static final String TABLES =
      """
      CREATE TABLE t (id int PRIMARY KEY, a int, b int);
      INSERT INTO t SELECT g, g, g FROM generate_series(1, 500) g;
      CREATE INDEX o ON t (b);
      CREATE TABLE gone (id int);
      CREATE TABLE x (id int);
      CREATE TABLE journal (step int);
      """;

  private final CrashableServer server;
  private final String database;
  private final Place place;

  private Scenario(CrashableServer server, String database, Place place) {
    this.server = server;
    this.database = database;
    this.place = place;
  }

  /**
   * Makes the database.
   *
   * @param small whether it lies on the small disk
   */
  static Scenario make(CrashableServer server, String database, Place place, boolean small)
      throws SQLException {
    try (var admin = server.connect("postgres");
        var statement = admin.createStatement()) {
      statement.execute(
          "DO $$BEGIN IF to_regrole('pawl_app') IS NULL THEN CREATE ROLE pawl_app LOGIN;"
              + " END IF; END$$");
      statement.execute(
          "CREATE DATABASE " + database + " OWNER pawl_app" + (small ? " TABLESPACE small" : ""));
    }
    var scenario = new Scenario(server, database, place);
    try (var owner = server.connect(database, ROLE);
        var statement = owner.createStatement()) {
      statement.execute(TABLES);
      // Two builds that failed: one with the definition that is asked for, one with another.
      fail(owner, "INSERT INTO t VALUES (0, 1, 1)", "u ON t (a)", "v ON t (b)");
      if (place.point() != FailurePoint.LEFTOVER) {
        statement.execute("DELETE FROM t WHERE id = 0");
      }
      if (place.point() != FailurePoint.LEDGER_CREATE) {
        scenario.makeLedger();
      }
    }
    return scenario;
  }

  private static void fail(Connection connection, String first, String... indexes)
      throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(first);
      for (var index : indexes) {
        try {
          statement.execute("CREATE UNIQUE INDEX CONCURRENTLY " + index);
        } catch (SQLException e) {
          if (!"23505".equals(e.getSQLState())) {
            throw e;
          }
        }
      }
    }
  }

  /** Where it is missing yet, made and watched. */
  void makeLedger() throws SQLException {
    try (var owner = server.connect(database, ROLE)) {
      if (!Ledger.exists(owner, DatabaseKind.POSTGRESQL)) {
        Ledger.create(owner, DatabaseKind.POSTGRESQL);
      }
    }
    watch();
  }

  /** From now on the database writes down what breaks the invariant. */
  void watch() throws SQLException {
    try (var connection = server.connect(database);
        var in = Scenario.class.getResourceAsStream("watch.sql");
        var statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As a Pawl whose fence does not look at the lease. */
  void breakFence() throws SQLException {
    execute(
        """
        CREATE OR REPLACE FUNCTION pawl.begin(
          p_stream text, p_holder text, p_epoch bigint,
          p_lock_timeout text, p_statement_timeout text, p_idle_timeout text
        ) RETURNS void LANGUAGE plpgsql AS 'BEGIN END'
        """);
  }

  String database() {
    return database;
  }

  /** The migration; behind a pooler without what needs a session of its own. */
  static List<SourceFile> source(Place place, boolean pooled) {
    var files =
        new ArrayList<>(
            TestDatabase.files(
                "1_column.sql",
                "ALTER TABLE t ADD COLUMN c int NOT NULL DEFAULT 0;\n"
                    + "INSERT INTO journal VALUES (1);\n"
                    + (place.slow() ? "SELECT pg_sleep(2);" : "SELECT pg_sleep(0.05);"),
                "2_index.sql",
                "CREATE INDEX CONCURRENTLY i ON t (a)",
                "3_unique.sql",
                "CREATE UNIQUE INDEX CONCURRENTLY u ON t (a)",
                "4_other.sql",
                "CREATE INDEX CONCURRENTLY v ON t (b, a)",
                "5_skip.sql",
                "CREATE TABLE IF NOT EXISTS x (id int);\nINSERT INTO journal VALUES (5);",
                "6_drop.sql",
                "DROP INDEX CONCURRENTLY o",
                "7_rest.sql",
                "UPDATE t SET c = c + 1;\nDROP TABLE gone;\nINSERT INTO journal VALUES (7);"));
    if (pooled) {
      files.removeIf(f -> f.text().contains("CONCURRENTLY"));
    }
    return List.copyOf(files);
  }

  void execute(String sql) throws SQLException {
    try (var connection = server.connect(database);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  List<String> query(String sql) throws SQLException {
    try (var connection = server.connect(database)) {
      return TestDatabase.rows(connection, sql);
    }
  }

  /** How many attempts there were beyond those of a run that nothing disturbs. */
  int repeated(boolean pooled) throws SQLException {
    int all =
        Integer.parseInt(query("SELECT coalesce(sum(attempts), 0) FROM pawl.step").getFirst());
    return all - (pooled ? 3 : 8); // of seven steps one is repaired and then built
  }

  /** What ran more than once; empty where nothing did. */
  List<String> twice() throws SQLException {
    var all = new ArrayList<String>();
    query("SELECT step, count(*) FROM journal GROUP BY 1 HAVING count(*) > 1")
        .forEach(row -> all.add("step " + row.replace("|", " ran, times: ")));
    query("SELECT DISTINCT c FROM t WHERE c > 1").forEach(n -> all.add("c was raised to " + n));
    query(
            "SELECT tag, object, count(*) FROM watch.ddl WHERE object !~ '_cc(new|old)'"
                + " GROUP BY 1, 2 HAVING count(*) > 1")
        .forEach(row -> all.add(row.replace('|', ' ') + " times"));
    return all;
  }

  /** What is not as it must be in the end, and what was not on the way. */
  List<String> violations(boolean pooled) throws SQLException {
    var all = new ArrayList<>(query("SELECT what FROM watch.violation ORDER BY id"));
    all.addAll(
        query(
            "SELECT 'step ' || version || '#' || ordinal || ' is ' || phase FROM pawl.step"
                + " WHERE phase <> 'Verified'"));
    all.addAll(query("SELECT 'no row of a step' WHERE (SELECT count(*) FROM pawl.step) = 0"));
    all.addAll(
        query(
            "SELECT 'step ' || s || ' left no trace' FROM unnest(ARRAY[1,5,7]) s"
                + " WHERE s NOT IN (SELECT step FROM journal)"));
    all.addAll(query("SELECT DISTINCT 'c is ' || c FROM t WHERE c <> 1"));
    all.addAll(query("SELECT 'gone is there' WHERE to_regclass('gone') IS NOT NULL"));
    if (!pooled) {
      all.addAll(
          query(
              "SELECT 'index ' || i || ' is not whole' FROM unnest(ARRAY['i','u','v']) i"
                  + " WHERE NOT EXISTS (SELECT FROM pg_index WHERE indisvalid AND indisready"
                  + " AND indexrelid = to_regclass(i))"));
      all.addAll(
          query(
              "SELECT 'there is an index ' || indexrelid::regclass FROM pg_index"
                  + " WHERE indrelid = 't'::regclass"
                  + " AND indexrelid::regclass::text NOT IN ('i','u','v','t_pkey')"));
      all.addAll(query("SELECT 'v is the old one' WHERE pg_get_indexdef('v'::regclass) !~ 'b, a'"));
    }
    return all;
  }

  /** Takes away what made the unique build fail. */
  void mendData() throws SQLException {
    execute("DELETE FROM t WHERE id = 0");
  }

  void drop() throws SQLException {
    try (var admin = server.connect("postgres");
        var statement = admin.createStatement()) {
      statement.execute("DROP DATABASE " + database + " WITH (FORCE)");
    }
  }
}
