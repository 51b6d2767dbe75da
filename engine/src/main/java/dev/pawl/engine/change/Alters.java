package dev.pawl.engine.change;

import dev.pawl.engine.change.Reader.Unexpected;
import dev.pawl.engine.change.Rename.Kind;
import dev.pawl.engine.sql.QualifiedName;
import java.util.List;
import java.util.Optional;

/** Reads ALTER of what is not a table. */
final class Alters {
  private Alters() {}

  /** From ALTER on. */
  static List<SchemaChange> read(Reader reader) throws Unexpected {
    reader.skip();
    return switch (reader.keyword()) {
      case "TABLE" -> AlterTable.read(reader);
      case "SYSTEM" -> List.of(Kinds.other(reader, "ALTER SYSTEM", false));
      case "DATABASE" -> List.of(database(reader));
      case "TABLESPACE" -> List.of(Kinds.other(reader, "ALTER TABLESPACE"));
      case "SUBSCRIPTION" ->
          List.of(Kinds.other(reader, "ALTER SUBSCRIPTION", harmlessToSubscription(reader)));
      default -> {
        if (addsToForeignTable(reader)) {
          reader.skip();
          yield AlterTable.read(reader);
        }
        yield List.of(object(reader, Kinds.read(reader)));
      }
    };
  }

  /** What IF NOT EXISTS passes over is compared; options of a column cannot be. */
  private static boolean addsToForeignTable(Reader reader) {
    return !reader.cockroach()
        && reader.keyword().equals("FOREIGN")
        && reader.keyword(1).equals("TABLE")
        && reader.contains("IF", "NOT", "EXISTS")
        && !reader.contains("OPTIONS");
  }

  private static SchemaChange database(Reader reader) {
    boolean zone = reader.keyword(2).equals("CONFIGURE") && reader.keyword(3).equals("ZONE");
    return reader.cockroach() && zone
        ? new OtherDdl("ALTER DATABASE CONFIGURE", true)
        : Kinds.other(reader, "ALTER DATABASE", !reader.contains("TABLESPACE"));
  }

  /** Publications and options of a slot are changed on the other server, outside a transaction. */
  private static boolean harmlessToSubscription(Reader reader) {
    return switch (reader.keyword(2)) {
      case "OWNER", "RENAME", "ENABLE", "DISABLE", "SKIP" -> true;
      default -> false;
    };
  }

  private static SchemaChange object(Reader reader, String kind) throws Unexpected {
    var renamed =
        switch (kind) {
          case "INDEX" -> Kind.INDEX;
          case "VIEW" -> Kind.VIEW;
          case "MATERIALIZED VIEW" -> Kind.MATERIALIZED_VIEW;
          case "SEQUENCE" -> Kind.SEQUENCE;
          case "FOREIGN TABLE" -> Kind.FOREIGN_TABLE;
          case "TYPE", "DOMAIN" -> Kind.TYPE;
          case "SCHEMA" -> Kind.SCHEMA;
          default -> null;
        };
    if (renamed == null) {
      return Kinds.known(kind)
          ? Kinds.other(reader, "ALTER " + kind)
          : Kinds.unknown("ALTER " + kind);
    }
    if (reader.accept("ALL", "IN", "TABLESPACE")) {
      return Kinds.other(reader, "ALTER " + kind + " ALL IN TABLESPACE");
    }
    boolean ifExists = reader.accept("IF", "EXISTS");
    var name = reader.name();
    Optional<QualifiedName> table = Optional.empty();
    if (kind.equals("INDEX") && reader.cockroach() && reader.accept('@')) {
      table = Optional.of(name);
      name = name.sibling(reader.identifier());
    }
    return action(reader, kind, new Rename(renamed, table, name, "", ifExists));
  }

  /**
   * What is done to the object.
   *
   * @param of what it is, still without its new name
   */
  private static SchemaChange action(Reader reader, String kind, Rename of) throws Unexpected {
    if (reader.accept("RENAME", "TO")) {
      return new Rename(of.kind(), of.in(), of.from(), newName(reader, of.from()), of.ifExists());
    }
    if (reader.accept("SET", "SCHEMA")) {
      return new SetSchema(of.kind(), of.from(), reader.identifier(), of.ifExists());
    }
    if (of.kind() == Kind.TYPE) {
      if (reader.accept("ADD", "VALUE")) {
        boolean ifNotExists = reader.accept("IF", "NOT", "EXISTS");
        var label = reader.string();
        Optional<String> before = Optional.empty();
        Optional<String> after = Optional.empty();
        if (reader.accept("BEFORE")) {
          before = Optional.of(reader.string());
        } else if (reader.accept("AFTER")) {
          after = Optional.of(reader.string());
        }
        return new AddEnumValue(of.from(), label, before, after, ifNotExists);
      }
      if (reader.accept("RENAME", "VALUE")) {
        var label = reader.string();
        if (label.isEmpty()) {
          throw reader.unexpected("a label with a name");
        }
        reader.expect("TO");
        return new Rename(
            Kind.LABEL, Optional.of(of.from()), QualifiedName.of(label), reader.string(), false);
      }
      if (!reader.cockroach()) {
        return Kinds.other(reader, "ALTER " + kind);
      }
    }
    if (reader.at("RENAME") && of.kind() != Kind.TYPE) {
      return column(reader, of);
    }
    if (reader.cockroach() && synchronousOnCockroachdb(reader)) {
      return new OtherDdl("ALTER " + kind + " " + reader.keyword(), true);
    }
    return Kinds.other(reader, "ALTER " + kind + " " + reader.keyword());
  }

  /**
   * After RENAME TO. CockroachDB takes it with database and schema too, which must be those of the
   * old name.
   */
  static String newName(Reader reader, QualifiedName from) throws Unexpected {
    if (!reader.cockroach()) {
      return reader.identifier();
    }
    int place = reader.place();
    var name = reader.name();
    var moved = name.parts().reversed();
    var here = from.parts().reversed();
    for (int i = 1; i < moved.size() && i < here.size(); i++) {
      if (!moved.get(i).equals(here.get(i))) {
        reader.back(place);
        throw reader.unexpected("a name in the same schema");
      }
    }
    return name.name();
  }

  private static SchemaChange column(Reader reader, Rename of) throws Unexpected {
    reader.skip();
    reader.accept("COLUMN");
    var from = QualifiedName.of(reader.identifier());
    reader.expect("TO");
    return new Rename(
        Kind.COLUMN, Optional.of(of.from()), from, reader.identifier(), of.ifExists());
  }

  /** Of a table, an index or another: changes no rows, and is done when it returns. */
  static boolean synchronousOnCockroachdb(Reader reader) {
    return switch (reader.keyword()) {
      case "OWNER" -> reader.keyword(1).equals("TO");
      case "CONFIGURE" -> reader.keyword(1).equals("ZONE");
      case "SPLIT", "UNSPLIT" -> true;
      default -> false;
    };
  }
}
