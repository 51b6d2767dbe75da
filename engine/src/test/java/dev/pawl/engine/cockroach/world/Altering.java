package dev.pawl.engine.cockroach.world;

import dev.pawl.engine.cockroach.world.Ddl.Action;
import dev.pawl.engine.cockroach.world.Ddl.ConstraintDef;
import dev.pawl.engine.cockroach.world.Descriptor.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** ALTER TABLE: all its actions are one job. */
final class Altering {
  private final Statements statements;
  private final List<Mutation> mutations = new ArrayList<>();
  private final List<Answer.Notice> notices = new ArrayList<>();
  private Table table;

  Altering(Statements statements) {
    this.statements = statements;
  }

  Answer alter(Ddl.AlterTable ddl) {
    if (ddl.ifExists() && statements.relation(ddl.name()).isEmpty()) {
      return statements.done("ALTER TABLE");
    }
    var before = statements.tableToChange(ddl.name());
    table = before;
    if (ddl.actions().stream().allMatch(a -> answeredEarly(before, a))) {
      return statements.done("ALTER TABLE", notices.toArray(Answer.Notice[]::new));
    }
    if (!statements.world.version().since(23, 1)) {
      ddl.actions().forEach(a -> refuseHalfDone(before, a));
    }
    var blocked = statements.blocked(before);
    if (blocked.isPresent()) {
      return blocked.get();
    }
    boolean renamed = false;
    for (var action : ddl.actions()) {
      apply(action);
      renamed |= action instanceof Action.RenameTo;
    }
    var tag = renamed ? "RENAME TABLE" : "ALTER TABLE";
    if (table.equals(before) && mutations.isEmpty()) {
      return statements.done(tag, notices.toArray(Answer.Notice[]::new));
    }
    statements.draft.change(table);
    if (mutations.isEmpty()) {
      mutations.add(new Mutation.Settle(table.id()));
    }
    return statements.started(tag, statements.changer(false), mutations);
  }

  /**
   * IF NOT EXISTS of a constraint finds one that is still being validated, and says success; a
   * column that is being added blocks its second caller instead.
   */
  private boolean answeredEarly(Table before, Action action) {
    if (action instanceof Action.AddConstraint(var constraint, var ifNotExists, _) && ifNotExists) {
      boolean there =
          constraint
              .name()
              .filter(n -> before.constraint(n).isPresent() || before.index(n).isPresent())
              .isPresent();
      if (there) {
        notices.add(
            Statements.notice(
                "constraint \"" + constraint.name().get() + "\" already exists, skipping"));
      }
      return there;
    }
    return false;
  }

  /** The older schema changer does not wait for what is half-done (pkg/sql/alter_table.go). */
  private static void refuseHalfDone(Table before, Action action) {
    switch (action) {
      case Action.AddColumn a -> {
        var name = a.column().column().name();
        var state = before.column(name).map(Column::state).orElse(Column.State.PUBLIC);
        if (state == Column.State.ADDING) {
          throw Statements.error(
              "42701",
              "duplicate: column \"" + name + "\" in the middle of being added, not yet public");
        }
        if (state == Column.State.DROPPING) {
          throw Statements.error("55000", "column \"" + name + "\" being dropped, try again later");
        }
      }
      case Action.DropConstraint a -> refuseValidating(before, a.constraint(), "0A000");
      case Action.Validate a -> refuseValidating(before, a.constraint(), "55000");
      default -> {
        // Queues.
      }
    }
  }

  private static void refuseValidating(Table before, String name, String state) {
    var validating = before.constraint(name).filter(c -> c.state() == Constraint.State.VALIDATING);
    if (validating.isPresent()) {
      throw Statements.error(
          state, "constraint \"" + name + "\" in the middle of being added, try again later");
    }
  }

  private void apply(Action action) {
    switch (action) {
      case Action.AddColumn a -> addColumn(a);
      case Action.DropColumn a -> dropColumn(a);
      case Action.AddConstraint a -> addConstraint(a);
      case Action.Validate a -> validate(a);
      case Action.DropConstraint a -> dropConstraint(a);
      case Action.SetNotNull a -> {
        if (!column(a.column()).notNull()) {
          mutations.add(new Mutation.SetNotNull(table.id(), a.column()));
        }
      }
      case Action.DropNotNull a -> table = table.replace(column(a.column()).withNotNull(false));
      case Action.SetDefault a -> table = table.replace(column(a.column()).withDefault(a.value()));
      case Action.SetType a -> {
        if (!column(a.column()).type().equals(a.type())) {
          mutations.add(new Mutation.AlterColumnType(table.id(), a.column(), a.type()));
        }
      }
      case Action.AlterPrimaryKey a -> alterPrimaryKey(Optional.empty(), a.keys());
      case Action.RenameTo a -> {
        var to = table.name().sibling(a.name());
        statements.taken(to, false);
        table = table.withName(to);
      }
      case Action.SetSchema a -> {
        var to = new Name(a.schema(), table.name().name());
        statements.taken(to, false);
        table = table.withName(to);
      }
      case Action.RenameColumn a -> renameColumn(a);
      case Action.RenameConstraint a -> renameConstraint(a);
      case Action.Nothing _ -> {
        // Nothing that is modelled.
      }
    }
  }

  private Column column(String name) {
    return table
        .column(name)
        .filter(Column::isPublic)
        .orElseThrow(() -> Statements.error("42703", "column \"" + name + "\" does not exist"));
  }

  private void addColumn(Action.AddColumn action) {
    var column = action.column().column();
    if (table.column(column.name()).isPresent()) {
      if (!action.ifNotExists()) {
        throw Statements.error(
            "42701",
            "column \""
                + column.name()
                + "\" of relation \""
                + table.name().name()
                + "\" already exists");
      }
      notices.add(
          Statements.notice(
              "column \""
                  + column.name()
                  + "\" of relation \""
                  + table.name().name()
                  + "\" already exists, skipping"));
      return;
    }
    var columns = new ArrayList<>(table.columns());
    columns.add(column);
    table = table.withColumns(columns);
    mutations.add(new Mutation.AddColumn(table.id(), column.name()));
    for (var constraint : action.column().constraints()) {
      if (constraint instanceof ConstraintDef.Unique unique) {
        // The column is not public yet: its index is built with it.
        var shown = table.replace(column.with(Column.State.PUBLIC));
        addIndex(Indexing.index(shown, Indexing.named(unique), true));
      } else if (constraint instanceof ConstraintDef.PrimaryKey) {
        throw SqlError.unknown("ADD COLUMN … PRIMARY KEY").thrown();
      } else {
        addChecked(constraint, false);
      }
    }
  }

  private void addIndex(Index index) {
    var indexes = new ArrayList<>(table.indexes());
    indexes.add(index);
    table = table.withIndexes(indexes);
    mutations.add(new Mutation.AddIndex(table.id(), index.number()));
  }

  private void dropColumn(Action.DropColumn action) {
    var there = table.column(action.column()).filter(Column::isPublic);
    if (there.isEmpty()) {
      if (action.ifExists()) {
        notices.add(
            Statements.notice("column \"" + action.column() + "\" does not exist, skipping"));
        return;
      }
      throw Statements.error("42703", "column \"" + action.column() + "\" does not exist");
    }
    if (table.primary().keys().stream().anyMatch(k -> k.column().equals(action.column()))) {
      throw Statements.error(
          "42P10", "column \"" + action.column() + "\" is referenced by the primary key");
    }
    table = table.replace(there.get().with(Column.State.DROPPING));
    mutations.add(new Mutation.DropColumn(table.id(), action.column()));
  }

  private void addConstraint(Action.AddConstraint action) {
    var constraint = action.constraint();
    if (constraint.name().isPresent()) {
      var name = constraint.name().get();
      if (table.constraint(name).isPresent() || table.index(name).isPresent()) {
        throw Statements.error(
            constraint instanceof ConstraintDef.Unique ? "42P07" : "42710",
            "duplicate constraint name: \"" + name + "\"");
      }
    }
    switch (constraint) {
      case ConstraintDef.Unique c -> addIndex(Indexing.index(table, Indexing.named(c), true));
      case ConstraintDef.PrimaryKey c -> {
        if (!table.primary().keys().getFirst().column().equals("rowid")) {
          throw Statements.error(
              "42P16",
              "multiple primary keys for table \"" + table.name().name() + "\" are not allowed");
        }
        alterPrimaryKey(c.name(), c.keys());
      }
      case ConstraintDef.Check _, ConstraintDef.ForeignKey _ ->
          addChecked(constraint, action.notValid());
    }
  }

  private void addChecked(ConstraintDef def, boolean notValid) {
    var constraint = constraint(table, def, statements);
    var constraints = new ArrayList<>(table.constraints());
    constraints.add(notValid ? constraint.with(Constraint.State.UNVALIDATED) : constraint);
    table = table.withConstraints(constraints);
    mutations.add(
        notValid
            ? new Mutation.Settle(table.id())
            : new Mutation.Validate(table.id(), constraint.name(), true));
  }

  /** A CHECK or FOREIGN KEY that is still to be validated. */
  static Constraint constraint(Table table, ConstraintDef def, Statements statements) {
    return switch (def) {
      case ConstraintDef.Check c ->
          new Constraint(
              c.name().orElseGet(() -> freeName(table, "check")),
              Constraint.Kind.CHECK,
              List.of(),
              "CHECK ((" + c.expression() + "))",
              Constraint.State.VALIDATING);
      case ConstraintDef.ForeignKey c -> {
        if (!c.target().equals(table.name())) {
          statements.tableToChange(c.target());
        }
        yield new Constraint(
            c.name()
                .orElseGet(
                    () ->
                        freeName(
                            table,
                            table.name().name() + "_" + String.join("_", c.columns()) + "_fkey")),
            Constraint.Kind.FOREIGN_KEY,
            c.columns(),
            c.text(),
            Constraint.State.VALIDATING);
      }
      default -> throw new IllegalArgumentException(def.toString());
    };
  }

  private static String freeName(Table table, String wanted) {
    var free = wanted;
    for (int k = 1; table.constraint(free).isPresent(); k++) {
      free = wanted + k;
    }
    return free;
  }

  private Constraint checked(String name) {
    return table
        .constraint(name)
        .filter(c -> c.state() != Constraint.State.DROPPING)
        .orElseThrow(
            () ->
                Statements.error(
                    "42704",
                    "constraint \""
                        + name
                        + "\" of relation \""
                        + table.name().name()
                        + "\" does not exist"));
  }

  private void validate(Action.Validate action) {
    var constraint = checked(action.constraint());
    if (constraint.state() == Constraint.State.VALIDATED) {
      return;
    }
    table = table.replace(constraint.with(Constraint.State.VALIDATING));
    mutations.add(new Mutation.Validate(table.id(), constraint.name(), false));
  }

  private void dropConstraint(Action.DropConstraint action) {
    if (table.index(action.constraint()).filter(Index::constraint).isPresent()) {
      throw new SqlError(
              "0A000",
              "cannot drop UNIQUE constraint \""
                  + action.constraint()
                  + "\" using ALTER TABLE DROP CONSTRAINT, use DROP INDEX CASCADE instead")
          .thrown();
    }
    if (action.ifExists() && table.constraint(action.constraint()).isEmpty()) {
      notices.add(
          Statements.notice("constraint \"" + action.constraint() + "\" does not exist, skipping"));
      return;
    }
    table = table.replace(checked(action.constraint()).with(Constraint.State.DROPPING));
    mutations.add(new Mutation.DropConstraint(table.id(), action.constraint()));
  }

  private void alterPrimaryKey(Optional<String> name, List<Index.Key> keys) {
    for (var key : keys) {
      Indexing.publicColumn(table, key.column());
      if (!column(key.column()).notNull()) {
        throw Statements.error(
            "42P16", "cannot use nullable column \"" + key.column() + "\" in primary key");
      }
    }
    if (table.primary().keys().equals(keys)) {
      return;
    }
    mutations.add(
        new Mutation.AlterPrimaryKey(table.id(), name.orElse(table.name().name() + "_pkey"), keys));
  }

  private void renameColumn(Action.RenameColumn action) {
    var column = column(action.from());
    if (table.column(action.to()).isPresent()) {
      throw Statements.error("42701", "column \"" + action.to() + "\" already exists");
    }
    table =
        table.withColumns(
            table.columns().stream()
                .map(c -> c.equals(column) ? c.withName(action.to()) : c)
                .toList());
    table = table.withPrimary(renamed(table.primary(), action));
    table = table.withIndexes(table.indexes().stream().map(i -> renamed(i, action)).toList());
  }

  private static Index renamed(Index index, Action.RenameColumn action) {
    var keys =
        index.keys().stream()
            .map(
                k ->
                    k.column().equals(action.from())
                        ? new Index.Key(action.to(), k.expression(), k.descending())
                        : k)
            .toList();
    var storing =
        index.storing().stream().map(c -> c.equals(action.from()) ? action.to() : c).toList();
    return new Index(
        index.number(),
        index.name(),
        index.unique(),
        index.method(),
        keys,
        storing,
        index.predicate(),
        index.constraint(),
        index.state());
  }

  private void renameConstraint(Action.RenameConstraint action) {
    var index = table.index(action.from());
    if (index.isPresent()) {
      table = table.replace(index.get().withName(action.to()));
      return;
    }
    var constraint = checked(action.from());
    table =
        table.withConstraints(
            table.constraints().stream()
                .map(c -> c.equals(constraint) ? c.withName(action.to()) : c)
                .toList());
  }
}
