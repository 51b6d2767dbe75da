package dev.pawl.engine.dialect;

import dev.pawl.engine.change.AddColumn;
import dev.pawl.engine.change.AlterColumn;
import dev.pawl.engine.sql.QualifiedName;
import dev.pawl.engine.verify.Observation;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;

/** How PostgreSQL shows and compares the columns of a table. */
final class PostgresColumns {
  private static final String PROBE = "pawl_probe_column";
  private static final String NULLABILITY = "nullability";
  private static final String NOT_NULL = "NOT NULL";
  private static final String DEFAULT = "default";

  /**
   * From PostgreSQL 18, NOT NULL … NOT VALID shows attnotnull although rows with NULL are there. A
   * default from the column's own sequence is so in whatever the sequence is called.
   */
  static Optional<Definition> find(Connection connection, QualifiedName table, String column)
      throws SQLException {
    return Definition.read(
        connection,
        """
        SELECT pg_catalog.format_type(a.atttypid, a.atttypmod) AS "type",
               CASE WHEN a.attnotnull AND NOT EXISTS (
                      SELECT FROM pg_catalog.pg_constraint c
                       WHERE c.conrelid = a.attrelid AND c.contype = 'n' AND NOT c.convalidated
                         AND c.conkey[1] = a.attnum)
                    THEN 'NOT NULL' ELSE 'NULL allowed' END AS "nullability",
               CASE WHEN a.attcollation <> t.typcollation
                    THEN a.attcollation::regcollation::text END AS "collation",
               CASE a.attgenerated WHEN 's' THEN 'stored' WHEN 'v' THEN 'virtual'
                 END AS "generated",
               CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default'
                 END AS "identity",
               CASE WHEN s.own THEN 'its own sequence'
                    ELSE pg_catalog.pg_get_expr(d.adbin, d.adrelid) END AS "default"
          FROM pg_catalog.pg_attribute a
          JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
          LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
          CROSS JOIN LATERAL (
            SELECT EXISTS (SELECT FROM pg_catalog.pg_depend o
                             JOIN pg_catalog.pg_depend u
                               ON u.classid = 'pg_catalog.pg_attrdef'::regclass
                              AND u.objid = d.oid AND u.refclassid = o.classid
                              AND u.refobjid = o.objid
                            WHERE o.classid = 'pg_catalog.pg_class'::regclass
                              AND o.refclassid = 'pg_catalog.pg_class'::regclass
                              AND o.refobjid = a.attrelid AND o.refobjsubid = a.attnum
                              AND o.deptype = 'a') AS own) s
         WHERE a.attrelid = pg_catalog.to_regclass(?) AND a.attname = ?::text::name
           AND NOT a.attisdropped
        """,
        table.quoted(),
        column);
  }

  Observation added(Connection connection, AddColumn change) throws SQLException {
    var found = find(connection, change.table(), change.column());
    if (found.isEmpty()) {
      return new Observation.Absent();
    }
    var there = found.get();
    boolean inKey = inPrimaryKey(connection, change.table(), change.column());
    return Probe.compare(
        "column " + change.table() + "." + change.column(),
        shown(there),
        there,
        () -> asked(connection, change, inKey));
  }

  private static String shown(Definition column) {
    return column.part("type").orElseThrow()
        + column.part(NULLABILITY).filter(NOT_NULL::equals).map(" "::concat).orElse("")
        + column.part(DEFAULT).map(" DEFAULT "::concat).orElse("");
  }

  /** Nothing is asked of a default that was not written, nor of what the primary key makes. */
  private static Definition asked(Connection connection, AddColumn change, boolean inKey)
      throws SQLException {
    var made =
        Probe.ask(
            connection,
            () -> find(connection, Probe.copied(change.table()), PROBE).orElseThrow(),
            Probe.copy(change.table(), ", " + PROBE + " " + change.definition()));
    var asked = made.part(DEFAULT).isEmpty() && !change.hasDefault() ? made.without(DEFAULT) : made;
    if (change.notNull()) {
      return asked.and(new Definition(Map.of(NULLABILITY, NOT_NULL)));
    }
    return inKey ? asked.without(NULLABILITY) : asked;
  }

  private static boolean inPrimaryKey(Connection connection, QualifiedName table, String column)
      throws SQLException {
    return Query.first(
            connection,
            """
            SELECT 1 FROM pg_catalog.pg_constraint c
              JOIN pg_catalog.pg_attribute a
                ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
             WHERE c.conrelid = pg_catalog.to_regclass(?) AND c.contype = 'p'
               AND a.attname = ?::text::name
            """,
            table.quoted(),
            column)
        .isPresent();
  }

  Observation gone(Connection connection, QualifiedName table, String column) throws SQLException {
    return doneIf(find(connection, table, column).isEmpty());
  }

  private static Observation doneIf(boolean so) {
    return so ? new Observation.Valid() : new Observation.Absent();
  }

  Observation altered(Connection connection, AlterColumn change) throws SQLException {
    var found = find(connection, change.table(), change.column());
    if (found.isEmpty()) {
      return new Observation.Absent();
    }
    var there = found.get();
    return switch (change.action()) {
      case SET_NOT_NULL -> doneIf(there.part(NULLABILITY).equals(Optional.of(NOT_NULL)));
      case DROP_NOT_NULL -> doneIf(!attnotnull(connection, change));
      case DROP_DEFAULT -> doneIf(there.part(DEFAULT).isEmpty());
      case SET_TYPE ->
          doneIf(
              same(
                  there,
                  "type",
                  Probe.ask(
                      connection,
                      () -> find(connection, Probe.copied(change.table()), PROBE).orElseThrow(),
                      Probe.copy(
                          change.table(), ", " + PROBE + " " + change.detail().orElse("")))));
      case SET_DEFAULT ->
          doneIf(
              same(
                  there,
                  DEFAULT,
                  Probe.ask(
                      connection,
                      () ->
                          find(connection, Probe.copied(change.table()), change.column())
                              .orElseThrow(),
                      Probe.copy(change.table(), ""),
                      "ALTER TABLE "
                          + Probe.copied(change.table()).quoted()
                          + " ALTER COLUMN "
                          + QualifiedName.quote(change.column())
                          + " SET DEFAULT "
                          + change.detail().orElse("NULL"))));
      case OTHER -> new Observation.Unobservable();
    };
  }

  private static boolean same(Definition there, String part, Definition asked) {
    return there.part(part).equals(asked.part(part));
  }

  private static boolean attnotnull(Connection connection, AlterColumn change) throws SQLException {
    return Query.first(
            connection,
            """
            SELECT 1 FROM pg_catalog.pg_attribute
             WHERE attrelid = pg_catalog.to_regclass(?) AND attname = ?::text::name AND attnotnull
            """,
            change.table().quoted(),
            change.column())
        .isPresent();
  }
}
