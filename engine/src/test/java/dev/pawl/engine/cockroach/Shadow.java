package dev.pawl.engine.cockroach;

import dev.pawl.engine.cockroach.world.Column;
import dev.pawl.engine.cockroach.world.Constraint;
import dev.pawl.engine.cockroach.world.Descriptor;
import dev.pawl.engine.cockroach.world.Index;
import dev.pawl.engine.cockroach.world.Job;
import dev.pawl.engine.cockroach.world.Mutation;
import dev.pawl.engine.cockroach.world.Name;
import dev.pawl.engine.cockroach.world.SqlError;
import dev.pawl.engine.cockroach.world.World;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Tables in the PostgreSQL behind the model that hold the rows: they have the world's public
 * columns, types and unique indexes, so that DML works and a duplicate is found. No catalog that a
 * client sees comes from here.
 */
final class Shadow implements AutoCloseable {
  private final Backing backing;
  private Map<Long, Descriptor> made = Map.of();

  Shadow(Backing backing) throws IOException {
    this.backing = backing;
    backing.demand("SET lock_timeout = '5s'");
    backing.demand("SET client_min_messages = 'error'");
    backing.demand("CREATE SEQUENCE public.unique_rowid_sequence");
    backing.demand(
        """
        CREATE FUNCTION public.unique_rowid() RETURNS bigint LANGUAGE sql
        AS $$ SELECT nextval('public.unique_rowid_sequence') $$
        """);
  }

  /** Changes the tables to what the world shows. */
  void follow(World next) throws IOException {
    var wanted = new TreeMap<Long, Descriptor>();
    for (var descriptor : next.descriptors().values()) {
      if (descriptor.state() == Descriptor.State.PUBLIC && descriptor.id() != 101) {
        wanted.put(descriptor.id(), descriptor);
      }
    }
    for (var old : made.values()) {
      if (!wanted.containsKey(old.id())) {
        drop(old);
      }
    }
    for (var descriptor : wanted.values()) {
      var old = made.get(descriptor.id());
      if (old == null) {
        create(descriptor);
      } else if (!old.equals(descriptor)) {
        change(old, descriptor);
      }
    }
    made = wanted;
  }

  /** All rows go at once: the job only frees the space. */
  void truncate(World world, Mutation.Truncate mutation) throws IOException {
    backing.demand(
        "TRUNCATE " + quoted(world.descriptors().get(mutation.descriptor()).name()) + " CASCADE");
  }

  static String quoted(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  static String quoted(Name name) {
    return quoted(name.schema()) + "." + quoted(name.name());
  }

  /** CockroachDB's type in PostgreSQL's words. */
  static String type(String type) {
    var upper = type.toUpperCase(Locale.ROOT);
    return upper.startsWith("STRING")
        ? (upper.startsWith("STRING (") || upper.startsWith("STRING(")
            ? "varchar" + type.substring(6)
            : "text" + type.substring(6))
        : upper.startsWith("BYTES")
            ? "bytea" + type.substring(5)
            : upper.startsWith("VECTOR") ? "text" : type;
  }

  private void drop(Descriptor old) throws IOException {
    switch (old) {
      case Descriptor.Schema s ->
          backing.demand("DROP SCHEMA IF EXISTS " + quoted(s.name().name()) + " CASCADE");
      case Descriptor.EnumType t ->
          backing.demand("DROP TYPE IF EXISTS " + quoted(t.name()) + " CASCADE");
      case Descriptor.Table t ->
          backing.demand("DROP " + kind(t) + " IF EXISTS " + quoted(t.name()) + " CASCADE");
    }
  }

  private static String kind(Descriptor.Table table) {
    return switch (table.kind()) {
      case TABLE -> "TABLE";
      case SEQUENCE -> "SEQUENCE";
      // Their queries may use what only CockroachDB knows: a table stands for them.
      case VIEW, MATERIALIZED_VIEW -> "TABLE";
    };
  }

  private void create(Descriptor descriptor) throws IOException {
    switch (descriptor) {
      case Descriptor.Schema s -> backing.demand("CREATE SCHEMA " + quoted(s.name().name()));
      case Descriptor.EnumType t -> {
        backing.demand("CREATE TYPE " + quoted(t.name()) + " AS ENUM ()");
        writable(t, List.of());
      }
      case Descriptor.Table t -> {
        backing.demand(
            "CREATE " + kind(t) + " " + quoted(t.name()) + (kind(t).equals("TABLE") ? " ()" : ""));
        columns(t, List.of());
        indexes(t, List.of());
        checks(t, List.of());
      }
    }
  }

  private void change(Descriptor before, Descriptor after) throws IOException {
    if (!before.name().equals(after.name())) {
      var what = after instanceof Descriptor.Table t ? kind(t) : "TYPE";
      if (!before.name().schema().equals(after.name().schema())) {
        backing.demand(
            "ALTER "
                + what
                + " "
                + quoted(before.name())
                + " SET SCHEMA "
                + quoted(after.name().schema()));
      } else {
        backing.demand(
            "ALTER "
                + what
                + " "
                + quoted(before.name())
                + " RENAME TO "
                + quoted(after.name().name()));
      }
    }
    switch (after) {
      case Descriptor.EnumType t -> writable(t, ((Descriptor.EnumType) before).labels());
      case Descriptor.Table t -> {
        var old = (Descriptor.Table) before;
        columns(t, old.columns());
        var gone = new ArrayList<>(old.indexes());
        gone.add(old.primary());
        indexes(t, gone);
        checks(t, old.constraints());
      }
      case Descriptor.Schema _ -> {
        // Nothing but its name, which does not change.
      }
    }
  }

  /** Only values that are promoted can be written. */
  private void writable(Descriptor.EnumType type, List<Descriptor.EnumType.Label> before)
      throws IOException {
    for (var label : type.labels()) {
      var promoted = new Descriptor.EnumType.Label(label.text(), false);
      if (!label.readOnly() && !before.contains(promoted)) {
        backing.demand(
            "ALTER TYPE "
                + quoted(type.name())
                + " ADD VALUE IF NOT EXISTS '"
                + label.text().replace("'", "''")
                + "'");
      }
    }
  }

  private void columns(Descriptor.Table table, List<Column> before) throws IOException {
    if (table.kind() == Descriptor.Table.Kind.SEQUENCE) {
      return;
    }
    var alterTable = "ALTER TABLE " + quoted(table.name());
    var old = new TreeMap<String, Column>();
    before.stream().filter(Column::isPublic).forEach(c -> old.put(c.name(), c));
    var now = table.columns().stream().filter(Column::isPublic).toList();
    var lost = new ArrayList<>(old.keySet());
    now.forEach(c -> lost.remove(c.name()));
    var added = new ArrayList<>(now.stream().map(Column::name).toList());
    added.removeAll(old.keySet());
    if (lost.size() == 1 && added.size() == 1 && before.size() == table.columns().size()) {
      backing.demand(
          alterTable
              + " RENAME COLUMN "
              + quoted(lost.getFirst())
              + " TO "
              + quoted(added.getFirst()));
      old.put(added.getFirst(), old.remove(lost.removeFirst()));
    }
    for (var column : lost) {
      backing.demand(alterTable + " DROP COLUMN " + quoted(column) + " CASCADE");
    }
    for (var column : now) {
      var was = old.get(column.name());
      var it = " " + quoted(column.name()) + " ";
      var type = type(column.type());
      if (was == null) {
        backing.demand(
            alterTable
                + " ADD COLUMN"
                + it
                + type
                + column.defaultTo().map(d -> " DEFAULT " + d).orElse("")
                + (column.notNull() ? " NOT NULL" : ""));
        continue;
      }
      var alter = alterTable + " ALTER COLUMN" + it;
      if (was.notNull() != column.notNull()) {
        backing.demand(alter + (column.notNull() ? "SET NOT NULL" : "DROP NOT NULL"));
      }
      if (!was.defaultTo().equals(column.defaultTo())) {
        backing.demand(
            alter + column.defaultTo().map(d -> "SET DEFAULT " + d).orElse("DROP DEFAULT"));
      }
      if (!was.type().equals(column.type())) {
        backing.demand(alter + "TYPE " + type + " USING " + quoted(column.name()) + "::" + type);
      }
    }
  }

  /** Unique indexes reject new rows from the time that they are write-only. */
  private void indexes(Descriptor.Table table, List<Index> before) throws IOException {
    if (table.kind() == Descriptor.Table.Kind.SEQUENCE) {
      return;
    }
    var now = new ArrayList<>(table.indexes());
    now.add(table.primary());
    for (var index : before) {
      boolean kept = now.stream().anyMatch(i -> i.number() == index.number() && i.isPublic());
      if (!kept) {
        backing.demand("DROP INDEX IF EXISTS " + indexName(table, index.number()));
      }
    }
    for (var index : now) {
      boolean old = before.stream().anyMatch(i -> i.number() == index.number() && i.isPublic());
      if (index.isPublic()
          && !old
          && index.unique()
          && index.method() == Index.Method.PREFIX
          && !index.keys().isEmpty()) {
        backing.demand(
            "CREATE UNIQUE INDEX "
                + quoted(cut(index.name()) + " " + table.id() + "/" + index.number())
                + " ON "
                + quoted(table.name())
                + " ("
                + keys(index)
                + ")"
                + index.predicate().map(p -> " WHERE " + p).orElse(""));
      }
    }
  }

  /** PostgreSQL cuts longer names. */
  private static String cut(String name) {
    return name.length() > 30 ? name.substring(0, 30) : name;
  }

  private String indexName(Descriptor.Table table, int number) throws IOException {
    var rows =
        backing
            .demand(
                "SELECT quote_ident(schemaname) || '.' || quote_ident(indexname) FROM"
                    + " pg_catalog.pg_indexes WHERE indexname LIKE '% "
                    + table.id()
                    + "/"
                    + number
                    + "'")
            .rows();
    return rows.isEmpty() ? "\"no such index\"" : rows.getFirst().getFirst();
  }

  static String keys(Index index) {
    return index.keys().stream()
        .filter(k -> !k.isShard())
        .map(k -> k.expression() ? "(" + k.column() + ")" : quoted(k.column()))
        .collect(Collectors.joining(", "));
  }

  /** New rows are checked at once, old ones by the job. */
  private void checks(Descriptor.Table table, List<Constraint> before) throws IOException {
    for (var old : before) {
      if (table.constraint(old.name()).isEmpty()) {
        backing.demand(
            "ALTER TABLE "
                + quoted(table.name())
                + " DROP CONSTRAINT IF EXISTS "
                + quoted(old.name()));
      }
    }
    for (var constraint : table.constraints()) {
      if (constraint.kind() == Constraint.Kind.CHECK
          && before.stream().noneMatch(c -> c.name().equals(constraint.name()))) {
        backing.demand(
            "ALTER TABLE "
                + quoted(table.name())
                + " ADD CONSTRAINT "
                + quoted(constraint.name())
                + " "
                + constraint.details()
                + " NOT VALID");
      }
    }
  }

  /** What the rows have against a job's being validated. */
  Optional<SqlError> violation(World world, Job job) throws IOException {
    return Violations.find(backing, world, job);
  }

  @Override
  public void close() {
    backing.close();
  }
}
