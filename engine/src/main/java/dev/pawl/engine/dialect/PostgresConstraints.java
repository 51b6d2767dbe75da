package dev.pawl.engine.dialect;

import dev.pawl.engine.change.AddConstraint;
import dev.pawl.engine.change.AddConstraint.Kind;
import dev.pawl.engine.change.ValidateConstraint;
import dev.pawl.engine.sql.QualifiedName;
import dev.pawl.engine.verify.Observation;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How PostgreSQL shows and compares the constraints of a table. */
final class PostgresConstraints {
  private static final QualifiedName REFERENCED = QualifiedName.of("pg_temp", "pawl_probe_table");
  private static final String PROBE = "pawl_probe_constraint";

  /**
   * @param index of a key or an exclusion
   * @param indexed that index is valid, or there is none
   */
  private record Found(
      long oid,
      String kind,
      boolean validated,
      Optional<Long> index,
      boolean indexed,
      String shown) {}

  private static Optional<Found> find(Connection connection, QualifiedName table, String name)
      throws SQLException {
    var row =
        Query.first(
            connection,
            """
            SELECT c.oid::bigint, c.contype::text, c.convalidated,
                   CASE WHEN c.contype IN ('p', 'u', 'x') THEN c.conindid::bigint END,
                   coalesce(i.indisvalid AND i.indisready AND i.indislive, true),
                   pg_catalog.pg_get_constraintdef(c.oid)
              FROM pg_catalog.pg_constraint c
              LEFT JOIN pg_catalog.pg_index i
                ON i.indexrelid = c.conindid AND c.contype IN ('p', 'u', 'x')
             WHERE c.conrelid = pg_catalog.to_regclass(?) AND c.conname = ?::text::name
            """,
            table.quoted(),
            name);
    return row.map(
        r ->
            new Found(
                Long.parseLong(r.get(0)),
                r.get(1),
                r.get(2).equals("t"),
                Optional.ofNullable(r.get(3)).map(Long::valueOf),
                r.get(4).equals("t"),
                r.get(5)));
  }

  private static Definition definition(Connection connection, long constraint) throws SQLException {
    return Definition.read(
            connection,
            """
            SELECT c.contype::text AS "kind",
                   (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY k.n)
                      FROM unnest(c.conkey) WITH ORDINALITY k (attnum, n)
                      JOIN pg_catalog.pg_attribute a
                        ON a.attrelid = c.conrelid AND a.attnum = k.attnum
                     WHERE c.contype <> 'c') AS "columns",
                   CASE c.contype WHEN 'c' THEN pg_catalog.pg_get_expr(c.conbin, c.conrelid)
                     END AS "condition",
                   CASE c.contype WHEN 'x' THEN pg_catalog.pg_get_constraintdef(c.oid)
                     END AS "exclusion",
                   (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY k.n)
                      FROM unnest(c.confkey) WITH ORDINALITY k (attnum, n)
                      JOIN pg_catalog.pg_attribute a
                        ON a.attrelid = c.confrelid AND a.attnum = k.attnum)
                     AS "referenced columns",
                   CASE c.confmatchtype WHEN 'f' THEN 'MATCH FULL' WHEN 's' THEN 'MATCH SIMPLE'
                     END AS "match",
                   CASE c.confupdtype WHEN 'a' THEN 'NO ACTION' WHEN 'r' THEN 'RESTRICT'
                     WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT'
                     END AS "ON UPDATE",
                   CASE c.confdeltype WHEN 'a' THEN 'NO ACTION' WHEN 'r' THEN 'RESTRICT'
                     WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT'
                     END AS "ON DELETE",
                   (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attname)
                      FROM jsonb_array_elements_text(
                             CASE jsonb_typeof(to_jsonb(c) -> 'confdelsetcols')
                               WHEN 'array' THEN to_jsonb(c) -> 'confdelsetcols'
                               ELSE '[]' END) k (attnum)
                      JOIN pg_catalog.pg_attribute a
                        ON a.attrelid = c.conrelid AND a.attnum = k.attnum::int)
                     AS "columns set on delete",
                   CASE WHEN c.condeferred THEN 'INITIALLY DEFERRED'
                        WHEN c.condeferrable THEN 'DEFERRABLE' END AS "deferrability",
                   CASE WHEN c.connoinherit AND c.contype IN ('c', 'n') THEN 'NO INHERIT'
                     END AS "inheritance",
                   CASE to_jsonb(c) ->> 'conenforced' WHEN 'false' THEN 'NOT ENFORCED'
                     END AS "enforcement",
                   CASE to_jsonb(c) ->> 'conperiod' WHEN 'true' THEN 'by its last column'
                     END AS "period"
              FROM pg_catalog.pg_constraint c WHERE c.oid = ?::oid
            """,
            constraint)
        .orElseThrow(() -> new SQLException("a constraint was dropped meanwhile", "40001"));
  }

  /** A key is also what its index is. */
  private static Definition definition(Connection connection, Found found) throws SQLException {
    var itself = definition(connection, found.oid());
    return found.index().isPresent()
        ? itself.and(PostgresIndexes.definition(connection, found.index().get()))
        : itself;
  }

  Observation added(Connection connection, AddConstraint change) throws SQLException {
    return change.name().isPresent()
        ? named(connection, change, change.name().get())
        : unnamed(connection, change);
  }

  private static Observation named(Connection connection, AddConstraint change, String name)
      throws SQLException {
    var found = find(connection, change.table(), name);
    if (found.isEmpty()) {
      return new Observation.Absent();
    }
    var what = "constraint " + name + " on " + change.table();
    var compared = compared(connection, change, found.get(), what);
    if (!(compared instanceof Observation.Valid)) {
      return compared;
    }
    boolean validated = found.get().validated() || change.notValid() || change.notEnforced();
    return validated && found.get().indexed()
        ? new Observation.Valid()
        : new Observation.Invalid(what + " is not validated");
  }

  /** The server has made up its name: it is there if any of the table's is what is asked for. */
  private static Observation unnamed(Connection connection, AddConstraint change)
      throws SQLException {
    Observation best = new Observation.Absent();
    for (var name : names(connection, change)) {
      var one = named(connection, change, name);
      if (one instanceof Observation.Valid) {
        return one;
      }
      if (one instanceof Observation.Invalid) {
        best = one;
      }
    }
    return best;
  }

  /** Those of its kind. */
  private static List<String> names(Connection connection, AddConstraint change)
      throws SQLException {
    try (var statement =
            Query.prepared(
                connection,
                """
                SELECT conname FROM pg_catalog.pg_constraint
                 WHERE conrelid = pg_catalog.to_regclass(?) AND contype = ?::"char"
                 ORDER BY conname
                """,
                change.table().quoted(),
                kind(change));
        var rows = statement.executeQuery()) {
      var all = new ArrayList<String>();
      while (rows.next()) {
        all.add(rows.getString(1));
      }
      return all;
    }
  }

  private static Observation compared(
      Connection connection, AddConstraint change, Found found, String what) throws SQLException {
    if (!found.kind().equals(kind(change))) {
      return new Observation.Different(what + " is there, defined as: " + found.shown());
    }
    if (change.kind() == Kind.FOREIGN_KEY && !refersTo(connection, change, found.oid())) {
      return new Observation.Different(
          what
              + " is there, defined as: "
              + found.shown()
              + ". It does not refer to "
              + change.references().map(QualifiedName::toString).orElse("that table"));
    }
    if (change.kind() == Kind.NOT_NULL) {
      // A copy has those of the table, and a column can have but one.
      var column = change.columns().getFirst();
      return Probe.compare(
          what,
          found.shown(),
          definition(connection, found.oid()),
          () ->
              Definition.read(connection, "SELECT quote_ident(?) AS columns", column)
                  .orElseThrow());
    }
    if (change.usingIndex().isPresent()) {
      // The index has its name now: what it was before does not show.
      var itself = definition(connection, found.oid());
      return Probe.compare(
          what, found.shown(), itself, () -> usingIndex(connection, change, itself));
    }
    return Probe.compare(
        what,
        found.shown(),
        definition(connection, found),
        () -> Probe.ask(connection, () -> probed(connection, change), statements(change)));
  }

  private static String kind(AddConstraint change) {
    return switch (change.kind()) {
      case CHECK -> "c";
      case FOREIGN_KEY -> "f";
      case UNIQUE -> "u";
      case PRIMARY_KEY -> "p";
      case EXCLUDE -> "x";
      case NOT_NULL -> "n";
    };
  }

  private static String quoted(List<String> columns) {
    return String.join(", ", columns.stream().map(QualifiedName::quote).toList());
  }

  private static boolean refersTo(Connection connection, AddConstraint change, long constraint)
      throws SQLException {
    return Query.first(
            connection,
            """
            SELECT 1 FROM pg_catalog.pg_constraint
             WHERE oid = ?::oid AND confrelid = pg_catalog.to_regclass(?)
            """,
            constraint,
            change.references().map(QualifiedName::quoted).orElse(""))
        .isPresent();
  }

  /** The author's constraint on an empty copy; a foreign key refers to a copy too. */
  private static String[] statements(AddConstraint change) {
    var statements = new ArrayList<String>();
    var body = change.body();
    if (change.references().isPresent()) {
      statements.add(
          "CREATE TEMP TABLE "
              + QualifiedName.quote(REFERENCED.name())
              + " (LIKE "
              + change.references().get().quoted()
              + " INCLUDING INDEXES) ON COMMIT DROP");
      body =
          "FOREIGN KEY ("
              + quoted(change.columns())
              + ") REFERENCES "
              + REFERENCED.quoted()
              + " "
              + body;
    }
    // After the other: from here on it stands before the table itself.
    statements.add(Probe.copy(change.table(), ""));
    statements.add(add(change, body));
    return statements.toArray(String[]::new);
  }

  private static String add(AddConstraint change, String body) {
    return "ALTER TABLE "
        + Probe.copied(change.table()).quoted()
        + " ADD CONSTRAINT "
        + PROBE
        + " "
        + body;
  }

  private static Definition probed(Connection connection, AddConstraint change)
      throws SQLException {
    return definition(
        connection, find(connection, Probe.copied(change.table()), PROBE).orElseThrow());
  }

  /** With an index made of the very columns that the constraint has. */
  private static Definition usingIndex(
      Connection connection, AddConstraint change, Definition there) throws SQLException {
    return Probe.ask(
        connection,
        () ->
            definition(
                connection,
                find(connection, Probe.copied(change.table()), PROBE).orElseThrow().oid()),
        Probe.copy(change.table(), ""),
        "CREATE UNIQUE INDEX "
            + QualifiedName.quote(change.usingIndex().orElseThrow())
            + " ON "
            + Probe.copied(change.table()).quoted()
            + " ("
            + there.part("columns").orElseThrow()
            + ")",
        add(change, change.body()));
  }

  Observation validated(Connection connection, ValidateConstraint change) throws SQLException {
    var found = find(connection, change.table(), change.name());
    return found.isPresent() && found.get().validated()
        ? new Observation.Valid()
        : new Observation.Absent();
  }

  Observation gone(Connection connection, QualifiedName table, String name) throws SQLException {
    return find(connection, table, name).isEmpty()
        ? new Observation.Valid()
        : new Observation.Absent();
  }
}
