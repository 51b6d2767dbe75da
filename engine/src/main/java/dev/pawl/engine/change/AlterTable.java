package dev.pawl.engine.change;

import dev.pawl.engine.change.AddConstraint.Kind;
import dev.pawl.engine.change.AlterColumn.Action;
import dev.pawl.engine.change.Reader.Unexpected;
import dev.pawl.engine.sql.QualifiedName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;

/** Reads ALTER TABLE, action by action. */
final class AlterTable {
  private final QualifiedName table;
  private final List<SchemaChange> changes = new ArrayList<>();

  private AlterTable(QualifiedName table) {
    this.table = table;
  }

  /** From TABLE on. */
  static List<SchemaChange> read(Reader reader) throws Unexpected {
    reader.skip();
    reader.accept("IF", "EXISTS");
    if (reader.accept("ALL", "IN", "TABLESPACE")) {
      return List.of(new OtherDdl("ALTER TABLE ALL IN TABLESPACE", true));
    }
    reader.accept("ONLY");
    var alter = new AlterTable(reader.name());
    reader.accept('*');
    var actions = reader.parts();
    if (actions.isEmpty()) {
      throw reader.unexpected("an action");
    }
    for (var action : actions) {
      alter.action(action);
    }
    return List.copyOf(alter.changes);
  }

  private void action(Reader action) throws Unexpected {
    if (!action.at("DETACH")) {
      refuseConcurrently(action);
    }
    switch (action.keyword()) {
      case "ADD" -> add(action);
      case "DROP" -> drop(action);
      case "ALTER" -> alterColumn(action);
      case "RENAME" -> rename(action);
      case "VALIDATE" -> {
        action.skip();
        action.expect("CONSTRAINT");
        changes.add(new ValidateConstraint(table, action.identifier()));
      }
      case "DETACH" -> {
        action.skip();
        action.expect("PARTITION");
        var partition = action.name();
        changes.add(
            new DetachPartition(
                table, partition, action.accept("CONCURRENTLY"), action.accept("FINALIZE")));
      }
      default -> other(action);
    }
    refuseConcurrently(action);
  }

  /** What is concurrent cannot run in a transaction, so it must not be passed over. */
  private static void refuseConcurrently(Reader action) throws Unexpected {
    if (action.contains("CONCURRENTLY")) {
      throw new Unexpected("CONCURRENTLY stands where Pawl does not know it");
    }
  }

  private void other(Reader action) throws Unexpected {
    if (action.cockroach()) {
      throw action.unexpected("an action that Pawl knows");
    }
    var first = action.keyword();
    if (first.isEmpty()) {
      throw action.unexpected("an action");
    }
    boolean moves = first.equals("SET") && action.keyword(1).equals("SCHEMA");
    changes.add(new OtherDdl("ALTER TABLE " + (moves ? "SET SCHEMA" : first), true));
  }

  private void add(Reader action) throws Unexpected {
    action.skip();
    if (action.accept("COLUMN")) {
      addColumn(action);
      return;
    }
    boolean constraint =
        switch (action.keyword()) {
          case "CONSTRAINT", "CHECK", "UNIQUE", "PRIMARY", "FOREIGN" -> true;
          case "NOT" -> action.keyword(1).equals("NULL");
          case "EXCLUDE" -> action.ahead(1, '(') || action.keyword(1).equals("USING");
          default -> false;
        };
    if (constraint) {
      addConstraint(action);
    } else {
      addColumn(action);
    }
  }

  private void addColumn(Reader action) throws Unexpected {
    boolean ifNotExists = action.accept("IF", "NOT", "EXISTS");
    var column = action.identifier();
    int from = action.place();
    while (!action.done() && !endsType(action)) {
      action.skipItem();
    }
    var type = action.textSince(from);
    boolean notNull = false;
    boolean hasDefault = false;
    var constraints = new ArrayList<AddConstraint>();
    var definition = new StringJoiner("\n");
    Optional<String> name = Optional.empty();
    while (!action.done()) {
      int here = action.place();
      if (action.accept("CONSTRAINT")) {
        definition.add(action.textBetween(from, here));
        name = Optional.of(action.identifier());
        from = action.place();
        continue;
      }
      if (action.accept("NOT", "NULL")) {
        notNull = true;
      } else if (action.accept("DEFAULT") || action.accept("GENERATED") || action.accept("AS")) {
        hasDefault = true;
      } else {
        var constraint = columnConstraint(action, column, name, ifNotExists);
        if (constraint.isEmpty()) {
          action.skipItem();
          continue;
        }
        definition.add(action.textBetween(from, here));
        from = action.place();
        constraints.add(constraint.get());
        notNull |= constraint.get().kind() == Kind.PRIMARY_KEY;
      }
      name = Optional.empty();
    }
    definition.add(action.textSince(from));
    changes.add(
        new AddColumn(
            table, column, type, notNull, hasDefault, definition.toString().strip(), ifNotExists));
    changes.addAll(constraints);
  }

  /** A constraint of a column, as if it were one of the table; empty where none begins here. */
  private Optional<AddConstraint> columnConstraint(
      Reader action, String column, Optional<String> name, boolean ifNotExists) throws Unexpected {
    Kind kind;
    Optional<QualifiedName> references = Optional.empty();
    int from = action.place();
    if (action.accept("PRIMARY", "KEY")) {
      kind = Kind.PRIMARY_KEY;
    } else if (action.accept("UNIQUE")) {
      kind = Kind.UNIQUE;
      if (action.accept("NULLS")) {
        action.accept("NOT");
        action.accept("DISTINCT");
      }
    } else if (action.accept("REFERENCES")) {
      kind = Kind.FOREIGN_KEY;
      references = Optional.of(action.name());
      from = action.place();
    } else if (action.accept("CHECK")) {
      kind = Kind.CHECK;
    } else {
      return Optional.empty();
    }
    boolean named = kind == Kind.PRIMARY_KEY || kind == Kind.UNIQUE;
    var body = named ? action.textSince(from) + " (" + QualifiedName.quote(column) + ")" : "";
    int rest = named ? action.place() : from;
    boolean notEnforced = false;
    while (!action.done() && !beginsConstraint(action)) {
      if (action.accept("SET", "DEFAULT") || action.accept("SET", "NULL")) {
        continue; // what a foreign key does on delete
      }
      if (action.accept("NOT", "ENFORCED")) {
        notEnforced = true;
      } else {
        action.skipItem();
      }
    }
    return Optional.of(
        new AddConstraint(
            table,
            name,
            kind,
            kind == Kind.CHECK ? List.of() : List.of(column),
            false,
            notEnforced,
            references,
            Optional.empty(),
            (body + " " + action.textSince(rest)).strip(),
            ifNotExists));
  }

  private static boolean beginsConstraint(Reader action) {
    return switch (action.keyword()) {
      case "NOT" -> action.keyword(1).equals("NULL");
      case "AS",
          "CHECK",
          "COLLATE",
          "COMPRESSION",
          "CONSTRAINT",
          "CREATE",
          "DEFAULT",
          "FAMILY",
          "GENERATED",
          "NULL",
          "PRIMARY",
          "REFERENCES",
          "STORAGE",
          "UNIQUE",
          "VISIBLE" ->
          true;
      default -> false;
    };
  }

  private static boolean endsType(Reader action) {
    return switch (action.keyword()) {
      case "AS",
          "CHECK",
          "COLLATE",
          "COMPRESSION",
          "CONSTRAINT",
          "CREATE",
          "DEFAULT",
          "DEFERRABLE",
          "FAMILY",
          "GENERATED",
          "INITIALLY",
          "NOT",
          "NULL",
          "ON",
          "OPTIONS",
          "PRIMARY",
          "REFERENCES",
          "STORAGE",
          "UNIQUE",
          "VISIBLE" ->
          true;
      default -> false;
    };
  }

  private void addConstraint(Reader action) throws Unexpected {
    Optional<String> name = Optional.empty();
    boolean ifNotExists = false;
    if (action.accept("CONSTRAINT")) {
      ifNotExists = action.accept("IF", "NOT", "EXISTS");
      name = Optional.of(action.identifier());
    }
    var kind =
        switch (action.keyword()) {
          case "CHECK" -> Kind.CHECK;
          case "UNIQUE" -> Kind.UNIQUE;
          case "PRIMARY" -> Kind.PRIMARY_KEY;
          case "FOREIGN" -> Kind.FOREIGN_KEY;
          case "EXCLUDE" -> Kind.EXCLUDE;
          case "NOT" -> Kind.NOT_NULL;
          default -> throw action.unexpected("a kind of constraint");
        };
    int from = action.place();
    action.skip();
    List<String> columns = List.of();
    Optional<QualifiedName> references = Optional.empty();
    Optional<String> usingIndex = Optional.empty();
    switch (kind) {
      case PRIMARY_KEY, FOREIGN_KEY -> action.expect("KEY");
      case NOT_NULL -> {
        action.expect("NULL");
        columns = List.of(action.identifier());
      }
      case UNIQUE -> {
        if (action.accept("NULLS")) {
          action.accept("NOT");
          action.expect("DISTINCT");
        }
        action.accept("WITHOUT", "INDEX");
      }
      case CHECK, EXCLUDE -> {}
    }
    switch (kind) {
      case PRIMARY_KEY, UNIQUE -> {
        if (action.accept("USING", "INDEX")) {
          usingIndex = Optional.of(action.identifier());
        } else {
          columns = action.columns();
        }
      }
      case FOREIGN_KEY -> {
        columns = action.columns();
        action.expect("REFERENCES");
        references = Optional.of(action.name());
        from = action.place();
      }
      case NOT_NULL, CHECK, EXCLUDE -> {}
    }
    boolean notValid = false;
    boolean notEnforced = false;
    while (!action.done()) {
      if (action.accept("NOT", "VALID")) {
        notValid = true;
      } else if (action.accept("NOT", "ENFORCED")) {
        notEnforced = true;
      } else {
        action.skipItem();
      }
    }
    changes.add(
        new AddConstraint(
            table,
            name,
            kind,
            columns,
            notValid,
            notEnforced,
            references,
            usingIndex,
            action.textSince(from),
            ifNotExists));
  }

  private void drop(Reader action) throws Unexpected {
    action.skip();
    if (action.accept("CONSTRAINT")) {
      boolean ifExists = action.accept("IF", "EXISTS");
      changes.add(new DropConstraint(table, action.identifier(), ifExists));
    } else {
      action.accept("COLUMN");
      boolean ifExists = action.accept("IF", "EXISTS");
      changes.add(new DropColumn(table, action.identifier(), ifExists));
    }
    if (!action.accept("CASCADE")) {
      action.accept("RESTRICT");
    }
  }

  private void alterColumn(Reader action) throws Unexpected {
    action.skip();
    if (action.accept("PRIMARY", "KEY")) {
      action.expect("USING");
      action.expect("COLUMNS");
      changes.add(new AlterPrimaryKey(table, action.columns()));
      return;
    }
    if (action.at("CONSTRAINT")) {
      other(action);
      return;
    }
    action.accept("COLUMN");
    alterNamedColumn(action, action.identifier());
  }

  private void alterNamedColumn(Reader action, String column) throws Unexpected {
    Action what;
    Optional<String> detail = Optional.empty();
    if (action.accept("SET", "NOT", "NULL")) {
      what = Action.SET_NOT_NULL;
    } else if (action.accept("DROP", "NOT", "NULL")) {
      what = Action.DROP_NOT_NULL;
    } else if (action.accept("SET", "DATA", "TYPE") || action.accept("TYPE")) {
      what = Action.SET_TYPE;
      int from = action.place();
      while (!action.done() && !action.at("COLLATE") && !action.at("USING")) {
        action.skipItem();
      }
      detail = Optional.of(action.textSince(from));
    } else if (action.accept("SET", "DEFAULT")) {
      what = Action.SET_DEFAULT;
      detail = Optional.of(action.textToEnd());
    } else if (action.accept("DROP", "DEFAULT")) {
      what = Action.DROP_DEFAULT;
    } else if (action.cockroach()) {
      throw action.unexpected("an action that Pawl knows");
    } else {
      what = Action.OTHER;
      detail = Optional.of(action.textToEnd());
    }
    changes.add(new AlterColumn(table, column, what, detail));
  }

  private void rename(Reader action) throws Unexpected {
    if (action.keyword(1).equals("TO") || action.keyword(1).equals("CONSTRAINT")) {
      other(action);
      return;
    }
    action.skip();
    action.accept("COLUMN");
    var column = action.identifier();
    action.expect("TO");
    changes.add(new AlterColumn(table, column, Action.RENAME, Optional.of(action.identifier())));
  }
}
