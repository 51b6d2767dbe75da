package dev.pawl.engine.change;

import dev.pawl.engine.change.Reader.Unexpected;
import dev.pawl.engine.sql.QualifiedName;
import dev.pawl.engine.sql.TokenType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.StringJoiner;

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
      case "DATABASE" ->
          List.of(
              skipsOnCockroachdb(reader)
                  ? named(reader)
                  : Kinds.other(reader, "CREATE DATABASE", false));
      case "ROLE", "USER" ->
          skipsOnCockroachdb(reader)
              ? List.of(named(reader))
              : ofKind(reader, temporary, unlogged, replaces);
      case "TABLESPACE", "SUBSCRIPTION" ->
          List.of(Kinds.other(reader, "CREATE " + reader.keyword(), false));
      default -> ofKind(reader, temporary, unlogged, replaces);
    };
  }

  private static List<SchemaChange> ofKind(
      Reader reader, boolean temporary, boolean unlogged, boolean replaces) throws Unexpected {
    var kind = Kinds.read(reader);
    if (kind.equals("STATISTICS") && reader.cockroach()) {
      return List.of(new Maintenance("CREATE STATISTICS")); // as ANALYZE
    }
    if (kind.equals("MATERIALIZED VIEW")) {
      return List.of(materializedView(reader));
    }
    var change =
        Kinds.known(kind)
            ? object(reader, kind, replaces, unlogged)
            : Kinds.unknown("CREATE " + kind);
    return withTemporary(temporary, change, kind.toLowerCase(Locale.ROOT));
  }

  /** Whether it says IF NOT EXISTS, with which CockroachDB passes over another's. */
  private static boolean skipsOnCockroachdb(Reader reader) {
    int from = reader.place();
    reader.skip();
    boolean skips = reader.cockroach() && reader.at("IF");
    reader.back(from);
    return skips;
  }

  /** A database, role or user. */
  private static SchemaChange named(Reader reader) throws Unexpected {
    var kind = reader.keyword();
    reader.skip();
    reader.accept("IF", "NOT", "EXISTS");
    var name = QualifiedName.of(reader.identifier());
    return new CreateObject(kind, name, true, false, words(reader));
  }

  /** Its options without their values: one of them may be a password. */
  private static Optional<String> words(Reader reader) {
    var words = new StringJoiner(" ");
    for (var token : reader.rest()) {
      if (token.type() == TokenType.WORD) {
        words.add(token.keyword());
      }
    }
    return Optional.of(words.toString()).filter(text -> !text.isEmpty());
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

  private static SchemaChange object(Reader reader, String kind, boolean replaces, boolean unlogged)
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
      return orUnclassified(reader.at("IF"), reader, kind, other);
    }
    boolean ifNotExists = reader.accept("IF", "NOT", "EXISTS");
    int from = reader.place();
    if (kind.equals("SCHEMA") && reader.accept("AUTHORIZATION")) {
      return ifNotExists && !reader.cockroach() && reader.rest().size() == 1
          ? ofItsOwner(reader, reader.textSince(from), other)
          : orUnclassified(ifNotExists, reader, kind, other);
    }
    var name = reader.name();
    var options =
        switch (kind) {
          case "EXTENSION", "SEQUENCE" -> reader.textToEnd();
          case "SCHEMA" -> reader.cockroach() || ifNotExists ? reader.textToEnd() : "";
          default -> "";
        };
    return new CreateObject(
        kind, name, ifNotExists, unlogged, Optional.of(options).filter(text -> !text.isEmpty()));
  }

  /** CockroachDB's CREATE EXTENSION makes nothing: what it has, is there. */
  private static SchemaChange orUnclassified(
      boolean skips, Reader reader, String kind, SchemaChange other) {
    return skips && reader.cockroach() && !kind.equals("EXTENSION")
        ? new Unclassified(
            "its IF NOT EXISTS may pass over another, and Pawl cannot compare the two")
        : other;
  }

  /** The name is that of a role, which may be called CURRENT_USER. */
  private static SchemaChange ofItsOwner(Reader reader, String authorization, SchemaChange other)
      throws Unexpected {
    return switch (reader.keyword()) {
      case "CURRENT_ROLE", "CURRENT_USER", "SESSION_USER" -> other;
      default -> {
        var role = reader.rest().getFirst().text();
        yield new CreateObject(
            "SCHEMA",
            QualifiedName.of(reader.identifier()),
            true,
            false,
            Optional.of(authorization + " " + role));
      }
    };
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
