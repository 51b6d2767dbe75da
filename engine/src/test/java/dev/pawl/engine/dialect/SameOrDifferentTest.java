package dev.pawl.engine.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.change.SchemaChange;
import dev.pawl.engine.plan.Planner;
import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.testing.TestDatabase;
import dev.pawl.engine.verify.Observation;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is there under a name is told from what was asked for by its definition, never by its words;
 * on a real PostgreSQL. Each pair: what is there, what is asked for, and the part that differs.
 */
class SameOrDifferentTest {
  private static final String SAME = "";
  private static TestDatabase db;
  private static int version;

  private Connection connection;

  /**
   * @param there one statement, or several
   * @param asked one statement, in other words or for another thing
   * @param part of the definition that tells them apart; {@link #SAME} where nothing does
   * @param since the first major version that knows the statements
   */
  private record Pair(String there, String asked, String part, int since) {
    Pair(String there, String asked, String part) {
      this(there, asked, part, 15);
    }

    @Override
    public String toString() {
      return there + " | " + asked;
    }
  }

  @BeforeAll
  static void database() throws Exception {
    db = TestDatabase.fresh();
    db.execute("CREATE SCHEMA s");
    version = Integer.parseInt(db.query("SHOW server_version_num").getFirst()) / 10000;
  }

  @BeforeEach
  void begin() throws Exception {
    db.execute(
        "SET client_min_messages = warning; DROP SCHEMA public, s CASCADE",
        "CREATE SCHEMA public; CREATE SCHEMA s",
        "CREATE TABLE t (id int PRIMARY KEY, j jsonb, a int, b varchar(20), c text COLLATE \"C\", r"
            + " int4range)",
        "ALTER TABLE t DROP COLUMN j", // columns are not numbered alike in a copy
        "CREATE TABLE other (LIKE t)",
        "CREATE TABLE s.t (LIKE t)",
        "CREATE TABLE s.u (x int PRIMARY KEY)",
        "CREATE TABLE u (x int PRIMARY KEY, y int UNIQUE, UNIQUE (x, y), UNIQUE (y, x))",
        "CREATE TABLE p (k int, a int) PARTITION BY RANGE (k)",
        "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10)",
        "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20)",
        "CREATE SEQUENCE numbers");
    connection = db.connect();
  }

  @AfterEach
  void end() throws Exception {
    connection.close();
  }

  private static SchemaChange change(String sql) throws Exception {
    var plan = Planner.plan(TestDatabase.files("1_x.sql", sql), DatabaseKind.POSTGRESQL);
    return plan.steps().getFirst().changes().getFirst();
  }

  private Observation observe(String sql) throws Exception {
    return Dialect.of(DatabaseKind.POSTGRESQL).observe(connection, change(sql), Optional.empty());
  }

  private void check(Pair pair) throws Exception {
    db.execute(pair.there());
    var observed = observe(pair.asked());
    if (pair.part().equals(SAME)) {
      assertThat(observed).isInstanceOf(Observation.Valid.class);
    } else {
      assertThat(observed).isInstanceOf(Observation.Different.class);
      assertThat(((Observation.Different) observed).found()).contains(pair.part());
    }
    assertThat(db.query("SELECT 1 FROM pg_class WHERE relname LIKE 'pawl%'")).isEmpty();
  }

  /** Those that this server's version knows. */
  private static List<Pair> known(Pair... pairs) {
    var all = new ArrayList<Pair>();
    for (var pair : pairs) {
      if (pair.since() <= version) {
        all.add(pair);
      }
    }
    return all;
  }

  private static Pair index(String there, String asked, String part) {
    return new Pair("CREATE INDEX x ON " + there, "CREATE INDEX x ON " + asked, part);
  }

  static List<Pair> indexes() {
    return known(
        index("t (a)", "t (a)", SAME),
        index("t (a)", "public.t USING btree (a ASC NULLS LAST)", SAME),
        index("t (a)", "t (b)", "keys: a is there, b is asked for"),
        index("t (a, b)", "t (a)", "keys"),
        index("t (a, b)", "t (b, a)", "keys"),
        index("t (a)", "t (a DESC)", "keys: a is there, a DESC is asked for"),
        index("t (a DESC)", "t (a DESC NULLS FIRST)", SAME),
        index("t (a)", "t (a NULLS FIRST)", "keys"),
        index("t (a DESC)", "t (a DESC NULLS LAST)", "keys"),
        index("t (b)", "t (b varchar_ops)", SAME),
        index("t (b)", "t (b text_ops)", SAME),
        index("t (b)", "t (b varchar_pattern_ops)", "operator classes"),
        index("t (c)", "t (c COLLATE \"C\")", SAME),
        index("t (c)", "t (c COLLATE \"POSIX\")", "keys"),
        index("t (b)", "t (b COLLATE \"C\")", "keys"),
        new Pair("CREATE UNIQUE INDEX x ON t (a)", "CREATE INDEX x ON t (a)", "uniqueness"),
        new Pair("CREATE INDEX x ON t (a)", "CREATE UNIQUE INDEX x ON t (a)", "uniqueness"),
        new Pair(
            "CREATE UNIQUE INDEX x ON t (a)",
            "CREATE UNIQUE INDEX x ON t (a) NULLS NOT DISTINCT",
            "NULLs: nothing is there, not distinct is asked for"),
        new Pair(
            "CREATE UNIQUE INDEX x ON t (a) NULLS NOT DISTINCT",
            "CREATE UNIQUE INDEX x ON t (a) NULLS DISTINCT",
            "NULLs"),
        index("t (a) WHERE b = 'x'", "t (a) WHERE ((b)::text = 'x'::text)", SAME),
        index("t (a) WHERE b = 'x'", "t (a) where t.b='x'", SAME),
        index("t (a) WHERE b = 'x'", "t (a) WHERE b = 'X'", "predicate"),
        index("t (a) WHERE b = 'x'", "t (a)", "predicate"),
        index("t (a)", "t (a) WHERE a > 5", "predicate: nothing is there, (a > 5) is asked for"),
        index("t (lower(b))", "t (lower(b::text))", SAME),
        index("t (lower(b))", "t (pg_catalog.lower(t.b))", SAME),
        index("t (lower(b))", "t (upper(b))", "keys"),
        index("t ((a + 1))", "t ((1 + a))", "keys"),
        index("t (a) INCLUDE (b)", "t (a) INCLUDE (b)", SAME),
        index("t (a) INCLUDE (b)", "t (a)", "stored columns: b is there, nothing is asked for"),
        index("t (a) INCLUDE (b)", "t (a, b)", "keys"),
        index("t (a) INCLUDE (b, c)", "t (a) INCLUDE (c, b)", "stored columns"),
        index("t USING hash (a)", "t (a)", "method: hash is there, btree is asked for"),
        index("t USING brin (a)", "t USING brin (a) WITH (pages_per_range = 32)", "storage"),
        index(
            "t USING brin (a int4_minmax_multi_ops)",
            "t USING brin (a int4_minmax_multi_ops (values_per_range = 16))",
            "options of operator classes"),
        index("t (a) WITH (fillfactor = 70)", "t (a) WITH (FILLFACTOR=70)", SAME),
        index("t (a) WITH (fillfactor = 70)", "t (a) WITH (fillfactor = 80)", "storage parameters"),
        index("t (a) WITH (fillfactor = 70)", "t (a)", "storage parameters"),
        index(
            "t (a) WITH (fillfactor = 70, deduplicate_items = off)",
            "t (a) WITH (deduplicate_items = off, fillfactor = 70)",
            SAME),
        new Pair("CREATE INDEX x ON other (a)", "CREATE INDEX x ON t (a)", "is on another table"),
        new Pair("CREATE VIEW x AS SELECT 1", "CREATE INDEX x ON t (a)", "not an index"),
        new Pair(
            "ALTER TABLE t ADD CONSTRAINT x UNIQUE (a) DEFERRABLE",
            "CREATE UNIQUE INDEX x ON t (a)",
            "checked: deferrable is there"),
        new Pair(
            "ALTER TABLE t ADD CONSTRAINT x EXCLUDE USING btree (a WITH =)",
            "CREATE INDEX x ON t (a)",
            "excludes"),
        new Pair("CREATE INDEX x ON p (a)", "CREATE INDEX x ON p (a)", SAME),
        new Pair("CREATE INDEX x ON p (a)", "CREATE INDEX x ON p (k)", "keys"),
        new Pair("CREATE INDEX x ON ONLY p (a)", "CREATE INDEX x ON ONLY p (a)", SAME),
        new Pair("CREATE INDEX x ON ONLY p (a)", "CREATE INDEX x ON ONLY p (k)", "keys"),
        new Pair(
            "CREATE INDEX x ON ONLY p (a); CREATE INDEX xp1 ON p1 (a);"
                + " ALTER INDEX x ATTACH PARTITION xp1",
            "CREATE INDEX x ON p (a)",
            "without a valid one: p2"),
        new Pair(
            "CREATE INDEX x ON ONLY p (a); CREATE INDEX xp1 ON p1 (a); CREATE INDEX xp2 ON p2 (a);"
                + " ALTER INDEX x ATTACH PARTITION xp1; ALTER INDEX x ATTACH PARTITION xp2",
            "CREATE INDEX x ON p (a)",
            SAME));
  }

  @ParameterizedTest
  @MethodSource("indexes")
  void anIndex(Pair pair) throws Exception {
    check(pair);
  }

  @Test
  void anIndexOfThatNameInAnotherSchemaIsAnother() throws Exception {
    db.execute("CREATE INDEX x ON s.t (a)");
    assertThat(observe("CREATE INDEX x ON t (a)")).isInstanceOf(Observation.Absent.class);
    assertThat(observe("CREATE INDEX x ON s.t (a)")).isInstanceOf(Observation.Valid.class);
  }

  private static Pair constraint(String there, String asked, String part) {
    return new Pair(
        "ALTER TABLE t ADD CONSTRAINT x " + there, "ALTER TABLE t ADD CONSTRAINT x " + asked, part);
  }

  private static Pair constraint(int since, String there, String asked, String part) {
    var pair = constraint(there, asked, part);
    return new Pair(pair.there(), pair.asked(), part, since);
  }

  static List<Pair> constraints() {
    return known(
        constraint("CHECK (a > 0)", "CHECK (t.a>0)", SAME),
        constraint("CHECK (b = 'x')", "CHECK ((b)::text = 'x'::text)", SAME),
        constraint("CHECK (a > 0)", "CHECK (a > 1)", "condition: (a > 0) is there"),
        constraint("CHECK (a > 0)", "CHECK (a > 0) NO INHERIT", "inheritance"),
        constraint("CHECK (a > 0)", "UNIQUE (a)", "defined as: CHECK ((a > 0))"),
        constraint("CHECK (a > 0)", "CHECK (gone > 0)", "cannot be made now"),
        constraint(18, "CHECK (a > 0) NOT ENFORCED", "CHECK (a > 0)", "enforcement"),
        constraint(18, "CHECK (a > 0) NOT ENFORCED", "CHECK (a > 0) NOT ENFORCED", SAME),
        constraint("UNIQUE (a)", "UNIQUE (a)", SAME),
        constraint("UNIQUE (a, b)", "UNIQUE (b, a)", "columns: a, b is there"),
        constraint("UNIQUE (a)", "UNIQUE NULLS NOT DISTINCT (a)", "NULLs"),
        constraint("UNIQUE (a)", "UNIQUE (a) INCLUDE (b)", "stored columns"),
        constraint("UNIQUE (a)", "UNIQUE (a) WITH (fillfactor = 50)", "storage parameters"),
        constraint("UNIQUE (a)", "UNIQUE (a) DEFERRABLE", "deferrability"),
        constraint("UNIQUE (a) DEFERRABLE", "UNIQUE (a) DEFERRABLE INITIALLY DEFERRED", "DEFERRED"),
        constraint("EXCLUDE USING gist (r WITH &&)", "EXCLUDE USING gist (r WITH &&)", SAME),
        constraint("EXCLUDE USING gist (r WITH &&)", "EXCLUDE USING gist (r WITH =)", "exclusion"),
        constraint("FOREIGN KEY (a) REFERENCES u", "FOREIGN KEY (a) REFERENCES u (x)", SAME),
        constraint(
            "FOREIGN KEY (a) REFERENCES u",
            "FOREIGN KEY (a) REFERENCES public.u (x) MATCH SIMPLE ON DELETE NO ACTION NOT"
                + " DEFERRABLE",
            SAME),
        constraint("FOREIGN KEY (a) REFERENCES u", "FOREIGN KEY (id) REFERENCES u", "columns: a"),
        constraint(
            "FOREIGN KEY (a) REFERENCES u",
            "FOREIGN KEY (a) REFERENCES u (y)",
            "referenced columns"),
        constraint(
            "FOREIGN KEY (a) REFERENCES u", "FOREIGN KEY (a) REFERENCES s.u", "not refer to"),
        constraint(
            "FOREIGN KEY (a, id) REFERENCES u (x, y)",
            "FOREIGN KEY (a, id) REFERENCES u (y, x)",
            "referenced columns"),
        constraint(
            "FOREIGN KEY (a) REFERENCES u",
            "FOREIGN KEY (a) REFERENCES u ON DELETE CASCADE",
            "ON DELETE: NO ACTION is there, CASCADE is asked for"),
        constraint(
            "FOREIGN KEY (a) REFERENCES u ON UPDATE SET NULL",
            "FOREIGN KEY (a) REFERENCES u ON UPDATE SET DEFAULT",
            "ON UPDATE"),
        constraint(
            "FOREIGN KEY (a, id) REFERENCES u (x, y) ON DELETE SET NULL (a)",
            "FOREIGN KEY (a, id) REFERENCES u (x, y) ON DELETE SET NULL (a, id)",
            "columns set on delete"),
        constraint(
            "FOREIGN KEY (a) REFERENCES u",
            "FOREIGN KEY (a) REFERENCES u DEFERRABLE INITIALLY DEFERRED",
            "deferrability"),
        constraint(
            "FOREIGN KEY (a) REFERENCES u", "FOREIGN KEY (a) REFERENCES u MATCH FULL", "match"),
        constraint("FOREIGN KEY (a) REFERENCES t", "FOREIGN KEY (a) REFERENCES t (id)", SAME),
        constraint("FOREIGN KEY (a) REFERENCES t", "FOREIGN KEY (a) REFERENCES u", "not refer to"),
        constraint("FOREIGN KEY (a) REFERENCES u", "FOREIGN KEY (a) REFERENCES gone", "not refer"),
        constraint(18, "NOT NULL a", "NOT NULL a", SAME),
        constraint(18, "NOT NULL a", "NOT NULL b", "columns: a is there, b is asked for"),
        new Pair(
            "CREATE UNIQUE INDEX xi ON t (a); ALTER TABLE t ADD CONSTRAINT x UNIQUE USING INDEX xi",
            "ALTER TABLE t ADD CONSTRAINT x UNIQUE USING INDEX xi",
            SAME),
        new Pair(
            "CREATE UNIQUE INDEX xi ON t (a); ALTER TABLE t ADD CONSTRAINT x UNIQUE USING INDEX xi",
            "ALTER TABLE t ADD CONSTRAINT x UNIQUE USING INDEX xi DEFERRABLE",
            "deferrability"),
        new Pair(
            "ALTER TABLE s.t ADD CONSTRAINT x PRIMARY KEY (a)",
            "ALTER TABLE s.t ADD CONSTRAINT x PRIMARY KEY (a)",
            SAME),
        new Pair(
            "ALTER TABLE s.t ADD CONSTRAINT x PRIMARY KEY (a)",
            "ALTER TABLE s.t ADD CONSTRAINT x PRIMARY KEY (id)",
            "columns"));
  }

  @ParameterizedTest
  @MethodSource("constraints")
  void aConstraint(Pair pair) throws Exception {
    check(pair);
  }

  private static Pair column(String there, String asked, String part) {
    return new Pair("ALTER TABLE t ADD xc " + there, "ALTER TABLE t ADD xc " + asked, part);
  }

  static List<Pair> columns() {
    return known(
        column("int", "int4", SAME),
        column("int", "bigint", "type: integer is there, bigint is asked for"),
        column("varchar(20)", "character varying (20)", SAME),
        column("varchar(20)", "varchar(21)", "type"),
        column("numeric(10,2)", "decimal(10, 2)", SAME),
        column("int[]", "int", "type"),
        column("int", "int NOT NULL", "nullability"),
        column("int NOT NULL", "int", "nullability: NOT NULL is there, NULL allowed is asked for"),
        column("int NOT NULL", "int CONSTRAINT n NOT NULL", SAME),
        column("int DEFAULT 7", "int DEFAULT 007", SAME),
        column("int DEFAULT 7", "int DEFAULT 8", "default: 7 is there, 8 is asked for"),
        column("int", "int DEFAULT 8", "default: nothing is there"),
        column("int DEFAULT 7", "int", SAME), // nothing was said of it
        column("timestamptz DEFAULT now()", "timestamptz DEFAULT pg_catalog.now()", SAME),
        column("timestamptz DEFAULT now()", "timestamptz DEFAULT clock_timestamp()", "default"),
        column("text DEFAULT 'ab'", "text DEFAULT 'a'\n'b'", SAME),
        column("text COLLATE \"C\"", "text", "collation"),
        column("text COLLATE \"C\"", "text COLLATE \"C\" CHECK (xc <> '') DEFAULT 'x'", "default"),
        column("int GENERATED ALWAYS AS (a + 1) STORED", "int", "generated: stored is there"),
        column(
            "int GENERATED ALWAYS AS (a + 1) STORED",
            "int GENERATED ALWAYS AS ((t.a + 1)) STORED",
            SAME),
        column(
            "int GENERATED ALWAYS AS (a + 1) STORED",
            "int GENERATED ALWAYS AS (a + 2) STORED",
            "default"),
        column(
            "int GENERATED ALWAYS AS IDENTITY", "int GENERATED BY DEFAULT AS IDENTITY", "identity"),
        column("int GENERATED ALWAYS AS IDENTITY", "int GENERATED ALWAYS AS IDENTITY", SAME),
        column("serial", "serial", SAME),
        column(
            "int NOT NULL", "serial", "default: nothing is there, its own sequence is asked for"),
        column("int DEFAULT nextval('numbers')", "int DEFAULT nextval('numbers')", SAME),
        column("int DEFAULT nextval('numbers')", "serial", "default"),
        column("int", "nosuchtype", "cannot be made now"));
  }

  @ParameterizedTest
  @MethodSource("columns")
  void aColumn(Pair pair) throws Exception {
    check(pair);
  }

  private static Pair table(String there, String asked, String part) {
    return new Pair("CREATE TABLE x " + there, "CREATE TABLE IF NOT EXISTS x " + asked, part);
  }

  static List<Pair> tables() {
    return known(
        table("(a int, b text)", "(a int4, b text)", SAME),
        table("(a int, b text, c int)", "(a int)", SAME), // later migrations add to it
        table("(a int)", "(a int, b text)", "without what is asked for: column b"),
        table("(a int)", "(a bigint)", "type: integer is there, bigint is asked for"),
        table("(a int)", "(a int NOT NULL)", "nullability"),
        table("(a int DEFAULT 1)", "(a int DEFAULT 2)", "default"),
        table("(a int)", "(a int PRIMARY KEY)", "NOT NULL is asked for"),
        table("(a int NOT NULL)", "(a int PRIMARY KEY)", "asked for: PRIMARY KEY"),
        table("(a int PRIMARY KEY)", "(a int, PRIMARY KEY (a))", SAME),
        table("(a serial PRIMARY KEY)", "(a bigserial PRIMARY KEY)", "type"),
        table(
            "(id serial PRIMARY KEY, a int REFERENCES u ON DELETE CASCADE, CHECK (a > 0))",
            "(id serial PRIMARY KEY, a int REFERENCES u (x) ON DELETE CASCADE CHECK (a>0))",
            SAME),
        table("(a int CHECK (a > 0))", "(a int CHECK (a > 1))", "asked for: CHECK (a > 1)"),
        table("(a int UNIQUE)", "(a int, CONSTRAINT k UNIQUE (a))", "asked for: constraint k"),
        table("(a int, UNIQUE (a))", "(a int UNIQUE DEFERRABLE)", "asked for: UNIQUE"),
        table("(a int REFERENCES u)", "(a int REFERENCES s.u)", "asked for"),
        table("(a int) PARTITION BY RANGE (a)", "(a int) PARTITION BY RANGE (a)", SAME),
        table("AS SELECT 1 AS a", "AS SELECT 1 AS a", SAME),
        table("(LIKE t)", "(LIKE t)", SAME),
        new Pair("CREATE VIEW x AS SELECT 1 AS a", "CREATE TABLE x (a int)", "not a table"),
        new Pair("CREATE TABLE x ()", "CREATE VIEW x AS SELECT 1", "not a view"),
        new Pair("CREATE SEQUENCE x", "CREATE SEQUENCE IF NOT EXISTS x", SAME));
  }

  @ParameterizedTest
  @MethodSource("tables")
  void aTable(Pair pair) throws Exception {
    check(pair);
  }

  static List<Pair> others() {
    var enumeration = "CREATE TYPE xt AS ENUM ('a', 'b', 'c')";
    return known(
        new Pair(enumeration, "CREATE TYPE xt AS ENUM ('a', 'c')", SAME), // b came later
        new Pair(enumeration, "CREATE TYPE xt AS ENUM ('a', 'c', 'b')", "asked for were [a, c, b]"),
        new Pair(enumeration, "CREATE TYPE xt AS ENUM ('a', 'd')", "asked for were [a, d]"),
        new Pair(enumeration, "CREATE TYPE xt AS (a int)", "kind: enum is there"),
        new Pair(enumeration, "ALTER TYPE xt ADD VALUE 'b'", SAME),
        new Pair(enumeration, "ALTER TYPE xt ADD VALUE 'b' BEFORE 'c'", SAME),
        new Pair(enumeration, "ALTER TYPE xt ADD VALUE 'b' AFTER 'a'", SAME),
        new Pair(enumeration, "ALTER TYPE xt ADD VALUE 'b' BEFORE 'a'", "not before a"),
        new Pair(enumeration, "ALTER TYPE xt ADD VALUE 'b' AFTER 'c'", "not after c"),
        new Pair(
            "CREATE TYPE xt AS (a int, b varchar(3))",
            "CREATE TYPE xt AS (a int4, b character varying(3))",
            SAME),
        new Pair(
            "CREATE TYPE xt AS (a int, b text)", "CREATE TYPE xt AS (b text, a int)", "attributes"),
        new Pair("CREATE TYPE xt AS (a int)", "CREATE TYPE xt AS (a bigint)", "attributes"),
        new Pair(
            "CREATE TYPE xt AS RANGE (subtype = int)",
            "CREATE TYPE xt AS RANGE (subtype = bigint)",
            "range of"),
        new Pair(
            "CREATE MATERIALIZED VIEW xm AS SELECT a, b FROM t WHERE b = 'x'",
            "CREATE MATERIALIZED VIEW xm AS SELECT t.a, t.b FROM public.t WHERE (b)::text = 'x'",
            SAME),
        new Pair(
            "CREATE MATERIALIZED VIEW xm AS SELECT a FROM t",
            "CREATE MATERIALIZED VIEW xm AS SELECT b FROM t",
            "query"),
        new Pair(
            "CREATE MATERIALIZED VIEW xm AS SELECT a AS n FROM t",
            "CREATE MATERIALIZED VIEW xm (n) WITH (fillfactor = 50) AS SELECT a FROM t WITH DATA",
            SAME),
        new Pair("CREATE TABLE xm ()", "CREATE MATERIALIZED VIEW xm AS SELECT 1", "not a material"),
        new Pair("CREATE VIEW xm AS SELECT 1", "CREATE TABLE xm ()", "not a table"));
  }

  @ParameterizedTest
  @MethodSource("others")
  void aTypeOrView(Pair pair) throws Exception {
    check(pair);
  }

  @Test
  void aMaterializedViewWithoutItsDataIsInvalid() throws Exception {
    db.execute("CREATE MATERIALIZED VIEW xm AS SELECT a FROM t WITH NO DATA");
    assertThat(observe("CREATE MATERIALIZED VIEW xm AS SELECT a FROM t"))
        .isInstanceOf(Observation.Invalid.class);
    assertThat(observe("CREATE MATERIALIZED VIEW xm AS SELECT a FROM t WITH NO DATA"))
        .isInstanceOf(Observation.Valid.class);
  }

  @Test
  void theDefaultOfAColumnIsWhatWasSetOrDropped() throws Exception {
    assertThat(observe("ALTER TABLE t ALTER b SET DEFAULT 'x'"))
        .isInstanceOf(Observation.Absent.class);
    assertThat(observe("ALTER TABLE t ALTER b DROP DEFAULT")).isInstanceOf(Observation.Valid.class);
    db.execute("ALTER TABLE t ALTER b SET DEFAULT 'x'");
    assertThat(observe("ALTER TABLE t ALTER b SET DEFAULT ('x')::varchar"))
        .isInstanceOf(Observation.Valid.class);
    assertThat(observe("ALTER TABLE t ALTER b SET DEFAULT 'y'"))
        .isInstanceOf(Observation.Absent.class);
    assertThat(observe("ALTER TABLE t ALTER b DROP DEFAULT"))
        .isInstanceOf(Observation.Absent.class);
  }
}
