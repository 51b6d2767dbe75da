package dev.pawl.engine.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.testing.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ColumnPredicatesTest {
  private TestDatabase db;
  private Predicates predicates;

  @BeforeEach
  void database() throws Exception {
    db = TestDatabase.fresh();
    predicates = new Predicates(db);
    db.execute("CREATE TABLE t (a int, b varchar(20))", "CREATE DOMAIN money_ AS numeric(10,2)");
  }

  private boolean from18() throws Exception {
    return db.query("SELECT current_setting('server_version_num')::int >= 180000")
        .equals(List.of("t"));
  }

  @Test
  void addColumnIsFinishedWithAColumnOfThatType() throws Exception {
    predicates.becomeTrueBy("ALTER TABLE t ADD COLUMN c numeric(10, 2) NOT NULL DEFAULT 0");
    predicates.areFalseFor(
        "ALTER TABLE t ADD COLUMN c int",
        "ALTER TABLE t ADD COLUMN c numeric(10, 3)",
        "ALTER TABLE t ADD COLUMN c numeric",
        "ALTER TABLE t ADD COLUMN \"C\" numeric(10, 2)",
        "ALTER TABLE missing ADD COLUMN c numeric(10, 2)",
        "ALTER TABLE t ADD COLUMN a int NOT NULL",
        "ALTER TABLE t ADD COLUMN ctid tid");
  }

  @Test
  void everyTypeOfAColumnIsKnownAgain() throws Exception {
    var types =
        new String[] {
          "int",
          "bigserial",
          "text",
          "varchar",
          "varchar(5)",
          "char",
          "char(3)",
          "bpchar",
          "bit",
          "bit(3)",
          "bit varying(3)",
          "numeric",
          "decimal(5)",
          "timestamp(3) with time zone",
          "timestamptz",
          "time(2)",
          "timestamp without time zone",
          "interval",
          "interval(3)",
          "interval day to second",
          "int[]",
          "varchar(7)[]",
          "double precision",
          "money_",
          "\"money_\"",
          "public.money_",
          "pg_catalog.varchar(9)",
          "character varying(4)",
          "uuid",
          "national character(2)"
        };
    for (int k = 0; k < types.length; k++) {
      predicates.becomeTrueBy("ALTER TABLE t ADD COLUMN c" + k + " " + types[k]);
    }
  }

  @Test
  void dropColumnIsFinishedWhenItIsGone() throws Exception {
    predicates.becomeTrueBy("ALTER TABLE t DROP COLUMN a");
    predicates.areFalseFor("ALTER TABLE t DROP COLUMN b", "ALTER TABLE missing DROP COLUMN a");
  }

  @Test
  void setNotNullIsFinishedWhenNoNullCanBeThere() throws Exception {
    predicates.becomeTrueBy("ALTER TABLE t ALTER COLUMN a SET NOT NULL");
    predicates.areFalseFor(
        "ALTER TABLE t ALTER COLUMN b SET NOT NULL", "ALTER TABLE t ALTER COLUMN z SET NOT NULL");
    predicates.becomeTrueBy("ALTER TABLE t ALTER COLUMN a DROP NOT NULL");
    if (from18()) {
      db.execute(
          "INSERT INTO t VALUES (NULL)", "ALTER TABLE t ADD CONSTRAINT n NOT NULL a NOT VALID");
      assertThat(
              db.query(
                  "SELECT attnotnull FROM pg_attribute WHERE attrelid = 't'::regclass AND attname ="
                      + " 'a'"))
          .containsExactly("t");
      predicates.areFalseFor(
          "ALTER TABLE t ALTER COLUMN a SET NOT NULL", "ALTER TABLE t ADD COLUMN a int NOT NULL");
      db.execute("TRUNCATE t", "ALTER TABLE t VALIDATE CONSTRAINT n");
      predicates.areTrueFor("ALTER TABLE t ALTER COLUMN a SET NOT NULL");
    }
  }

  @Test
  void alterTypeIsFinishedWithTheTypeAndItsModifier() throws Exception {
    predicates.becomeTrueBy("ALTER TABLE t ALTER COLUMN b TYPE varchar(30)");
    predicates.becomeTrueBy("ALTER TABLE t ALTER COLUMN b SET DATA TYPE text USING b || ''");
    predicates.becomeTrueBy("ALTER TABLE t ALTER COLUMN a TYPE numeric(12,3)");
    predicates.areFalseFor(
        "ALTER TABLE t ALTER COLUMN a TYPE numeric", "ALTER TABLE t ALTER COLUMN a TYPE nonsense");
    assertThat(
            PostgresPredicates.of(
                Predicates.change("ALTER TABLE t ALTER COLUMN a TYPE geometry(Point,4326)")))
        .isEmpty();
  }

  @Test
  void defaultsCanOnlyBeSeenToBeGone() throws Exception {
    db.execute("ALTER TABLE t ALTER COLUMN a SET DEFAULT 1");
    predicates.becomeTrueBy("ALTER TABLE t ALTER COLUMN a DROP DEFAULT");
    predicates.areFalseFor("ALTER TABLE t ALTER COLUMN z DROP DEFAULT");
    assertThat(
            PostgresPredicates.of(Predicates.change("ALTER TABLE t ALTER COLUMN a SET DEFAULT 2")))
        .isEmpty();
  }

  @Test
  void namesAreNeverMoreThanNames() throws Exception {
    for (var name : new String[] {"a'b", "a\"b", "a\\b", "ü%s$1{", "x\ny", "SELECT", "a.b"}) {
      var quoted = '"' + name.replace("\"", "\"\"") + '"';
      predicates.becomeTrueBy("ALTER TABLE t ADD COLUMN " + quoted + " int");
      predicates.becomeTrueBy("ALTER TABLE t ALTER COLUMN " + quoted + " SET NOT NULL");
      predicates.becomeTrueBy("ALTER TABLE t DROP COLUMN " + quoted);
    }
  }
}
