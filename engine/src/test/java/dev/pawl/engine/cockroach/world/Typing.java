package dev.pawl.engine.cockroach.world;

import dev.pawl.engine.cockroach.world.Descriptor.State;
import java.util.ArrayList;
import java.util.List;

/** ALTER TYPE. */
final class Typing {
  private final Statements statements;

  Typing(Statements statements) {
    this.statements = statements;
  }

  private Descriptor.EnumType typeToChange(Name name) {
    return statements
        .type(name)
        .filter(t -> t.state() == State.PUBLIC)
        .orElseThrow(() -> Statements.missing("type", name));
  }

  Answer addValue(Ddl.AddValue ddl) {
    var type = typeToChange(ddl.type());
    var there = type.labels().stream().filter(l -> l.text().equals(ddl.label())).findFirst();
    if (there.isPresent()) {
      boolean removing =
          statements.world.unfinished().stream()
              .anyMatch(
                  j -> j.mutations().contains(new Mutation.DropLabel(type.id(), ddl.label())));
      if (removing) {
        throw Statements.error(
            "55000", "enum value \"" + ddl.label() + "\" is being dropped, try again later");
      }
      if (ddl.ifNotExists()) {
        return statements.done(
            "ALTER TYPE",
            Statements.notice("enum value \"" + ddl.label() + "\" already exists, skipping"));
      }
      throw Statements.error("42710", "enum value \"" + ddl.label() + "\" already exists");
    }
    var labels = new ArrayList<>(type.labels());
    labels.add(new Descriptor.EnumType.Label(ddl.label(), true));
    return changeType(type, type.withLabels(labels), new Mutation.Promote(type.id(), ddl.label()));
  }

  Answer dropValue(Ddl.DropValue ddl) {
    var type = typeToChange(ddl.type());
    if (type.labels().stream().noneMatch(l -> l.text().equals(ddl.label()))) {
      throw Statements.error("42704", "enum value \"" + ddl.label() + "\" does not exist");
    }
    var labels =
        type.labels().stream()
            .map(
                l ->
                    l.text().equals(ddl.label())
                        ? new Descriptor.EnumType.Label(l.text(), true)
                        : l)
            .toList();
    // pkg/sql/alter_type.go describes this job by nothing but the type's name.
    return changeType(
        type.name().name(),
        type,
        type.withLabels(labels),
        new Mutation.DropLabel(type.id(), ddl.label()));
  }

  Answer renameType(Ddl.RenameType ddl) {
    var type = typeToChange(ddl.type());
    statements.taken(type.name().sibling(ddl.to()), false);
    return changeType(
        type, type.withName(type.name().sibling(ddl.to())), new Mutation.Settle(type.id()));
  }

  private Answer changeType(
      Descriptor.EnumType before, Descriptor.EnumType after, Mutation mutation) {
    return changeType(statements.description, before, after, mutation);
  }

  private Answer changeType(
      String described, Descriptor.EnumType before, Descriptor.EnumType after, Mutation mutation) {
    var blocked = statements.blocked(before);
    if (blocked.isPresent()) {
      return blocked.get();
    }
    statements.draft.change(after);
    return statements.started(
        described, "ALTER TYPE", Job.Type.TYPEDESC_SCHEMA_CHANGE, List.of(mutation));
  }
}
