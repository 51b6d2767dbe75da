package dev.pawl.engine.dialect;

import dev.pawl.engine.testing.TestDatabase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RenamePredicatesTest {
  private TestDatabase db;
  private Predicates predicates;

  @BeforeEach
  void database() throws Exception {
    db = TestDatabase.fresh();
    predicates = new Predicates(db);
    db.execute(
        "CREATE TABLE t (a int, CONSTRAINT k CHECK (a > 0))",
        "CREATE INDEX i ON t (a)",
        "CREATE VIEW v AS SELECT 1",
        "CREATE MATERIALIZED VIEW m AS SELECT 1",
        "CREATE SEQUENCE q",
        "CREATE TYPE e AS ENUM ('a', 'b')",
        "CREATE SCHEMA s");
  }

  @Test
  void aRenameIsFinishedWhenTheNewNameIsThereAndTheOldOneGone() throws Exception {
    for (var rename :
        new String[] {
          "ALTER TABLE t RENAME COLUMN a TO \"B's\"",
          "ALTER TABLE t RENAME CONSTRAINT k TO l",
          "ALTER TABLE t RENAME TO \"T's\"",
          "ALTER INDEX i RENAME TO j",
          "ALTER VIEW v RENAME TO w",
          "ALTER MATERIALIZED VIEW m RENAME TO n",
          "ALTER SEQUENCE q RENAME TO r",
          "ALTER TYPE e RENAME VALUE 'a' TO 'it''s'",
          "ALTER TYPE public.e RENAME TO f",
          "ALTER SCHEMA s RENAME TO s2"
        }) {
      predicates.becomeTrueBy(rename);
    }
  }

  @Test
  void theNewNameAloneIsNotEnough() throws Exception {
    db.execute("ALTER TABLE t ADD COLUMN b int", "CREATE TABLE u (a int)", "CREATE SCHEMA s2");
    predicates.areFalseFor(
        "ALTER TABLE t RENAME COLUMN a TO b",
        "ALTER TABLE t RENAME COLUMN gone TO c",
        "ALTER TABLE t RENAME TO u",
        "ALTER TABLE gone RENAME TO gone_too",
        "ALTER TYPE e RENAME VALUE 'a' TO 'b'",
        "ALTER SCHEMA s RENAME TO s2");
  }

  @Test
  void aMoveIsFinishedWhenItIsThere() throws Exception {
    predicates.becomeTrueBy("ALTER TABLE public.t SET SCHEMA s");
    predicates.becomeTrueBy("ALTER VIEW v SET SCHEMA s");
    predicates.becomeTrueBy("ALTER TYPE e SET SCHEMA s");
    db.execute("CREATE TABLE t (a int)");
    predicates.areFalseFor("ALTER TABLE public.t SET SCHEMA s");
  }
}
