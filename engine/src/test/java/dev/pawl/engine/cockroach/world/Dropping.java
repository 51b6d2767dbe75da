package dev.pawl.engine.cockroach.world;

import dev.pawl.engine.cockroach.world.Descriptor.State;
import java.util.ArrayList;
import java.util.Locale;

/** DROP of whole objects: their names are held until the job is over. */
final class Dropping {
  private final Statements statements;

  Dropping(Statements statements) {
    this.statements = statements;
  }

  Answer dropRelations(Ddl.DropRelations ddl) {
    var tag = "DROP " + ddl.kind().name().replace('_', ' ');
    var mutations = new ArrayList<Mutation>();
    for (var name : ddl.names()) {
      var there = statements.relation(name).filter(t -> t.state() != State.DROPPING);
      if (there.isEmpty()) {
        if (!ddl.ifExists()) {
          throw Statements.missing("relation", name);
        }
        continue;
      }
      var table = there.get();
      if (table.kind() != ddl.kind()) {
        throw Statements.error(
            "42809",
            "\"" + name.name() + "\" is not a " + tag.substring(5).toLowerCase(Locale.ROOT));
      }
      var blocked = statements.blocked(table);
      if (blocked.isPresent()) {
        return blocked.get();
      }
      statements.draft.change(table.with(State.DROPPING));
      mutations.add(new Mutation.Drop(table.id()));
    }
    return mutations.isEmpty()
        ? statements.done(tag)
        : statements.started(tag, statements.changer(true), mutations);
  }

  Answer dropTypes(Ddl.DropTypes ddl) {
    var mutations = new ArrayList<Mutation>();
    for (var name : ddl.names()) {
      var there = statements.type(name).filter(t -> t.state() != State.DROPPING);
      if (there.isEmpty()) {
        if (!ddl.ifExists()) {
          throw Statements.missing("type", name);
        }
        continue;
      }
      var blocked = statements.blocked(there.get());
      if (blocked.isPresent()) {
        return blocked.get();
      }
      statements.draft.change(there.get().with(State.DROPPING));
      mutations.add(new Mutation.Drop(there.get().id()));
    }
    return mutations.isEmpty()
        ? statements.done("DROP TYPE")
        : statements.started("DROP TYPE", statements.changer(true), mutations);
  }

  Answer dropSchemas(Ddl.DropSchemas ddl) {
    var mutations = new ArrayList<Mutation>();
    for (var name : ddl.names()) {
      var there = statements.schema(name).filter(s -> s.state() != State.DROPPING);
      if (there.isEmpty()) {
        if (!ddl.ifExists()) {
          throw Statements.error("3F000", "unknown schema \"" + name + "\"");
        }
        continue;
      }
      var inside =
          statements.world.descriptors().values().stream()
              .filter(d -> !(d instanceof Descriptor.Schema) && d.name().schema().equals(name))
              .toList();
      if (!inside.isEmpty() && !ddl.cascade()) {
        throw Statements.error(
            "2BP01", "schema \"" + name + "\" is not empty and CASCADE was not specified");
      }
      for (var each : inside) {
        var blocked = statements.blocked(each);
        if (blocked.isPresent()) {
          return blocked.get();
        }
        statements.draft.change(each.with(State.DROPPING));
        mutations.add(new Mutation.Drop(each.id()));
      }
      statements.draft.change(there.get().with(State.DROPPING));
      mutations.add(new Mutation.Drop(there.get().id()));
    }
    return mutations.isEmpty()
        ? statements.done("DROP SCHEMA")
        : statements.started("DROP SCHEMA", statements.changer(true), mutations);
  }
}
