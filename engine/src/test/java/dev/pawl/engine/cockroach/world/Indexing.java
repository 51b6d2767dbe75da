package dev.pawl.engine.cockroach.world;

import dev.pawl.engine.cockroach.world.Descriptor.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** CREATE INDEX, DROP INDEX, ALTER INDEX … RENAME. */
final class Indexing {
  private final Statements statements;

  Indexing(Statements statements) {
    this.statements = statements;
  }

  /** The index a table gets, with the name CockroachDB would give it: delete-only so far. */
  static Index index(Table table, Ddl.IndexDef def, boolean constraint) {
    for (var key : def.keys()) {
      if (!key.expression() && !key.isShard()) {
        publicColumn(table, key.column());
      }
    }
    def.storing().forEach(c -> publicColumn(table, c));
    return new Index(
        table.nextIndex(),
        def.name().orElseGet(() -> freeName(table, def, constraint)),
        def.unique(),
        def.method(),
        def.keys(),
        def.storing(),
        def.predicate(),
        constraint || def.unique(),
        Index.State.DELETE_ONLY);
  }

  static Ddl.IndexDef named(Ddl.ConstraintDef.Unique constraint) {
    var def = constraint.index();
    return new Ddl.IndexDef(
        constraint.name(), true, def.method(), def.keys(), def.storing(), def.predicate());
  }

  static void publicColumn(Table table, String column) {
    if (table.column(column).filter(Column::isPublic).isEmpty()) {
      throw Statements.error("42703", "column \"" + column + "\" does not exist");
    }
  }

  private static String freeName(Table table, Ddl.IndexDef def, boolean constraint) {
    var parts = new ArrayList<String>();
    parts.add(table.name().name());
    def.keys().stream()
        .filter(k -> !k.isShard())
        .forEach(k -> parts.add(k.expression() ? "expr" : k.column()));
    parts.add(def.unique() || constraint ? "key" : "idx");
    var name = String.join("_", parts);
    var free = name;
    for (int k = 1; table.index(free).isPresent(); k++) {
      free = name + k;
    }
    return free;
  }

  Answer create(Ddl.CreateIndex ddl) {
    var table = statements.tableToChange(ddl.table());
    var def = ddl.index();
    var there = def.name().flatMap(table::index);
    if (there.isPresent()) {
      if (there.get().state() == Index.State.DROPPING) {
        if (statements.world.version().since(23, 1)) {
          return statements.blocked(table).orElseThrow();
        }
        throw Statements.error(
            "55000", "index \"" + def.name().get() + "\" being dropped, try again later");
      }
      // pkg/sql/create_index.go answers an IF NOT EXISTS when an index of that name is there, also
      // one still being built, which may yet vanish. It runs by default until 23.1, and later in
      // explicit transactions and without the declarative schema changer, which would wait.
      if (ddl.ifNotExists()) {
        return statements.world.version().since(23, 1)
            ? statements.done(
                "CREATE INDEX", Statements.skipping("index \"" + def.name().get() + "\""))
            : statements.done("CREATE INDEX");
      }
      throw Statements.error(
          "42P07", "index with name \"" + def.name().get() + "\" already exists");
    }
    if (def.name().filter(table.primary().name()::equals).isPresent()) {
      throw Statements.error(
          "42P07", "index with name \"" + def.name().get() + "\" already exists");
    }
    if (statements.world.version().since(23, 1)) {
      var blocked = statements.blocked(table);
      if (blocked.isPresent()) {
        return blocked.get();
      }
    } else if (!statements.world.drained(Set.of(table.id()))) {
      return new Answer.Blocked(statements.world, Set.of(), Set.of(table.id()));
    }
    var index = index(table, def, false);
    var indexes = new ArrayList<>(table.indexes());
    indexes.add(index);
    statements.draft.change(table.withIndexes(indexes));
    return statements.started(
        "CREATE INDEX",
        statements.changer(false),
        List.of(new Mutation.AddIndex(table.id(), index.number())));
  }

  private record Found(Table table, Index index) {}

  private Optional<Found> find(Ddl.IndexRef ref) {
    if (ref.table().isPresent()) {
      var table = statements.tableToChange(ref.table().get());
      return table.index(ref.name()).map(i -> new Found(table, i));
    }
    return statements.world.descriptors().values().stream()
        .filter(Table.class::isInstance)
        .map(Table.class::cast)
        .filter(t -> t.state() == Descriptor.State.PUBLIC)
        .flatMap(t -> t.index(ref.name()).map(i -> new Found(t, i)).stream())
        .findFirst();
  }

  Answer drop(Ddl.DropIndex ddl) {
    var mutations = new ArrayList<Mutation>();
    for (var ref : ddl.indexes()) {
      var found = find(ref);
      if (found.isEmpty()) {
        if (!ddl.ifExists()) {
          throw Statements.error("42704", "index \"" + ref.name() + "\" does not exist");
        }
        continue;
      }
      var table = found.get().table();
      var index = found.get().index();
      if (index.isAdding()) {
        throw Statements.error(
            "55000", "index \"" + ref.name() + "\" in the middle of being added, try again later");
      }
      var blocked = statements.blocked(table);
      if (blocked.isPresent()) {
        return blocked.get();
      }
      if (index.constraint() && !ddl.cascade()) {
        throw new SqlError(
                "2BP01",
                "index \"" + ref.name() + "\" is in use as unique constraint",
                "use CASCADE if you really want to drop it.")
            .thrown();
      }
      statements.draft.change(table(table.id()).replace(index.with(Index.State.DROPPING)));
      mutations.add(new Mutation.DropIndex(table.id(), index.number()));
    }
    return mutations.isEmpty()
        ? statements.done("DROP INDEX")
        : statements.started("DROP INDEX", statements.changer(false), mutations);
  }

  private Table table(long id) {
    return statements.draft.table(id);
  }

  Answer rename(Ddl.RenameIndex ddl) {
    var found = find(ddl.index());
    if (found.isEmpty()) {
      if (ddl.ifExists()) {
        return statements.done("ALTER INDEX");
      }
      throw Statements.error("42704", "index \"" + ddl.index().name() + "\" does not exist");
    }
    var table = found.get().table();
    if (table.index(ddl.to()).isPresent()) {
      throw Statements.error("42P07", "index name \"" + ddl.to() + "\" already exists");
    }
    var blocked = statements.blocked(table);
    if (blocked.isPresent()) {
      return blocked.get();
    }
    statements.draft.change(table.replace(found.get().index().withName(ddl.to())));
    return statements.started(
        "RENAME INDEX", Job.Type.SCHEMA_CHANGE, List.of(new Mutation.Settle(table.id())));
  }
}
