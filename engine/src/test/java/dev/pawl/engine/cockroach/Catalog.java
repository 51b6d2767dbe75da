package dev.pawl.engine.cockroach;

import dev.pawl.engine.cockroach.world.Caller;
import dev.pawl.engine.cockroach.world.Column;
import dev.pawl.engine.cockroach.world.Constraint;
import dev.pawl.engine.cockroach.world.Descriptor;
import dev.pawl.engine.cockroach.world.Index;
import dev.pawl.engine.cockroach.world.ModelVersion;
import dev.pawl.engine.cockroach.world.Name;
import dev.pawl.engine.cockroach.world.SqlError;
import dev.pawl.engine.cockroach.world.World;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What one session can see of the world: the objects as its node's catalog has them, the jobs as
 * its privileges allow.
 */
final class Catalog {
  final World world;
  final ModelVersion version;
  final Caller caller;
  final Users users;
  final Set<String> privileges;
  final Cluster cluster;
  final Collection<ModelSession> sessions;
  final boolean internals;
  private final List<Descriptor> visible;

  /**
   * For one statement of a session.
   *
   * @param sessions all of them
   * @param internals whether it may look into crdb_internal
   */
  Catalog(
      World world,
      Caller caller,
      Users users,
      Cluster cluster,
      Collection<ModelSession> sessions,
      boolean internals) {
    this.sessions = sessions;
    this.world = world;
    this.version = world.version();
    this.caller = caller;
    this.users = users;
    this.privileges = users.privileges(caller.user());
    this.cluster = cluster;
    this.internals = internals;
    this.visible =
        world.catalog(caller.node()).values().stream()
            .filter(d -> d.state() == Descriptor.State.PUBLIC)
            .toList();
  }

  boolean admin() {
    return users.admin(caller.user());
  }

  /** Refuses who may not look into crdb_internal (docs of 26.1, "crdb_internal", "Access"). */
  void demandInternals() {
    if (!internals) {
      throw new SqlError(
              "42501",
              "Access to crdb_internal and system is restricted.",
              "See the session variable allow_unsafe_internals.")
          .thrown();
    }
  }

  List<Descriptor.Table> tables() {
    return visible.stream()
        .filter(Descriptor.Table.class::isInstance)
        .map(Descriptor.Table.class::cast)
        .toList();
  }

  List<Descriptor.EnumType> types() {
    return visible.stream()
        .filter(Descriptor.EnumType.class::isInstance)
        .map(Descriptor.EnumType.class::cast)
        .toList();
  }

  List<String> schemas() {
    return visible.stream()
        .filter(Descriptor.Schema.class::isInstance)
        .map(d -> d.name().name())
        .toList();
  }

  Optional<Descriptor.Table> table(Name name) {
    return tables().stream().filter(t -> t.name().equals(name)).findFirst();
  }

  /** The number by which pg_catalog joins a table's index to it. */
  static long oid(Descriptor.Table table, Index index) {
    return table.id() * 1000 + index.number();
  }

  /** A schema's. */
  long schemaOid(String name) {
    return visible.stream()
        .filter(d -> d instanceof Descriptor.Schema && d.name().name().equals(name))
        .mapToLong(Descriptor::id)
        .findFirst()
        .orElse(0);
  }

  static List<Column> columns(Descriptor.Table table) {
    return table.columns().stream().filter(Column::isPublic).toList();
  }

  /** The primary index first. */
  static List<Index> indexes(Descriptor.Table table) {
    var all = new ArrayList<Index>();
    if (!table.primary().keys().isEmpty() && table.kind() != Descriptor.Table.Kind.VIEW) {
      all.add(table.primary());
    }
    table.indexes().stream().filter(Index::isPublic).forEach(all::add);
    return all;
  }

  /** One column of an index, as SHOW INDEXES has a row for it. */
  record IndexColumn(Index index, int place, Index.Key key, boolean storing, boolean implicit) {}

  /**
   * Key columns, stored columns, and what CockroachDB adds: the primary key to a secondary index,
   * every other column to the primary one (docs, "SHOW INDEX", "implicit").
   */
  static List<IndexColumn> indexColumns(Descriptor.Table table, Index index) {
    var all = new ArrayList<IndexColumn>();
    for (var key : index.keys()) {
      var shown =
          key.expression()
              ? new Index.Key(hiddenColumn(table, index, key), false, key.descending())
              : key;
      all.add(new IndexColumn(index, all.size() + 1, shown, false, key.isShard()));
    }
    var named = index.keys().stream().map(Index.Key::column).toList();
    if (index == table.primary()) {
      for (var column : columns(table)) {
        if (!named.contains(column.name())) {
          all.add(stored(index, all.size() + 1, column.name(), false));
        }
      }
      return all;
    }
    for (var column : index.storing()) {
      all.add(stored(index, all.size() + 1, column, false));
    }
    for (var key : table.primary().keys()) {
      if (!named.contains(key.column())) {
        all.add(
            index.unique()
                ? stored(index, all.size() + 1, key.column(), true)
                : new IndexColumn(
                    index, all.size() + 1, new Index.Key(key.column(), false, false), false, true));
      }
    }
    return all;
  }

  /** An expression is a hidden column of its table (docs, "Expression indexes"). */
  private static String hiddenColumn(Descriptor.Table table, Index index, Index.Key key) {
    int before = 0;
    for (var each : table.indexes()) {
      for (var other : each.keys()) {
        if (each.number() == index.number() && other == key) {
          return "crdb_internal_idx_expr" + (before == 0 ? "" : "_" + before);
        }
        before += other.expression() ? 1 : 0;
      }
    }
    throw new IllegalStateException(key + " is of no index of " + table.name());
  }

  private static IndexColumn stored(Index index, int place, String column, boolean implicit) {
    return new IndexColumn(index, place, new Index.Key(column, false, false), true, implicit);
  }

  /** A constraint as SHOW CONSTRAINTS has it. */
  record Shown(String name, String type, String details, boolean validated, List<String> columns) {}

  /**
   * UNIQUE says validated while its index is still being built: its constraint is there, and
   * "unvalidated" is said of UNIQUE WITHOUT INDEX only (pkg/sql/pg_catalog.go, pg_constraint).
   */
  static List<Shown> constraints(Descriptor.Table table) {
    var all = new ArrayList<Shown>();
    if (table.kind() == Descriptor.Table.Kind.TABLE) {
      all.add(
          new Shown(
              table.primary().name(),
              "PRIMARY KEY",
              "PRIMARY KEY (" + keyText(table.primary()) + ")",
              true,
              names(table.primary())));
    }
    for (var index : table.indexes()) {
      boolean shown = index.isPublic() || index.isAdding();
      if (index.constraint() && shown) {
        all.add(
            new Shown(
                index.name(), "UNIQUE", "UNIQUE (" + keyText(index) + ")", true, names(index)));
      }
    }
    for (var constraint : table.constraints()) {
      if (constraint.state() == Constraint.State.DROPPING) {
        continue;
      }
      boolean asked = constraint.state() == Constraint.State.UNVALIDATED;
      all.add(
          new Shown(
              constraint.name(),
              constraint.kind() == Constraint.Kind.CHECK ? "CHECK" : "FOREIGN KEY",
              constraint.details() + (asked ? " NOT VALID" : ""),
              constraint.state() == Constraint.State.VALIDATED,
              constraint.columns()));
    }
    return all;
  }

  static List<String> names(Index index) {
    return index.keys().stream().filter(k -> !k.isShard()).map(Index.Key::column).toList();
  }

  static String keyText(Index index) {
    return index.keys().stream()
        .filter(k -> !k.isShard())
        .map(
            k ->
                (k.expression() ? "(" + k.column() + ")" : Name.quoted(k.column()))
                    + (k.descending() ? " DESC" : " ASC"))
        .collect(Collectors.joining(", "));
  }

  /** As pg_indexes.indexdef has it. */
  static String definition(Descriptor.Table table, Index index) {
    var text = new StringBuilder("CREATE ");
    text.append(index.unique() ? "UNIQUE " : "").append("INDEX ").append(Name.quoted(index.name()));
    text.append(" ON ").append(table.name().full()).append(" USING ");
    text.append(
        switch (index.method()) {
          case PREFIX -> "btree";
          case INVERTED -> "gin";
          case VECTOR -> "cspann";
        });
    text.append(" (").append(keyText(index)).append(")");
    text.append(index.keys().getFirst().isShard() ? " USING HASH" : "");
    if (!index.storing().isEmpty()) {
      text.append(" STORING (");
      text.append(index.storing().stream().map(Name::quoted).collect(Collectors.joining(", ")));
      text.append(")");
    }
    index.predicate().ifPresent(p -> text.append(" WHERE (").append(p).append(")"));
    return text.toString();
  }
}
