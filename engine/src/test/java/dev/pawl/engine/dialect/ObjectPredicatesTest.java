package dev.pawl.engine.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.testing.TestDatabase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tables, views, types and whatever else is made and dropped whole. */
class ObjectPredicatesTest {
  private TestDatabase db;
  private Predicates predicates;

  @BeforeEach
  void database() throws Exception {
    db = TestDatabase.fresh();
    predicates = new Predicates(db);
  }

  @Test
  void aTableIsFinishedWhenItIsOne() throws Exception {
    predicates.becomeTrueBy("CREATE TABLE \"T's\" (a int)");
    predicates.becomeTrueBy("CREATE TABLE p (a int) PARTITION BY LIST (a)");
    predicates.areFalseFor("CREATE TABLE t (a int)", "CREATE TABLE nowhere.p (a int)");
    db.execute("CREATE VIEW v AS SELECT 1");
    predicates.areFalseFor("CREATE TABLE v (a int)");
  }

  @Test
  void aTableIsFinishedWithItsColumnsAndConstraints() throws Exception {
    predicates.becomeTrueBy(
        "CREATE TABLE t (id bigserial PRIMARY KEY, \"A b\" varchar(3), CONSTRAINT k CHECK (id >"
            + " 0))");
    predicates.areTrueFor("CREATE TABLE t (\"A b\" varchar, id bigint NOT NULL)");
    predicates.areFalseFor(
        "CREATE TABLE t (id int)",
        "CREATE TABLE t (\"A b\" varchar NOT NULL)",
        "CREATE TABLE t (c int)",
        "CREATE TABLE t (id bigint, CONSTRAINT k UNIQUE (id))",
        "CREATE TABLE t (id bigint, CONSTRAINT j CHECK (id > 0))");
    db.execute("CREATE TABLE p (a int) PARTITION BY LIST (a)", "CREATE TABLE p2 (a int)");
    predicates.becomeTrueBy("CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)");
    predicates.areFalseFor("CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2)");
  }

  @Test
  void whatIsKnownByItsNameIsFinishedWhenItIsThere() throws Exception {
    db.execute("CREATE FOREIGN DATA WRAPPER f", "CREATE SERVER r FOREIGN DATA WRAPPER f");
    predicates.becomeTrueBy("CREATE SCHEMA \"S s\"");
    predicates.becomeTrueBy("CREATE SEQUENCE \"S s\".q");
    predicates.becomeTrueBy("CREATE VIEW v AS SELECT 1");
    predicates.becomeTrueBy("CREATE FOREIGN TABLE ft (a int) SERVER r");
    predicates.areFalseFor("CREATE SEQUENCE v", "CREATE VIEW ft AS SELECT 1");
  }

  @Test
  void dropTableIsFinishedWhenAllAreGone() throws Exception {
    db.execute("CREATE TABLE a (a int)", "CREATE SCHEMA s", "CREATE TABLE s.b (a int)");
    predicates.areFalseFor("DROP TABLE a, s.b");
    db.execute("DROP TABLE a");
    predicates.areFalseFor("DROP TABLE a, s.b");
    predicates.becomeTrueBy("DROP TABLE s.b");
    predicates.areTrueFor("DROP TABLE a, s.b");
  }

  @Test
  void detachIsFinishedWhenNothingIsPending() throws Exception {
    db.execute(
        "CREATE TABLE p (a int) PARTITION BY LIST (a)",
        "CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)");
    var detach = "ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY";
    predicates.areFalseFor(detach, "ALTER TABLE p DETACH PARTITION missing CONCURRENTLY");
    db.execute("UPDATE pg_inherits SET inhdetachpending = true WHERE inhrelid = 'p1'::regclass");
    predicates.areFalseFor(detach);
    db.execute("ALTER TABLE p DETACH PARTITION p1 FINALIZE");
    predicates.areTrueFor(detach);
  }

  @Test
  void aMaterializedViewIsFinishedWithItsData() throws Exception {
    predicates.becomeTrueBy("CREATE MATERIALIZED VIEW m AS SELECT 1 AS a WITH NO DATA");
    predicates.areFalseFor("CREATE MATERIALIZED VIEW m AS SELECT 1 AS a");
    db.execute("REFRESH MATERIALIZED VIEW m");
    predicates.areTrueFor("CREATE MATERIALIZED VIEW m AS SELECT 1 AS a");
    predicates.becomeTrueBy("REFRESH MATERIALIZED VIEW m WITH NO DATA");
    db.execute("CREATE TABLE t (a int)");
    predicates.areFalseFor("CREATE MATERIALIZED VIEW t AS SELECT 1 WITH NO DATA");
  }

  @Test
  void anEnumIsFinishedWithItsLabelsInTheirOrder() throws Exception {
    predicates.becomeTrueBy("CREATE TYPE e AS ENUM ('a', 'b''c')");
    predicates.areFalseFor(
        "CREATE TYPE e AS ENUM ('b''c', 'a')", "CREATE TYPE e AS ENUM ('a', 'b''c', 'd')");
    predicates.becomeTrueBy("ALTER TYPE e ADD VALUE 'x' BEFORE 'b''c'");
    predicates.areTrueFor(
        "CREATE TYPE e AS ENUM ('a', 'b''c')", "ALTER TYPE e ADD VALUE 'x' AFTER 'a'");
    predicates.areFalseFor(
        "ALTER TYPE e ADD VALUE 'x' BEFORE 'a'",
        "ALTER TYPE e ADD VALUE 'x' AFTER 'b''c'",
        "ALTER TYPE e ADD VALUE 'X'",
        "ALTER TYPE missing ADD VALUE 'x'");
  }

  @Test
  void aTypeIsNoShellAndNoRowOfATable() throws Exception {
    db.execute("CREATE TABLE t (a int)");
    predicates.areFalseFor("CREATE TYPE t AS (a int)", "CREATE TYPE t AS ENUM ('a')");
    predicates.becomeTrueBy("CREATE TYPE c AS (a int)");
    predicates.areFalseFor("CREATE TYPE c AS ENUM ('a')");
    predicates.becomeTrueBy("CREATE TYPE r AS RANGE (subtype = float8)");
  }

  @Test
  void whateverIsDroppedIsGone() throws Exception {
    var role = "role_" + db.target().database();
    var other = "database_" + db.target().database();
    db.execute(
        "CREATE VIEW v AS SELECT 1",
        "CREATE MATERIALIZED VIEW m AS SELECT 1",
        "CREATE SEQUENCE s",
        "CREATE TYPE e AS ENUM ()",
        "CREATE DOMAIN d AS int",
        "CREATE SCHEMA x",
        "CREATE COLLATION c FROM \"C\"",
        "CREATE ROLE " + role,
        "CREATE DATABASE " + other,
        "CREATE FOREIGN DATA WRAPPER f",
        "CREATE SERVER r FOREIGN DATA WRAPPER f",
        "CREATE PUBLICATION p",
        "CREATE ACCESS METHOD h2 TYPE TABLE HANDLER heap_tableam_handler",
        "CREATE FUNCTION et() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'",
        "CREATE EVENT TRIGGER ev ON ddl_command_start EXECUTE FUNCTION et()");
    for (var drop :
        new String[] {
          "DROP VIEW v",
          "DROP MATERIALIZED VIEW m",
          "DROP SEQUENCE s",
          "DROP TYPE e",
          "DROP DOMAIN d",
          "DROP SCHEMA x",
          "DROP COLLATION c",
          "DROP ROLE " + role,
          "DROP DATABASE " + other,
          "DROP SERVER r",
          "DROP FOREIGN DATA WRAPPER f",
          "DROP PUBLICATION p",
          "DROP ACCESS METHOD h2",
          "DROP EVENT TRIGGER ev"
        }) {
      predicates.becomeTrueBy(drop);
    }
    predicates.becomeTrueBy("DROP EXTENSION plpgsql CASCADE");
    predicates.areFalseFor("DROP LANGUAGE internal", "DROP TABLESPACE pg_default");
  }

  @Test
  void whatTheCatalogDoesNotShowIsNotClaimed() {
    for (var sql :
        new String[] {
          "VACUUM t",
          "TRUNCATE t",
          "REFRESH MATERIALIZED VIEW m",
          "SELECT 1",
          "CREATE DATABASE x",
          "DROP FUNCTION f()",
          "CREATE TYPE shell",
          "DROP SUBSCRIPTION s",
          "SET a.b = 1",
          "DO 'BEGIN END'",
          "FROBNICATE"
        }) {
      assertThat(PostgresPredicates.of(Predicates.change(sql))).as(sql).isEmpty();
    }
  }
}
