package dev.pawl.engine.dialect;

import dev.pawl.engine.change.Reindex;
import dev.pawl.engine.sql.QualifiedName;
import dev.pawl.engine.verify.Observation;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How PostgreSQL shows that indexes were rebuilt, and what an interrupted rebuild left behind. */
final class PostgresReindex {
  /**
   * Of an index {@code i} named in {@code c}: REINDEX CONCURRENTLY left it. A long name is cut to
   * make room for the ending.
   */
  static final String LEFTOVER =
      """
           AND NOT i.indisvalid
           AND c.relname ~ '_cc(new|old)[0-9]*$'
           AND EXISTS (
            SELECT FROM pg_catalog.pg_index o
              JOIN pg_catalog.pg_class oc ON oc.oid = o.indexrelid
             CROSS JOIN pg_catalog.regexp_replace(c.relname, '_cc(new|old)[0-9]*$', '') base
             WHERE o.indrelid = i.indrelid
               AND o.indexrelid <> i.indexrelid
               AND (oc.relname::text = base
                    OR pg_catalog.octet_length(c.relname::text) >= 60
                       AND pg_catalog.starts_with(oc.relname::text, base)))\
      """;

  /**
   * The files of what is rebuilt: only their change shows that it was. Of a table, what REINDEX
   * CONCURRENTLY passes over (INVALID, exclusion constraints) does not count.
   */
  String files(Connection connection, Reindex change) throws SQLException {
    if (change.kind() != Reindex.Kind.INDEX && change.kind() != Reindex.Kind.TABLE) {
      return "";
    }
    try (var statement =
        connection.prepareStatement(
            PostgresTables.TREE
                + """
                SELECT string_agg(c.oid || ':' || c.relfilenode, ' ' ORDER BY c.oid)
                  FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
                 WHERE c.relkind = 'i' AND (i.indexrelid IN (SELECT oid FROM tree)
                    OR i.indrelid IN (SELECT oid FROM tree)
                       AND i.indisvalid AND NOT i.indisexclusion)
                """)) {
      statement.setString(1, change.target().orElseThrow().quoted());
      try (var rows = statement.executeQuery()) {
        rows.next();
        return rows.getString(1) == null ? "" : rows.getString(1);
      }
    }
  }

  Observation reindexed(Connection connection, Reindex change, Optional<String> before)
      throws SQLException {
    if (before.isEmpty()) {
      return new Observation.Absent();
    }
    if (before.get().isEmpty()) {
      return new Observation.Unobservable(); // no file whose change would show
    }
    var tables = PostgresTables.of(connection, change.target().orElseThrow());
    if (tables.isEmpty()) {
      return new Observation.Absent();
    }
    var builder = PostgresTables.builder(connection, tables);
    if (builder.isPresent()) {
      return PostgresTables.building(
          connection, builder.get(), "rebuilds " + change.target().get());
    }
    if (!leftovers(connection, tables).isEmpty()) {
      return new Observation.Invalid(
          "an interrupted REINDEX left an index behind on the table of " + change.target().get());
    }
    var then = List.of(before.get().split(" "));
    for (var file : files(connection, change).split(" ")) {
      if (then.contains(file)) {
        return new Observation.Absent();
      }
    }
    return new Observation.Valid();
  }

  String dropLeftovers(Connection connection, Reindex change) throws SQLException {
    return dropLeftovers(connection, PostgresTables.of(connection, change.target().orElseThrow()));
  }

  String dropLeftovers(Connection connection, List<Long> tables) throws SQLException {
    var names = leftovers(connection, tables);
    for (var name : names) {
      for (var table : tables) {
        PostgresTables.mustBeFree(connection, table);
      }
      PostgresIndexes.execute(connection, "DROP INDEX CONCURRENTLY IF EXISTS " + name.quoted());
    }
    return names.isEmpty()
        ? "no leftover of an interrupted REINDEX was there"
        : "dropped what an interrupted REINDEX left behind: " + names;
  }

  /** Copies that REINDEX CONCURRENTLY left: always INVALID; a valid one is somebody's own. */
  private List<QualifiedName> leftovers(Connection connection, List<Long> tables)
      throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            SELECT n.nspname, c.relname
              FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE i.indrelid = ANY (?::oid[])
            """
                + LEFTOVER)) {
      statement.setString(1, PostgresTables.array(tables));
      try (var rows = statement.executeQuery()) {
        var names = new ArrayList<QualifiedName>();
        while (rows.next()) {
          names.add(QualifiedName.of(rows.getString(1), rows.getString(2)));
        }
        return names;
      }
    }
  }
}
