package dev.pawl.engine.dialect;

import dev.pawl.engine.sql.Literal;
import dev.pawl.engine.sql.QualifiedName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What CockroachDB's catalog shows; {@code crdb_internal} is asked for nothing. */
final class CockroachCatalog {
  /** No such table, schema or database. */
  private static final Set<String> NOT_THERE = Set.of("42P01", "3F000", "3D000");

  private static final Pattern SHARD = Pattern.compile("crdb_internal_.*_shard_\\d+");

  private CockroachCatalog() {}

  /** One key of an index. */
  record Key(String column, boolean descending) {}

  /**
   * An index.
   *
   * @param keys without stored and implicit columns
   * @param shard the column that USING HASH puts before the keys
   */
  record Index(boolean unique, List<Key> keys, List<String> stored, Optional<String> shard) {
    @Override
    public String toString() {
      return (unique ? "unique " : "")
          + "("
          + String.join(
              ", ", keys.stream().map(k -> k.column() + (k.descending() ? " DESC" : "")).toList())
          + ")"
          + (stored.isEmpty() ? "" : " storing (" + String.join(", ", stored) + ")");
    }
  }

  /** A column, with its type in CockroachDB's spelling. */
  record Column(
      String type,
      boolean nullable,
      Optional<String> defaultTo,
      boolean generated,
      boolean hidden) {}

  /** A constraint as SHOW CONSTRAINTS tells of it. */
  record Constraint(String name, String type, String details, boolean validated) {}

  /**
   * Whether a table is there. SHOW finds it as any statement would, in another database too; and a
   * role without rights on it gets 42501 instead of being told that there is none.
   */
  static boolean tableExists(Connection connection, QualifiedName table) throws SQLException {
    return shown(connection, "SELECT 1 FROM [SHOW INDEXES FROM " + table.quoted() + "]")
        .isPresent();
  }

  /** The rows of a SHOW about a table; empty where the table is not there. */
  private static Optional<List<List<String>>> shown(Connection connection, String sql)
      throws SQLException {
    try {
      return Optional.of(Query.rows(connection, sql));
    } catch (SQLException e) {
      if (NOT_THERE.contains(SqlStates.state(e))) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * An index by its name. Each column counts once: until 23.1 SHOW INDEXES joined by names alone,
   * and told every row again for a table of the same name in another schema.
   */
  static Optional<Index> index(Connection connection, QualifiedName table, String name)
      throws SQLException {
    var rows =
        shown(
                connection,
                """
                SELECT non_unique::text, seq_in_index, column_name, direction,
                       storing::text, implicit::text
                  FROM [SHOW INDEXES FROM %s]
                 WHERE index_name = %s
                 ORDER BY seq_in_index
                """
                    .formatted(table.quoted(), Literal.text(name)))
            .orElse(List.of());
    if (rows.isEmpty()) {
      return Optional.empty();
    }
    var keys = new ArrayList<Key>();
    var stored = new ArrayList<String>();
    Optional<String> shard = Optional.empty();
    for (var row : new LinkedHashSet<>(rows)) {
      if (SHARD.matcher(row.get(2)).matches()) {
        shard = Optional.of(row.get(2)); // implicit from 22.1 on (docs, "SHOW INDEX")
        continue;
      }
      if (truth(row.get(5))) {
        continue; // the primary key's, which a unique index stores too
      }
      if (truth(row.get(4))) {
        stored.add(row.get(2));
      } else {
        keys.add(new Key(row.get(2), row.get(3).equals("DESC")));
      }
    }
    Collections.sort(stored);
    return Optional.of(new Index(!truth(rows.getFirst().getFirst()), keys, stored, shard));
  }

  /** The names of a table's indexes. */
  static List<String> indexes(Connection connection, QualifiedName table) throws SQLException {
    return shown(
            connection,
            "SELECT DISTINCT index_name FROM [SHOW INDEXES FROM " + table.quoted() + "]")
        .orElse(List.of())
        .stream()
        .map(List::getFirst)
        .toList();
  }

  /**
   * The statement that would make an index; empty where it is not there or several have its name.
   */
  static Optional<String> indexDefinition(Connection connection, QualifiedName table, String name)
      throws SQLException {
    var rows =
        Query.rows(
            connection,
            """
            SELECT indexdef FROM pg_catalog.pg_indexes
             WHERE tablename = ? AND indexname = ? AND %s
            """
                .formatted(schemaIs("schemaname", table)),
            table.name(),
            name);
    return rows.size() == 1 ? Optional.of(rows.getFirst().getFirst()) : Optional.empty();
  }

  /**
   * Whether any table has an index of this name.
   *
   * @throws SQLException {@link SqlStates#NEEDS_PERSON} where tables of several schemas have: after
   *     a drop the name would mean the other
   */
  static boolean indexExists(Connection connection, QualifiedName index) throws SQLException {
    var schemas =
        Query.rows(
            connection,
            "SELECT DISTINCT schemaname FROM pg_catalog.pg_indexes WHERE indexname = ? AND "
                + schemaIs("schemaname", index),
            index.name());
    if (schemas.size() > 1) {
      throw severalMeant(index, schemas);
    }
    return !schemas.isEmpty();
  }

  /** A condition: the schema is the one named, or one that names without a schema are found in. */
  static String schemaIs(String column, QualifiedName name) {
    return switch (name.parts().size()) {
      case 1 -> column + " = ANY (current_schemas(false))";
      case 2 -> {
        // The first part may be a schema, or a database whose schema public is meant.
        var first = Literal.text(name.parts().getFirst());
        yield "(%1$s = %2$s OR %2$s = current_database() AND %1$s = 'public')"
            .formatted(column, first);
      }
      default ->
          "(%s = %s AND %s = current_database())"
              .formatted(
                  column, Literal.text(name.parts().get(1)), Literal.text(name.parts().getFirst()));
    };
  }

  /**
   * Refuses a name without a schema that means more than one object along the search path: what the
   * views show of it may be the other's, and after a drop the name means the other.
   *
   * @throws SQLException {@link SqlStates#NEEDS_PERSON}
   */
  static void demandOne(Connection connection, List<QualifiedName> names) throws SQLException {
    for (var name : names) {
      if (name.parts().size() > 1) {
        continue;
      }
      var schemas =
          Query.rows(
              connection,
              """
              SELECT DISTINCT n.nspname FROM pg_catalog.pg_namespace n
               WHERE n.nspname = ANY (current_schemas(false))
                 AND (EXISTS (SELECT 1 FROM pg_catalog.pg_class c
                               WHERE c.relnamespace = n.oid AND c.relname = ? AND c.relkind <> 'i')
                   OR EXISTS (SELECT 1 FROM pg_catalog.pg_type t
                               WHERE t.typnamespace = n.oid AND t.typname = ?))
              """,
              name.name(),
              name.name());
      if (schemas.size() > 1) {
        throw severalMeant(name, schemas);
      }
    }
  }

  private static SQLException severalMeant(QualifiedName name, List<List<String>> schemas) {
    return new SQLException(
        name
            + " is in several schemas of the search path ("
            + String.join(", ", schemas.stream().map(List::getFirst).sorted().toList())
            + "): write which one is meant",
        SqlStates.NEEDS_PERSON);
  }

  /**
   * Whether the catalog views of this session may not show what a name means: it is of another
   * database, or of a schema that is not there. Of two parts the first may be either.
   */
  static boolean elsewhere(Connection connection, QualifiedName name) throws SQLException {
    if (name.parts().size() == 1) {
      return false;
    }
    var first = name.parts().getFirst();
    boolean here =
        first.equals(Query.first(connection, "SELECT current_database()").orElseThrow().getFirst());
    return !here && (name.parts().size() == 3 || !schemaExists(connection, first));
  }

  static Optional<Column> column(Connection connection, QualifiedName table, String column)
      throws SQLException {
    return Query.first(
            connection,
            """
            SELECT crdb_sql_type, is_nullable, column_default, generation_expression,
                   is_hidden
              FROM information_schema.columns
             WHERE table_name = ? AND column_name = ? AND %s
            """
                .formatted(schemaIs("table_schema", table)),
            table.name(),
            column)
        .map(
            r ->
                new Column(
                    r.getFirst(),
                    r.get(1).equals("YES"),
                    Optional.ofNullable(r.get(2)),
                    r.get(3) != null && !r.get(3).isEmpty(),
                    "YES".equals(r.get(4))));
  }

  /** The names of a table's columns that a row must be given a value for. */
  static List<String> demandedColumns(Connection connection, QualifiedName table)
      throws SQLException {
    return Query.rows(
            connection,
            """
            SELECT column_name FROM information_schema.columns
             WHERE table_name = ? AND is_nullable = 'NO' AND column_default IS NULL
               AND coalesce(generation_expression, '') = '' AND %s
            """
                .formatted(schemaIs("table_schema", table)),
            table.name())
        .stream()
        .map(List::getFirst)
        .toList();
  }

  static List<Constraint> constraints(Connection connection, QualifiedName table)
      throws SQLException {
    return shown(
            connection,
            "SELECT constraint_name, constraint_type, details, validated::text"
                + " FROM [SHOW CONSTRAINTS FROM "
                + table.quoted()
                + "]")
        .orElse(List.of())
        .stream()
        .map(r -> new Constraint(r.getFirst(), r.get(1), r.get(2), truth(r.get(3))))
        .toList();
  }

  /** The name of a table's primary key; empty where it has none, or is not there. */
  static Optional<String> primaryKey(Connection connection, QualifiedName table)
      throws SQLException {
    return constraints(connection, table).stream()
        .filter(c -> c.type().equals("PRIMARY KEY"))
        .map(Constraint::name)
        .findFirst();
  }

  /** The kind of a relation (r, v, m, S, …); empty where there is none of this name. */
  static Optional<String> relationKind(Connection connection, QualifiedName name)
      throws SQLException {
    return Query.first(
            connection,
            """
            SELECT c.relkind::text
              FROM pg_catalog.pg_class c
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE c.relname = ? AND c.relkind <> 'i' AND %s
            """
                .formatted(schemaIs("n.nspname", name)),
            name.name())
        .map(List::getFirst);
  }

  static boolean typeExists(Connection connection, QualifiedName type) throws SQLException {
    return Query.first(
            connection,
            """
            SELECT 1 FROM pg_catalog.pg_type t
              JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
             WHERE t.typname = ? AND %s
            """
                .formatted(schemaIs("n.nspname", type)),
            type.name())
        .isPresent();
  }

  /** The labels of an enum in their order. */
  static List<String> labels(Connection connection, QualifiedName type) throws SQLException {
    return Query.rows(
            connection,
            """
            SELECT e.enumlabel FROM pg_catalog.pg_enum e
              JOIN pg_catalog.pg_type t ON t.oid = e.enumtypid
              JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
             WHERE t.typname = ? AND %s
             ORDER BY e.enumsortorder
            """
                .formatted(schemaIs("n.nspname", type)),
            type.name())
        .stream()
        .map(List::getFirst)
        .toList();
  }

  /** Whether a label can be used: until its job has promoted it, it is only listed. */
  static boolean labelIsUsable(Connection connection, QualifiedName type, String label)
      throws SQLException {
    try {
      Query.first(connection, "SELECT " + Literal.text(label) + "::" + type.quoted());
      return true;
    } catch (SQLException e) {
      var state = SqlStates.state(e);
      if (state.startsWith("22") || state.startsWith("55") || state.equals("42704")) {
        return false;
      }
      throw e;
    }
  }

  static boolean schemaExists(Connection connection, String schema) throws SQLException {
    return Query.first(
            connection, "SELECT 1 FROM information_schema.schemata WHERE schema_name = ?", schema)
        .isPresent();
  }

  static boolean databaseExists(Connection connection, String database) throws SQLException {
    return Query.first(
            connection, "SELECT 1 FROM [SHOW DATABASES] WHERE database_name = ?", database)
        .isPresent();
  }

  /** A role or user: their names are kept in small letters (docs, "CREATE USER"). */
  static boolean roleExists(Connection connection, String role) throws SQLException {
    return Query.first(
            connection,
            "SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = ?",
            role.toLowerCase(Locale.ROOT))
        .isPresent();
  }

  private static boolean truth(String text) {
    return "t".equals(text) || "true".equals(text);
  }
}
