package dev.pawl.engine.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pawl.engine.change.SchemaChange;
import dev.pawl.engine.plan.Planner;
import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.testing.TestDatabase;
import dev.pawl.engine.verify.Observation;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What each change looks like before, after, and when it is another; on a real PostgreSQL. */
class PostgresDialectTest {
  private TestDatabase db;

  @BeforeEach
  void schema() throws Exception {
    db = TestDatabase.fresh();
    db.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20)); CREATE TABLE \"Odd Name\" (x"
            + " int)");
  }

  private static SchemaChange change(String sql) throws Exception {
    var plan = Planner.plan(TestDatabase.files("1_x.sql", sql), DatabaseKind.POSTGRESQL);
    return plan.steps().getFirst().changes().getFirst();
  }

  private Observation observe(String sql) throws Exception {
    try (var connection = db.connect()) {
      return Dialect.of(DatabaseKind.POSTGRESQL).observe(connection, change(sql), Optional.empty());
    }
  }

  /** Absent, then executed, then Valid. */
  private void appears(String sql) throws Exception {
    assertThat(observe(sql)).as("before: " + sql).isInstanceOf(Observation.Absent.class);
    db.execute(sql);
    assertThat(observe(sql)).as("after: " + sql).isInstanceOf(Observation.Valid.class);
  }

  @Test
  void everyKindOfChangeIsAbsentBeforeAndValidAfter() throws Exception {
    for (var sql :
        List.of(
            "CREATE TABLE u (i int, t int)",
            "CREATE TABLE \"Quoted\"\"Name\" (i int)",
            "ALTER TABLE t ADD COLUMN c numeric(10, 2)",
            "ALTER TABLE t ADD COLUMN \"C\" timestamptz NOT NULL DEFAULT now()",
            "ALTER TABLE t ALTER COLUMN a TYPE bigint",
            "ALTER TABLE t ALTER COLUMN a SET NOT NULL",
            "ALTER TABLE t ALTER COLUMN a DROP NOT NULL",
            "ALTER TABLE t DROP COLUMN c",
            "CREATE INDEX t_a ON t (a)",
            "CREATE UNIQUE INDEX CONCURRENTLY t_b ON t (b varchar_pattern_ops DESC) WHERE a > 1",
            "CREATE INDEX odd ON \"Odd Name\" (abs(x))",
            "ALTER TABLE t ADD CONSTRAINT t_check CHECK (a > 0)",
            "ALTER TABLE t ADD CHECK (a > 2)",
            "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES t",
            "CREATE SCHEMA elsewhere",
            "CREATE SEQUENCE numbers",
            "CREATE VIEW v AS SELECT 1",
            "ALTER TABLE t RENAME COLUMN b TO renamed",
            "ALTER TABLE t RENAME CONSTRAINT t_check TO t_checked",
            "ALTER TABLE u RENAME TO u2",
            "ALTER SEQUENCE numbers RENAME TO digits",
            "ALTER INDEX t_b RENAME TO t_renamed",
            "ALTER TABLE u2 SET SCHEMA elsewhere",
            "ALTER TABLE elsewhere.u2 SET SCHEMA public",
            "ALTER TABLE u2 RENAME TO u",
            "ALTER SCHEMA elsewhere RENAME TO there",
            "ALTER TABLE t ADD CONSTRAINT t_key UNIQUE (a)",
            "ALTER TABLE t DROP CONSTRAINT t_key",
            "ALTER TABLE t ADD CONSTRAINT t_check2 CHECK (a > 1) NOT VALID",
            "ALTER TABLE t VALIDATE CONSTRAINT t_check2",
            "DROP INDEX t_a",
            "CREATE TYPE mood AS ENUM ('sad', 'ok')",
            "ALTER TYPE mood ADD VALUE 'happy'",
            "ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'",
            "ALTER TYPE mood RENAME TO moods",
            "ALTER TYPE moods RENAME TO mood",
            "CREATE MATERIALIZED VIEW m AS SELECT a FROM t",
            "DROP MATERIALIZED VIEW m",
            "DROP TYPE mood",
            "DROP TABLE u, \"Odd Name\"")) {
      appears(sql);
    }
  }

  @Test
  void aForeignKeyOfTheRightNameIsNotACheck() throws Exception {
    db.execute("ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES t (id)");
    assertThat(observe("ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)"))
        .isInstanceOf(Observation.Different.class);
  }

  @Test
  void anUnvalidatedConstraintIsValidOnlyWhereNotValidWasAskedFor() throws Exception {
    db.execute("ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID");
    assertThat(observe("ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)"))
        .isInstanceOf(Observation.Invalid.class);
    assertThat(observe("ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID"))
        .isInstanceOf(Observation.Valid.class);
  }

  @Test
  void aColumnOfAnotherTypeIsDifferent() throws Exception {
    assertThat(observe("ALTER TABLE t ADD COLUMN a text"))
        .isInstanceOf(Observation.Different.class);
    assertThat(observe("ALTER TABLE t ADD COLUMN a int4")).isInstanceOf(Observation.Valid.class);
    assertThat(observe("ALTER TABLE t ADD COLUMN b character varying(20)"))
        .isInstanceOf(Observation.Valid.class);
    assertThat(observe("ALTER TABLE t ADD COLUMN b varchar(21)"))
        .isInstanceOf(Observation.Different.class);
  }

  @Test
  void notNullNotValidIsNotYetNotNull() throws Exception {
    assumeTrue(
        Integer.parseInt(db.query("SHOW server_version_num").getFirst()) >= 180000,
        "NOT NULL … NOT VALID is of PostgreSQL 18");
    db.execute(
        "INSERT INTO t VALUES (1, NULL)", "ALTER TABLE t ADD CONSTRAINT nn NOT NULL a NOT VALID");
    assertThat(observe("ALTER TABLE t ALTER COLUMN a SET NOT NULL"))
        .isInstanceOf(Observation.Absent.class);
  }

  @Test
  void aPartitionIsDetachedWhenItsParentDoesNotKnowItAnyMore() throws Exception {
    db.execute(
        "CREATE TABLE p (i int) PARTITION BY RANGE (i);"
            + "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10)");
    appears("ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY");
  }

  @Test
  void observingLeavesNothingBehind() throws Exception {
    db.execute("CREATE INDEX t_a ON t (a)");
    observe("CREATE INDEX t_a ON t (a)");
    observe("ALTER TABLE t ADD COLUMN a text");
    assertThat(db.query("SELECT relname FROM pg_class WHERE relname LIKE 'pawl%'")).isEmpty();
  }

  @Test
  void aHostileNameIsOnlyAName() throws Exception {
    var hostile = "\"x\"\"; DROP TABLE t; --\"";
    db.execute("CREATE TABLE " + hostile + " (a int)");
    appears("CREATE INDEX " + hostile.replace("x", "i") + " ON " + hostile + " (a)");
    assertThat(observe("CREATE TABLE t ()")).isInstanceOf(Observation.Valid.class);
  }
}
