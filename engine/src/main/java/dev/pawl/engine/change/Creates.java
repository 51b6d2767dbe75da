package dev.pawl.engine.change;

import dev.pawl.engine.change.Reader.Unexpected;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads CREATE. */
final class Creates {
  private Creates() {}

  /** From CREATE on. */
  static List<SchemaChange> read(Reader reader) throws Unexpected {
    reader.skip();
    boolean replaces = reader.accept("OR", "REPLACE");
    int modifiers = reader.place();
    boolean temporary = modifiers(reader);
    boolean unlogged = reader.passed(modifiers, "UNLOGGED");
    return switch (reader.keyword()) {
      case "UNIQUE", "INDEX", "INVERTED", "VECTOR" -> List.of(Indexes.create(reader));
      case "TABLE" -> withTemporary(temporary, Tables.create(reader, unlogged), "table");
      case "TYPE" -> List.of(type(reader));
      case "DATABASE", "TABLESPACE", "SUBSCRIPTION" ->
          List.of(Kinds.other(reader, "CREATE " + reader.keyword(), false));
      default -> {
        var kind = Kinds.read(reader);
        if (kind.equals("MATERIALIZED VIEW")) {
          yield List.of(materializedView(reader));
        }
        var change =
            Kinds.known(kind) ? object(reader, kind, replaces) : Kinds.unknown("CREATE " + kind);
        yield withTemporary(temporary, change, kind.toLowerCase(Locale.ROOT));
      }
    };
  }

  private static List<SchemaChange> withTemporary(
      boolean temporary, SchemaChange change, String what) {
    return temporary ? List.of(change, new SessionSetting("temporary " + what)) : List.of(change);
  }

  /** What may stand between CREATE and the kind; whether it is temporary. */
  private static boolean modifiers(Reader reader) {
    boolean temporary = false;
    while (true) {
      if (reader.accept("TEMPORARY") || reader.accept("TEMP")) {
        temporary = true;
      } else if (!reader.accept("LOCAL")
          && !reader.accept("GLOBAL")
          && !reader.accept("UNLOGGED")
          && !reader.accept("RECURSIVE")
          && !reader.accept("TRUSTED")
          && !reader.accept("PROCEDURAL")
          && !reader.accept("CONSTRAINT")) {
        break;
      }
    }
    if (reader.keyword().equals("DEFAULT") && reader.keyword(1).equals("CONVERSION")) {
      reader.skip();
    }
    return temporary;
  }

  private static SchemaChange object(Reader reader, String kind, boolean replaces)
      throws Unexpected {
    var other = Kinds.other(reader, "CREATE " + kind);
    boolean named =
        switch (kind) {
          case "FOREIGN TABLE", "SCHEMA", "SEQUENCE", "VIEW" -> true;
          // Without IF NOT EXISTS the commit tells all.
          case "COLLATION", "EXTENSION", "SERVER", "STATISTICS" ->
              !reader.cockroach() && reader.at("IF");
          default -> false;
        };
    if (replaces || !named || !(other instanceof OtherDdl)) {
      return other;
    }
    boolean ifNotExists = reader.accept("IF", "NOT", "EXISTS");
    if (kind.equals("SCHEMA") && reader.at("AUTHORIZATION")) {
      return other; // named like a role that may be called CURRENT_USER
    }
    var name = reader.name();
    var options =
        switch (kind) {
          case "SEQUENCE" -> withoutOwner(reader);
          case "EXTENSION" -> reader.textToEnd();
          default -> "";
        };
    return new CreateObject(
        kind, name, ifNotExists, Optional.of(options).filter(text -> !text.isEmpty()));
  }

  /** A temporary sequence, which one is compared with, cannot belong to a table's column. */
  private static String withoutOwner(Reader reader) throws Unexpected {
    var options = new StringBuilder();
    int from = reader.place();
    while (!reader.done()) {
      int here = reader.place();
      if (reader.accept("OWNED", "BY")) {
        options.append(reader.textBetween(from, here)).append(' ');
        reader.name();
        from = reader.place();
      } else {
        reader.skip();
      }
    }
    return options.append(reader.textSince(from)).toString().strip();
  }

  private static SchemaChange materializedView(Reader reader) throws Unexpected {
    boolean ifNotExists = reader.accept("IF", "NOT", "EXISTS");
    var view = reader.name();
    int data = reader.withDataAtEnd();
    int end = reader.place() + reader.rest().size() - data;
    int from = reader.place();
    if (reader.at('(')) {
      reader.skipItem();
    }
    var columns = reader.textSince(from);
    while (reader.place() < end && !reader.at("AS")) {
      reader.skipItem(); // how it is stored
    }
    var query = reader.textBetween(reader.place(), end);
    return new CreateMaterializedView(
        view, ifNotExists, data == 3, (columns + " " + query).strip());
  }

  private static SchemaChange type(Reader reader) throws Unexpected {
    reader.skip();
    boolean ifNotExists = reader.accept("IF", "NOT", "EXISTS");
    var type = reader.name();
    var body = reader.textToEnd();
    var labels = new ArrayList<String>();
    if (reader.accept("AS", "ENUM")) {
      for (var label : reader.parenthesised()) {
        labels.add(label.string());
      }
    }
    return new CreateType(type, labels, body, ifNotExists);
  }
}
