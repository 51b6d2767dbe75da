package dev.pawl.engine.change;

import static dev.pawl.engine.change.Classified.cockroachdb;
import static dev.pawl.engine.change.Classified.postgresql;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.QualifiedName;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CreateTableTest {
  private static final QualifiedName T = QualifiedName.of("t");

  private static CreateTable empty(QualifiedName table, boolean ifNotExists, boolean unlogged) {
    return elsewhere(table, ifNotExists, unlogged, false, Optional.empty());
  }

  private static CreateTable filled(boolean ifNotExists, String body) {
    return elsewhere(T, ifNotExists, false, true, Optional.of(body));
  }

  private static CreateTable elsewhere(
      QualifiedName table,
      boolean ifNotExists,
      boolean unlogged,
      boolean asSelect,
      Optional<String> body) {
    return new CreateTable(
        table,
        ifNotExists,
        unlogged,
        asSelect,
        Optional.empty(),
        List.of(),
        List.of(),
        List.of(),
        body,
        Optional.empty());
  }

  /** A column without what its definition says, which AddColumnTest looks at. */
  private record Column(String name, String type, boolean notNull, boolean hasDefault) {}

  private static Column column(String name, String type, boolean notNull, boolean hasDefault) {
    return new Column(name, type, notNull, hasDefault);
  }

  private static List<Column> columns(CreateTable table) {
    assertThat(table.columns()).extracting(AddColumn::table).containsOnly(table.table());
    return table.columns().stream()
        .map(c -> new Column(c.column(), c.type(), c.notNull(), c.hasDefault()))
        .toList();
  }

  @Test
  void namesTheTable() {
    assertThat(postgresql("CREATE UNLOGGED TABLE IF NOT EXISTS t ()"))
        .isEqualTo(empty(T, true, true));
    assertThat(postgresql("CREATE TABLE Public.\"T\" ()"))
        .isEqualTo(empty(QualifiedName.of("public", "T"), false, false));
    assertThat(Classified.all(DatabaseKind.POSTGRESQL, "create temporary table t ()"))
        .containsExactly(empty(T, false, false), new SessionSetting("temporary table"));
  }

  @Test
  void knowsWhenItIsFilledByAQuery() {
    assertThat(cockroachdb("CREATE TABLE t AS SELECT 1")).isEqualTo(filled(false, "AS SELECT 1"));
    assertThat(cockroachdb("CREATE TABLE IF NOT EXISTS t (a, b) AS (VALUES (1, 2))"))
        .isEqualTo(filled(true, "(a, b) AS (VALUES (1, 2))"));
    assertThat(postgresql("CREATE TABLE t WITH (fillfactor = 70) AS TABLE u WITH NO DATA"))
        .isEqualTo(filled(false, "WITH (fillfactor = 70) AS TABLE u"));
    assertThat(postgresql("CREATE TABLE t AS EXECUTE p WITH DATA"))
        .isEqualTo(filled(false, "AS EXECUTE p"));
    assertThat(postgresql("CREATE TABLE t AS WITH x AS (SELECT 1) SELECT * FROM x"))
        .isEqualTo(filled(false, "AS WITH x AS (SELECT 1) SELECT * FROM x"));
  }

  @Test
  void isNotMisledByOtherMeaningsOfAs() {
    var computed =
        (CreateTable) postgresql("CREATE TABLE t (a int GENERATED ALWAYS AS (1) STORED)");
    assertThat(computed.asSelect()).isFalse();
    assertThat(columns(computed)).containsExactly(column("a", "int", false, true));
    var local = (CreateTable) cockroachdb("CREATE TABLE t (a INT) LOCALITY REGIONAL BY ROW AS r");
    assertThat(local.asSelect()).isFalse();
    assertThat(columns(local)).containsExactly(column("a", "INT", false, false));
  }

  @Test
  void takesItsColumnsFromElsewhereWhereTheTextSaysSo() {
    assertThat(postgresql("CREATE TABLE t PARTITION OF s.p (a NOT NULL) FOR VALUES IN (1)"))
        .isEqualTo(
            new CreateTable(
                T,
                false,
                false,
                false,
                Optional.of(QualifiedName.of("s", "p")),
                List.of(),
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.of("(a NOT NULL) FOR VALUES IN (1)")));
    assertThat(postgresql("CREATE TABLE t OF typ (a WITH OPTIONS NOT NULL)"))
        .isEqualTo(
            elsewhere(T, false, false, false, Optional.of("OF typ (a WITH OPTIONS NOT NULL)")));
    var like =
        (CreateTable) postgresql("CREATE TABLE t (LIKE u INCLUDING ALL, a int) INHERITS (v)");
    assertThat(columns(like)).containsExactly(column("a", "int", false, false));
    assertThat(like.body()).contains("(LIKE u INCLUDING ALL, a int)");
    assertThat(like.options()).contains("INHERITS (v)");
  }

  @Test
  void knowsWhatFollowsItsColumns() {
    var table = (CreateTable) postgresql("CREATE TABLE t (a int) PARTITION BY LIST (a) -- x");
    assertThat(table.body()).isEmpty();
    assertThat(table.options()).contains("PARTITION BY LIST (a)");
  }

  @Test
  void readsItsColumns() {
    var table =
        (CreateTable)
            postgresql(
                """
                CREATE TABLE t (
                  id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
                  "Name" varchar(20) COLLATE "C" NOT NULL DEFAULT 'x',
                  price numeric(10, 2) DEFAULT CASE WHEN 1 IS NOT NULL THEN 1 END,
                  at timestamp with time zone NULL,
                  tags text[]
                ) WITH (fillfactor = 70)
                """);
    assertThat(columns(table))
        .containsExactly(
            column("id", "bigint", true, true),
            column("Name", "varchar(20)", true, true),
            column("price", "numeric(10, 2)", false, true),
            column("at", "timestamp with time zone", false, false),
            column("tags", "text[]", false, false));
    assertThat(table.constraints()).hasSize(1);
    assertThat(table.constraints().getFirst().kind()).isEqualTo(AddConstraint.Kind.PRIMARY_KEY);
    assertThat(table.constraints().getFirst().columns()).containsExactly("id");
  }

  @Test
  void readsItsConstraints() {
    var table =
        (CreateTable)
            postgresql(
                """
                CREATE TABLE t (
                  a int CONSTRAINT positive CHECK (a > 0) NOT ENFORCED REFERENCES s.u (x)
                    ON UPDATE CASCADE ON DELETE SET NULL (a) DEFERRABLE,
                  b int UNIQUE NULLS NOT DISTINCT,
                  c int,
                  PRIMARY KEY (a, b),
                  CONSTRAINT k UNIQUE (b, c) INCLUDE (a),
                  EXCLUDE USING gist (c WITH &&),
                  CONSTRAINT f FOREIGN KEY (b, c) REFERENCES v MATCH FULL ON DELETE RESTRICT,
                  CONSTRAINT n NOT NULL c
                )
                """);
    assertThat(columns(table))
        .containsExactly(
            column("a", "int", true, false),
            column("b", "int", true, false),
            column("c", "int", true, false));
    assertThat(table.constraints())
        .extracting(AddConstraint::body)
        .containsExactly(
            "CHECK (a > 0) NOT ENFORCED",
            """
            (x)
                ON UPDATE CASCADE ON DELETE SET NULL (a) DEFERRABLE\
            """,
            "UNIQUE NULLS NOT DISTINCT (\"b\")",
            "PRIMARY KEY (a, b)",
            "UNIQUE (b, c) INCLUDE (a)",
            "EXCLUDE USING gist (c WITH &&)",
            "MATCH FULL ON DELETE RESTRICT",
            "NOT NULL c");
    assertThat(table.constraints())
        .extracting(AddConstraint::name)
        .containsExactly(
            Optional.of("positive"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of("k"),
            Optional.empty(),
            Optional.of("f"),
            Optional.of("n"));
    assertThat(table.constraints())
        .extracting(AddConstraint::columns)
        .containsExactly(
            List.of(),
            List.of("a"),
            List.of("b"),
            List.of("a", "b"),
            List.of("b", "c"),
            List.of(),
            List.of("b", "c"),
            List.of("c"));
    assertThat(table.constraints().get(0).notEnforced()).isTrue();
    assertThat(table.constraints().get(1).references()).contains(QualifiedName.of("s", "u"));
    assertThat(table.constraints().get(1).referencedColumns()).containsExactly("x");
    assertThat(table.constraints().get(2).nullsNotDistinct()).isTrue();
    assertThat(table.constraints().get(6).references()).contains(QualifiedName.of("v"));
    assertThat(table.constraints().get(6).referencedColumns()).isEmpty();
  }

  @Test
  void readsCockroachdbsIndexesAndFamilies() {
    var table =
        (CreateTable)
            cockroachdb(
                """
                CREATE TABLE IF NOT EXISTS omicron.public.t (
                    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
                    time_deleted TIMESTAMPTZ ON UPDATE now(),
                    name STRING(63) NOT NULL CREATE IF NOT EXISTS FAMILY f,
                    doc JSONB NOT VISIBLE,
                    low STRING AS (lower(name)) STORED,
                    UNIQUE INDEX by_name (name ASC, id DESC) STORING (doc) WHERE time_deleted IS NULL,
                    INDEX (low) USING HASH,
                    INVERTED INDEX docs (doc),
                    UNIQUE WITHOUT INDEX (low),
                    CONSTRAINT one UNIQUE (name) STORING (doc),
                    FAMILY rest (id, doc)
                )
                """);
    var name = QualifiedName.of("omicron", "public", "t");
    assertThat(columns(table))
        .containsExactly(
            column("id", "UUID", true, true),
            column("time_deleted", "TIMESTAMPTZ", false, false),
            column("name", "STRING(63)", true, false),
            column("doc", "JSONB", false, false),
            column("low", "STRING", false, true));
    assertThat(table.indexes()).extracting(CreateIndex::table).containsOnly(name);
    assertThat(table.indexes())
        .extracting(CreateIndex::name)
        .containsExactly(Optional.of("by_name"), Optional.empty(), Optional.of("docs"));
    assertThat(table.indexes())
        .extracting(CreateIndex::body)
        .containsExactly(
            "(name ASC, id DESC) STORING (doc) WHERE time_deleted IS NULL",
            "(low) USING HASH",
            "(doc)");
    var byName = table.indexes().getFirst();
    assertThat(byName.unique()).isTrue();
    assertThat(byName.keys())
        .containsExactly(CreateIndexTest.key("name", false), CreateIndexTest.key("id", true));
    assertThat(byName.include()).containsExactly("doc");
    assertThat(byName.predicate()).contains("time_deleted IS NULL");
    assertThat(table.indexes().get(1).sharded()).isTrue();
    assertThat(table.indexes().get(2).method()).contains("inverted");
    assertThat(table.constraints())
        .extracting(AddConstraint::kind)
        .containsExactly(
            AddConstraint.Kind.PRIMARY_KEY, AddConstraint.Kind.UNIQUE, AddConstraint.Kind.UNIQUE);
    assertThat(table.constraints().get(1).withoutIndex()).isTrue();
    assertThat(table.constraints().get(2).columns()).containsExactly("name");
    assertThat(table.parts()).hasSize(11);
  }

  @Test
  void takesAColumnThatPostgresqlCallsIndexForOne() {
    assertThat(columns((CreateTable) postgresql("CREATE TABLE t (index int, family text)")))
        .containsExactly(
            column("index", "int", false, false), column("family", "text", false, false));
  }

  @Test
  void isRefusedWhereItMaySkipWhatCouldNotBeRead() {
    assertThat(postgresql("CREATE TABLE IF NOT EXISTS t (a int, 'x')"))
        .isEqualTo(
            new Unclassified(
                "its facts could not be read: at 1:38 stands 'x' where a name should be"));
    assertThat(postgresql("CREATE TABLE t (a int, 'x')"))
        .isEqualTo(new OtherDdl("CREATE TABLE", true));
  }
}
