package dev.pawl.engine.change;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What PostgreSQL itself refuses inside a transaction is never called transactional. */
class TransactionalTest {
  private static Connection connection;

  @BeforeAll
  static void prepare() throws SQLException {
    var database = TestDatabase.fresh();
    database.execute(
        "CREATE TABLE t (a int PRIMARY KEY, b text)",
        "CREATE INDEX i ON t (b)",
        "CREATE TABLE p (a int) PARTITION BY LIST (a)",
        "CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)",
        "CREATE INDEX pi ON p (a)",
        "CREATE MATERIALIZED VIEW mv AS SELECT a FROM t",
        "CREATE UNIQUE INDEX ON mv (a)",
        "CREATE TYPE e AS ENUM ('x')",
        "CREATE PUBLICATION pub",
        "CREATE SUBSCRIPTION sub CONNECTION 'host=x' PUBLICATION p WITH (connect = false, slot_name"
            + " = none)",
        "CREATE PROCEDURE commits() LANGUAGE plpgsql AS 'BEGIN COMMIT; END'",
        "CREATE DATABASE other_of_" + database.target().database());
    connection = database.connect();
    connection.setAutoCommit(false);
  }

  @AfterAll
  static void close() throws SQLException {
    connection.close();
  }

  /** The SQLSTATE of a statement in a transaction that is rolled back; empty where it ran. */
  private static String inTransaction(String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
      return "";
    } catch (SQLException e) {
      return e.getSQLState();
    } finally {
      connection.rollback();
    }
  }

  private static boolean calledTransactional(String sql) {
    return Classified.all(DatabaseKind.POSTGRESQL, sql).stream()
        .allMatch(change -> change.transactional() && !(change instanceof Unclassified));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE INDEX CONCURRENTLY ON t (b)",
        "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS x ON t (a)",
        "DROP INDEX CONCURRENTLY i",
        "DROP INDEX CONCURRENTLY IF EXISTS i",
        "REINDEX INDEX CONCURRENTLY i",
        "REINDEX (CONCURRENTLY) TABLE t",
        "REINDEX (VERBOSE, CONCURRENTLY 1) TABLE t",
        "REINDEX (CONCURRENTLY off, CONCURRENTLY on) INDEX i",
        "REINDEX (\"concurrently\") INDEX i",
        "REINDEX SCHEMA public",
        "REINDEX DATABASE",
        "VACUUM",
        "VACUUM (FULL) t",
        "CLUSTER",
        "CLUSTER p USING pi",
        "ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY",
        "CREATE DATABASE x",
        "DROP DATABASE IF EXISTS x",
        "ALTER DATABASE postgres SET TABLESPACE pg_default",
        "CREATE TABLESPACE x LOCATION '/nowhere'",
        "DROP TABLESPACE IF EXISTS x",
        "ALTER SYSTEM SET work_mem = '1MB'",
        "ALTER SYSTEM RESET ALL",
        "CREATE SUBSCRIPTION x CONNECTION 'host=x' PUBLICATION p",
        "CREATE SCHEMA s CREATE TABLE z (a int) CREATE INDEX CONCURRENTLY ON z (a)",
        "DO $$ BEGIN COMMIT; END $$",
        "DO $$ BEGIN ROLLBACK AND CHAIN; END $$",
        "DO $$ BEGIN CALL commits(); END $$",
        "CALL commits()"
      })
  void isNotWhatTheServerRefuses(String sql) throws SQLException {
    assertThat(inTransaction(sql)).isNotEmpty();
    assertThat(calledTransactional(sql)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE INDEX ON t (b)",
        "DROP INDEX i",
        "REINDEX INDEX i",
        "REINDEX (CONCURRENTLY off) TABLE t",
        "ANALYZE",
        "ALTER TABLE p DETACH PARTITION p1",
        "ALTER TYPE e ADD VALUE 'y'",
        "REFRESH MATERIALIZED VIEW CONCURRENTLY mv",
        "ALTER SUBSCRIPTION sub DISABLE",
        "ALTER SUBSCRIPTION sub RENAME TO sub2",
        "ALTER TABLE ALL IN TABLESPACE pg_default SET TABLESPACE pg_default",
        "ALTER TABLE t SET UNLOGGED, ADD COLUMN c int",
        "CHECKPOINT",
        "LOCK TABLE t",
        "TRUNCATE t",
        "CREATE SCHEMA s CREATE TABLE z (a int)",
        "DO $$ BEGIN PERFORM 1; END $$",
        "COMMENT ON TABLE t IS 'COMMIT'",
        "CREATE ROLE nobody_at_all",
        "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC"
      })
  void isWhatTheServerRunsInOne(String sql) throws SQLException {
    assertThat(inTransaction(sql)).isEmpty();
    assertThat(calledTransactional(sql)).isTrue();
  }

  /** The one case where the text alone does not tell: refused by the server, nothing has run. */
  @Test
  void isAssumedOfReindexAndRefusedCleanlyOnAPartitionedTable() throws SQLException {
    assertThat(inTransaction("REINDEX TABLE p")).isEqualTo("25001");
    assertThat(calledTransactional("REINDEX TABLE p")).isTrue();
  }
}
