package dev.pawl.engine.dialect;

import dev.pawl.engine.change.CreateTable;
import dev.pawl.engine.sql.QualifiedName;
import dev.pawl.engine.verify.Observation;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Compares what an IF NOT EXISTS has just passed over with what it would have made. Later, other
 * migrations may have changed the one, and the tables that the other was made from.
 */
final class PostgresSkips {
  private static final QualifiedName PARENT = QualifiedName.of("pg_temp", "pawl_probe_parent");

  private final PostgresCatalog catalog;

  PostgresSkips(PostgresCatalog catalog) {
    this.catalog = catalog;
  }

  /**
   * Columns that the statement lists are looked for one by one; where they come from elsewhere they
   * are those of a temporary table made so. The rest is compared in either case.
   */
  Observation table(Connection connection, CreateTable change) throws SQLException {
    boolean whole = change.body().isPresent();
    var observed =
        whole
            ? catalog.table(connection, change.table())
            : catalog.tableCreated(connection, change);
    if (!(observed instanceof Observation.Valid)) {
      return observed;
    }
    var there = definition(connection, change.table(), whole);
    var partitionKey =
        change.partitionOf().isPresent()
            ? partitionKey(connection, change.partitionOf().get())
            : "";
    return Probe.compare(
        "table " + change.table(),
        columns(connection, change.table()),
        there,
        () ->
            Probe.ask(
                    connection,
                    () -> definition(connection, Probe.copied(change.table()), whole),
                    statements(change, partitionKey))
                .and(
                    new Definition(
                        Map.of("persistence", change.unlogged() ? "unlogged" : "logged"))));
  }

  /** A temporary table refers to no lasting one and is no partition of one. */
  private static String[] statements(CreateTable change, String partitionKey) {
    var create = "CREATE TEMP TABLE " + QualifiedName.quote(change.table().name()) + " ";
    var options = change.options().orElse("");
    if (change.asSelect()) {
      return new String[] {create + change.body().orElse("") + " WITH NO DATA"};
    }
    if (change.partitionOf().isPresent()) {
      return new String[] {
        "CREATE TEMP TABLE "
            + QualifiedName.quote(PARENT.name())
            + " (LIKE "
            + change.partitionOf().get().quoted()
            + ") PARTITION BY "
            + partitionKey,
        create + "PARTITION OF " + PARENT.quoted() + " " + options
      };
    }
    var columns = change.body().orElse("(LIKE " + change.table().quoted() + ")");
    return new String[] {create + columns + " " + options};
  }

  private static String partitionKey(Connection connection, QualifiedName table)
      throws SQLException {
    return Query.first(
            connection,
            "SELECT pg_catalog.pg_get_partkeydef(pg_catalog.to_regclass(?))",
            table.quoted())
        .orElseThrow()
        .getFirst();
  }

  private static String columns(Connection connection, QualifiedName table) throws SQLException {
    return Query.first(
            connection,
            """
            SELECT '(' || coalesce(string_agg(
                     quote_ident(attname) || ' ' || pg_catalog.format_type(atttypid, atttypmod),
                     ', ' ORDER BY attnum), '') || ')'
              FROM pg_catalog.pg_attribute
             WHERE attrelid = pg_catalog.to_regclass(?) AND attnum > 0 AND NOT attisdropped
            """,
            table.quoted())
        .orElseThrow()
        .getFirst();
  }

  /**
   * What there is of a table beside its columns, and them too.
   *
   * @param whole with its columns, constraints and indexes
   */
  private static Definition definition(Connection connection, QualifiedName table, boolean whole)
      throws SQLException {
    var itself =
        Definition.read(
                connection,
                """
                SELECT CASE c.relkind WHEN 'f' THEN 'foreign table' ELSE 'table' END AS "kind",
                       CASE c.relpersistence WHEN 'u' THEN 'unlogged' WHEN 'p' THEN 'logged'
                         ELSE 'temporary' END AS "persistence",
                       CASE c.relkind WHEN 'p' THEN pg_catalog.pg_get_partkeydef(c.oid)
                         END AS "partition key",
                       pg_catalog.pg_get_expr(c.relpartbound, c.oid) AS "bounds",
                       (SELECT string_agg(format('%I.%I', n.nspname, p.relname), ', '
                                          ORDER BY h.inhseqno)
                          FROM pg_catalog.pg_inherits h
                          JOIN pg_catalog.pg_class p ON p.oid = h.inhparent
                          JOIN pg_catalog.pg_namespace n ON n.oid = p.relnamespace
                         WHERE h.inhrelid = c.oid AND NOT c.relispartition) AS "parents",
                       CASE WHEN c.reloftype <> 0
                            THEN pg_catalog.format_type(c.reloftype, NULL) END AS "type"
                  FROM pg_catalog.pg_class c WHERE c.oid = pg_catalog.to_regclass(?)
                """,
                table.quoted())
            .orElseThrow(() -> new SQLException("a table was dropped meanwhile", "40001"));
    if (!whole) {
      return itself;
    }
    var parts = new LinkedHashMap<String, String>();
    for (var column :
        Query.rows(
            connection,
            """
            SELECT attname FROM pg_catalog.pg_attribute
             WHERE attrelid = pg_catalog.to_regclass(?) AND attnum > 0 AND NOT attisdropped
             ORDER BY attnum
            """,
            table.quoted())) {
      var name = column.getFirst();
      PostgresColumns.find(connection, table, name)
          .ifPresent(d -> d.parts().forEach((k, v) -> parts.put("column " + name + ", " + k, v)));
    }
    for (var part :
        Query.rows(
            connection,
            """
            SELECT 'constraint ' || pg_catalog.pg_get_constraintdef(oid)
              FROM pg_catalog.pg_constraint
             WHERE conrelid = pg_catalog.to_regclass(?) AND contype IN ('c', 'p', 'u', 'x')
            UNION
            SELECT CASE WHEN i.indisunique THEN 'unique ' ELSE '' END || 'index'
                   || substring(pg_catalog.pg_get_indexdef(i.indexrelid) FROM ' USING .*')
              FROM pg_catalog.pg_index i
             WHERE i.indrelid = pg_catalog.to_regclass(?)
               AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k
                                WHERE k.conindid = i.indexrelid AND k.conrelid = i.indrelid)
             ORDER BY 1
            """,
            table.quoted(),
            table.quoted())) {
      parts.put(part.getFirst(), "one");
    }
    return itself.and(new Definition(parts));
  }
}
