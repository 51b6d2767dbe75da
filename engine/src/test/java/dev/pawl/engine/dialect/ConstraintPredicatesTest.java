package dev.pawl.engine.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.testing.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConstraintPredicatesTest {
  private TestDatabase db;
  private Predicates predicates;

  @BeforeEach
  void database() throws Exception {
    db = TestDatabase.fresh();
    predicates = new Predicates(db);
    db.execute(
        "CREATE TABLE t (a int, b int, c int4range)",
        "CREATE TABLE u (a int PRIMARY KEY)",
        "CREATE TABLE v (a int PRIMARY KEY)");
  }

  private boolean from18() throws Exception {
    return db.query("SELECT current_setting('server_version_num')::int >= 180000")
        .equals(List.of("t"));
  }

  @Test
  void aCheckIsFinishedWhenItIsValidated() throws Exception {
    predicates.becomeTrueBy("ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0) NOT VALID");
    predicates.areFalseFor(
        "ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0)",
        "ALTER TABLE t ADD CONSTRAINT k UNIQUE (a)",
        "ALTER TABLE u ADD CONSTRAINT k CHECK (a > 0)",
        "ALTER TABLE t ADD CONSTRAINT j CHECK (a > 0)");
    predicates.becomeTrueBy("ALTER TABLE t VALIDATE CONSTRAINT k");
    predicates.areTrueFor("ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0)");
    predicates.areFalseFor("ALTER TABLE t VALIDATE CONSTRAINT missing");
  }

  @Test
  void aForeignKeyIsFinishedWhenItIsValidatedAndOfTheseTables() throws Exception {
    predicates.becomeTrueBy(
        "ALTER TABLE t ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES u NOT VALID");
    predicates.areFalseFor("ALTER TABLE t ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES u");
    db.execute("ALTER TABLE t VALIDATE CONSTRAINT k");
    predicates.areTrueFor("ALTER TABLE t ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES u");
    predicates.areFalseFor(
        "ALTER TABLE t ADD CONSTRAINT k FOREIGN KEY (b) REFERENCES u",
        "ALTER TABLE t ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES v");
    db.execute("CREATE TABLE w (a int PRIMARY KEY, b int UNIQUE)");
    predicates.becomeTrueBy("ALTER TABLE t ADD CONSTRAINT w FOREIGN KEY (a) REFERENCES w (b)");
    predicates.areFalseFor("ALTER TABLE t ADD CONSTRAINT w FOREIGN KEY (a) REFERENCES w (a)");
  }

  @Test
  void keysAreFinishedWithAValidIndexOfTheseColumns() throws Exception {
    predicates.becomeTrueBy("ALTER TABLE t ADD CONSTRAINT k UNIQUE (a, b)");
    predicates.areFalseFor(
        "ALTER TABLE t ADD CONSTRAINT k UNIQUE NULLS NOT DISTINCT (a, b)",
        "ALTER TABLE t ADD CONSTRAINT k UNIQUE (b, a)",
        "ALTER TABLE t ADD CONSTRAINT k UNIQUE (a)");
    predicates.becomeTrueBy("ALTER TABLE t ADD PRIMARY KEY (a)");
    predicates.areFalseFor("ALTER TABLE t ADD PRIMARY KEY (b)");
    predicates.becomeTrueBy("ALTER TABLE t ADD CONSTRAINT x EXCLUDE USING gist (c WITH &&)");
    db.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'k'::regclass");
    predicates.areFalseFor("ALTER TABLE t ADD CONSTRAINT k UNIQUE (a, b)");
  }

  @Test
  void aConstraintMadeOfAnIndexIsFinishedWithItsOwnName() throws Exception {
    db.execute("CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)");
    predicates.becomeTrueBy("ALTER TABLE t ADD CONSTRAINT k UNIQUE USING INDEX i");
    predicates.areFalseFor("CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)");
  }

  @Test
  void whatTheServerNamesIsNotClaimed() {
    assertThat(PostgresPredicates.of(Predicates.change("ALTER TABLE t ADD UNIQUE (a)"))).isEmpty();
    assertThat(PostgresPredicates.of(Predicates.change("ALTER TABLE t ADD CHECK (a > 0)")))
        .isEmpty();
  }

  @Test
  void whatIsNotEnforcedIsPresentAndNoMore() throws Exception {
    var enforced = "ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0)";
    if (from18()) {
      predicates.becomeTrueBy(enforced + " NOT ENFORCED");
      predicates.areFalseFor(
          enforced, enforced + " NOT VALID", "ALTER TABLE t VALIDATE CONSTRAINT k");
      db.execute("ALTER TABLE t DROP CONSTRAINT k");
    }
    db.execute(enforced);
    predicates.areFalseFor(enforced + " NOT ENFORCED");
    predicates.areTrueFor(enforced, enforced + " NOT VALID");
  }

  @Test
  void aNotNullConstraintIsFinishedWhenValidated() throws Exception {
    var named = "ALTER TABLE t ADD CONSTRAINT n NOT NULL a";
    predicates.areFalseFor(named, "ALTER TABLE t ADD NOT NULL a");
    if (from18()) {
      predicates.becomeTrueBy(named + " NOT VALID");
      predicates.areFalseFor(named, "ALTER TABLE t ADD NOT NULL a");
      predicates.becomeTrueBy("ALTER TABLE t VALIDATE CONSTRAINT n");
      predicates.areTrueFor(named, "ALTER TABLE t ADD NOT NULL a");
      predicates.areFalseFor("ALTER TABLE t ADD CONSTRAINT n NOT NULL b");
    }
    assertThat(PostgresPredicates.of(Predicates.change("ALTER TABLE t ADD NOT NULL a NOT VALID")))
        .isEmpty();
  }

  @Test
  void dropConstraintIsFinishedWhenItIsGone() throws Exception {
    db.execute("ALTER TABLE t ADD CONSTRAINT \"K's\" CHECK (a > 0)");
    predicates.becomeTrueBy("ALTER TABLE t DROP CONSTRAINT \"K's\"");
    predicates.areFalseFor("ALTER TABLE missing DROP CONSTRAINT k");
  }
}
