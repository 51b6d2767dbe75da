package dev.pawl.engine.change;

import dev.pawl.engine.change.AlterColumn.Action;
import dev.pawl.engine.change.Reader.Unexpected;
import dev.pawl.engine.sql.QualifiedName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads ALTER TABLE, action by action. */
final class AlterTable {
  private final QualifiedName table;
  private final boolean ifExists;
  private final List<SchemaChange> changes = new ArrayList<>();

  private AlterTable(QualifiedName table, boolean ifExists) {
    this.table = table;
    this.ifExists = ifExists;
  }

  /** From TABLE on. */
  static List<SchemaChange> read(Reader reader) throws Unexpected {
    reader.skip();
    boolean ifExists = reader.accept("IF", "EXISTS");
    if (!reader.cockroach() && reader.accept("ALL", "IN", "TABLESPACE")) {
      return List.of(new OtherDdl("ALTER TABLE ALL IN TABLESPACE", true));
    }
    reader.accept("ONLY");
    var alter = new AlterTable(reader.name(), ifExists);
    reader.accept('*');
    if (reader.cockroach() && Alters.synchronousOnCockroachdb(reader)) {
      return List.of(new OtherDdl("ALTER TABLE " + reader.keyword(), true));
    }
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
      case "SET" -> {
        if (action.accept("SET", "SCHEMA")) {
          changes.add(new SetSchema(Rename.Kind.TABLE, table, action.identifier(), ifExists));
        } else {
          other(action);
        }
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
    if (action.cockroach() && !action.at("OWNER")) {
      throw action.unexpected("an action that Pawl knows");
    }
    if (action.keyword().isEmpty()) {
      throw action.unexpected("an action");
    }
    changes.add(new OtherDdl("ALTER TABLE " + action.keyword(), true));
  }

  private void add(Reader action) throws Unexpected {
    action.skip();
    if (!action.at("COLUMN") && Constraints.begins(action)) {
      changes.add(Constraints.read(action, table));
      return;
    }
    action.accept("COLUMN");
    boolean ifNotExists = action.accept("IF", "NOT", "EXISTS");
    var column = Columns.read(action, table, ifNotExists);
    changes.add(column.column());
    changes.addAll(column.constraints());
  }

  private void drop(Reader action) throws Unexpected {
    action.skip();
    if (action.accept("CONSTRAINT")) {
      boolean ifConstraintExists = action.accept("IF", "EXISTS");
      var name = action.identifier();
      changes.add(new DropConstraint(table, name, ifConstraintExists, action.accept("CASCADE")));
    } else {
      action.accept("COLUMN");
      boolean ifColumnExists = action.accept("IF", "EXISTS");
      var name = action.identifier();
      changes.add(new DropColumn(table, name, ifColumnExists, action.accept("CASCADE")));
    }
    action.accept("RESTRICT");
  }

  private void alterColumn(Reader action) throws Unexpected {
    action.skip();
    if (action.accept("PRIMARY", "KEY")) {
      action.expect("USING");
      action.expect("COLUMNS");
      var keys = Indexes.keys(action);
      boolean sharded = action.accept("USING", "HASH");
      var options = Optional.of(action.textToEnd()).filter(text -> !text.isEmpty());
      changes.add(new AlterPrimaryKey(table, keys, sharded, options));
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
    } else if (action.cockroach() && !visibilityOrOnUpdate(action)) {
      throw action.unexpected("an action that Pawl knows");
    } else {
      what = Action.OTHER;
      detail = Optional.of(action.textToEnd());
    }
    changes.add(new AlterColumn(table, column, what, detail));
  }

  /** CockroachDB: like a default, they change what later statements do, and no rows. */
  private static boolean visibilityOrOnUpdate(Reader action) {
    return switch (action.keyword()) {
      case "SET" ->
          switch (action.keyword(1)) {
            case "VISIBLE" -> true;
            case "NOT" -> action.keyword(2).equals("VISIBLE");
            case "ON" -> action.keyword(2).equals("UPDATE");
            default -> false;
          };
      case "DROP" -> action.keyword(1).equals("ON") && action.keyword(2).equals("UPDATE");
      default -> false;
    };
  }

  private void rename(Reader action) throws Unexpected {
    action.skip();
    if (action.accept("TO")) {
      changes.add(
          new Rename(
              Rename.Kind.TABLE, Optional.empty(), table, Alters.newName(action, table), ifExists));
      return;
    }
    var kind = action.accept("CONSTRAINT") ? Rename.Kind.CONSTRAINT : Rename.Kind.COLUMN;
    if (kind == Rename.Kind.COLUMN) {
      action.accept("COLUMN");
    }
    var from = QualifiedName.of(action.identifier());
    action.expect("TO");
    changes.add(new Rename(kind, Optional.of(table), from, action.identifier(), ifExists));
  }
}
