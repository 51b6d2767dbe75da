package dev.pawl.engine.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.engine.testing.TestDatabase;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IndexPredicatesTest {
  private TestDatabase db;
  private Predicates predicates;

  @BeforeEach
  void database() throws Exception {
    db = TestDatabase.fresh();
    predicates = new Predicates(db);
    db.execute(
        "CREATE TABLE t (a int, b text, c int, \"C d\" int)",
        "CREATE TABLE u (a int, b text)",
        "CREATE SCHEMA s",
        "CREATE TABLE s.t (a int, b text)");
  }

  @Test
  void isReadByAPerson() {
    assertThat(
            Predicates.of(
                "CREATE UNIQUE INDEX CONCURRENTLY i ON s.t (a DESC, lower(b)) INCLUDE (b)"))
        .isEqualTo(
            """
            SELECT EXISTS (
              SELECT FROM pg_catalog.pg_index i
                JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
                JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
                JOIN pg_catalog.pg_am m ON m.oid = c.relam
               WHERE t.oid = pg_catalog.to_regclass('"s"."t"')
                 AND c.relname = 'i'
                 AND c.relnamespace = t.relnamespace
                 AND i.indisvalid AND i.indisready AND i.indislive
                 AND i.indisunique
                 AND m.amname = 'btree'
                 AND i.indnkeyatts = 2 AND i.indnatts = 3
                 AND i.indpred IS NULL
                 AND coalesce(pg_catalog.to_jsonb(i) ->> 'indnullsnotdistinct', 'false') = 'false'
                 AND i.indkey[0] = (
                  SELECT a.attnum FROM pg_catalog.pg_attribute a
                   WHERE a.attrelid = t.oid AND a.attname = 'a' AND NOT a.attisdropped)
                 AND i.indoption[0] = 3
                 AND i.indoption[1] = 0
                 AND i.indkey[2] = (
                  SELECT a.attnum FROM pg_catalog.pg_attribute a
                   WHERE a.attrelid = t.oid AND a.attname = 'b' AND NOT a.attisdropped)
            )\
            """);
  }

  @Test
  void createIndexIsFinishedWithTheWholeIndex() throws Exception {
    predicates.becomeTrueBy("CREATE INDEX CONCURRENTLY i ON t (a, b DESC)");
    predicates.areTrueFor("CREATE INDEX i ON public.t (a, b DESC)");
    predicates.areFalseFor(
        "CREATE INDEX i ON u (a, b DESC)",
        "CREATE INDEX i ON s.t (a, b DESC)",
        "CREATE INDEX j ON t (a, b DESC)",
        "CREATE INDEX i ON t (b DESC, a)",
        "CREATE INDEX i ON t (a, b)",
        "CREATE INDEX i ON t (a DESC, b DESC)",
        "CREATE INDEX i ON t (a)",
        "CREATE INDEX i ON t (a, b DESC, c)",
        "CREATE INDEX i ON t (a, c DESC)",
        "CREATE INDEX i ON t (a, gone DESC)",
        "CREATE INDEX i ON t (a, b DESC) INCLUDE (c)",
        "CREATE INDEX i ON t (a) INCLUDE (b)",
        "CREATE UNIQUE INDEX i ON t (a, b DESC)",
        "CREATE INDEX i ON t (a, b DESC) WHERE a > 0",
        "CREATE INDEX i ON t USING gist (a, b DESC)",
        "CREATE INDEX i ON missing (a, b DESC)");
  }

  @Test
  void uniquenessPredicateStoredColumnsAndMethodCount() throws Exception {
    predicates.becomeTrueBy("CREATE UNIQUE INDEX i ON t (a) INCLUDE (c, b) WHERE c > 0");
    predicates.areFalseFor(
        "CREATE UNIQUE INDEX i ON t (a) INCLUDE (c, b)",
        "CREATE UNIQUE INDEX i ON t (a) INCLUDE (b, c) WHERE c > 0",
        "CREATE INDEX i ON t (a) INCLUDE (c, b) WHERE c > 0");
    predicates.becomeTrueBy("CREATE INDEX h ON t USING HASH (b)");
    predicates.becomeTrueBy("CREATE INDEX e ON t (lower(b) DESC, (a + 1), b text_pattern_ops)");
    predicates.areFalseFor("CREATE INDEX e ON t (lower(b), (a + 1), b text_pattern_ops)");
  }

  @Test
  void whereNullsStandCounts() throws Exception {
    predicates.becomeTrueBy("CREATE INDEX i ON t (a NULLS FIRST, b DESC NULLS LAST)");
    predicates.areFalseFor(
        "CREATE INDEX i ON t (a, b DESC NULLS LAST)",
        "CREATE INDEX i ON t (a NULLS FIRST, b DESC)");
    predicates.becomeTrueBy("CREATE UNIQUE INDEX u1 ON t (a) NULLS NOT DISTINCT");
    predicates.areFalseFor("CREATE UNIQUE INDEX u1 ON t (a)");
    predicates.becomeTrueBy("CREATE UNIQUE INDEX u2 ON t (a)");
    predicates.areFalseFor("CREATE UNIQUE INDEX u2 ON t (a) NULLS NOT DISTINCT");
  }

  @Test
  void anInvalidIndexIsNotFinished() throws Exception {
    db.execute("INSERT INTO t VALUES (1), (1)");
    assertThatThrownBy(() -> db.execute("CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)"))
        .isInstanceOf(SQLException.class);
    assertThat(db.query("SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass"))
        .containsExactly("f");
    predicates.areFalseFor("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a)");
    db.execute("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a)");
    predicates.areFalseFor("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a)");
    db.execute("TRUNCATE t", "REINDEX INDEX CONCURRENTLY i");
    predicates.areTrueFor("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a)");
  }

  @Test
  void eachFlagOfTheIndexCounts() throws Exception {
    db.execute("CREATE INDEX i ON t (a)");
    for (var flag : new String[] {"indisvalid", "indisready", "indislive"}) {
      db.execute("UPDATE pg_index SET " + flag + " = false WHERE indexrelid = 'i'::regclass");
      predicates.areFalseFor("CREATE INDEX i ON t (a)");
      db.execute("UPDATE pg_index SET " + flag + " = true WHERE indexrelid = 'i'::regclass");
      predicates.areTrueFor("CREATE INDEX i ON t (a)");
    }
  }

  @Test
  void anotherRelationOfTheNameIsNoIndex() throws Exception {
    db.execute("CREATE TABLE i (a int)");
    predicates.areFalseFor("CREATE INDEX i ON t (a)");
    predicates.areTrueFor("DROP INDEX i");
  }

  @Test
  void theParentsIndexIsFinishedWhenEachPartitionHasItsOwn() throws Exception {
    db.execute(
        "CREATE TABLE p (a int) PARTITION BY RANGE (a)",
        "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (9)",
        "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (19)");
    var only = "CREATE INDEX i ON ONLY p (a)";
    db.execute(only);
    predicates.areFalseFor(only);
    db.execute("CREATE INDEX i1 ON p1 (a)", "ALTER INDEX i ATTACH PARTITION i1");
    predicates.areFalseFor(only);
    db.execute("CREATE INDEX i2 ON p2 (a)", "ALTER INDEX i ATTACH PARTITION i2");
    predicates.areTrueFor(only);
    db.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'i1'::regclass");
    predicates.areFalseFor(only);
    predicates.becomeTrueBy("CREATE INDEX whole ON p (a)");
  }

  @Test
  void dropIndexIsFinishedWhenAllAreGone() throws Exception {
    db.execute("CREATE INDEX i ON t (a)", "CREATE INDEX j ON s.t (a)");
    predicates.areFalseFor("DROP INDEX i, s.j");
    db.execute("DROP INDEX i");
    predicates.areFalseFor("DROP INDEX i, s.j");
    predicates.areTrueFor("DROP INDEX i");
    db.execute("DROP INDEX CONCURRENTLY s.j");
    predicates.areTrueFor("DROP INDEX i, s.j", "DROP INDEX CONCURRENTLY IF EXISTS i");
  }

  @Test
  void anInterruptedDropIsNotFinished() throws Exception {
    db.execute("CREATE INDEX i ON t (a)");
    db.execute(
        "UPDATE pg_index SET indisvalid = false, indislive = false"
            + " WHERE indexrelid = 'i'::regclass");
    predicates.areFalseFor("DROP INDEX CONCURRENTLY i");
  }

  @Test
  void reindexIsUnfinishedWhileTheIndexIsInvalidOrACopyIsLeft() throws Exception {
    var index = "REINDEX INDEX CONCURRENTLY i";
    var table = "REINDEX TABLE CONCURRENTLY t";
    predicates.areFalseFor(index, "REINDEX TABLE CONCURRENTLY missing");
    db.execute("CREATE INDEX i ON t (a)");
    predicates.areTrueFor(index, table);
    db.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'i'::regclass");
    predicates.areFalseFor(index);
    db.execute("REINDEX INDEX CONCURRENTLY i");
    db.execute("CREATE INDEX i_ccnew1 ON t (a)");
    predicates.areTrueFor(index, table);
    db.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'i_ccnew1'::regclass");
    predicates.areFalseFor(index, table);
    db.execute("DROP INDEX i_ccnew1");
    predicates.areTrueFor(index, table);
    assertThat(PostgresPredicates.of(Predicates.change("REINDEX SCHEMA CONCURRENTLY s"))).isEmpty();
  }

  @Test
  void reindexOfAPartitionedTableLooksAtItsPartitions() throws Exception {
    db.execute(
        "CREATE TABLE p (a int) PARTITION BY RANGE (a)",
        "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (9)",
        "CREATE INDEX i ON p (a)");
    var index = "REINDEX INDEX CONCURRENTLY i";
    var table = "REINDEX TABLE CONCURRENTLY p";
    predicates.areTrueFor(index, table);
    db.execute("CREATE INDEX own_ccold ON p1 (a)", "CREATE INDEX p1_a_idx_ccold ON p1 (a)");
    db.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'own_ccold'::regclass");
    predicates.areTrueFor(index, table);
    db.execute(
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'p1_a_idx_ccold'::regclass");
    predicates.areFalseFor(index, table);
    db.execute("DROP INDEX p1_a_idx_ccold");
    db.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'p1_a_idx'::regclass");
    predicates.areFalseFor(index);
  }

  @Test
  void namesAreNeverMoreThanNames() throws Exception {
    for (var name :
        new String[] {"C d", "a'b", "a\"b", "a\\b", "ü%s$1{", "x\ny", "SELECT", "a.b"}) {
      var quoted = '"' + name.replace("\"", "\"\"") + '"';
      db.execute("CREATE TABLE " + quoted + " (" + quoted + " int)");
      predicates.becomeTrueBy(
          "CREATE INDEX \"i of %s\" ON %s (%s)"
              .formatted(name.replace("\"", "\"\""), quoted, quoted));
    }
    predicates.becomeTrueBy("CREATE INDEX Folded ON T (A)");
    predicates.areFalseFor("CREATE INDEX \"Folded\" ON t (a)", "CREATE INDEX folded ON \"T\" (a)");
  }
}
