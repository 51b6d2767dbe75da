package dev.pawl.engine.lint;

import dev.pawl.engine.change.Reader;
import dev.pawl.engine.change.Reader.Unexpected;
import dev.pawl.engine.sql.QualifiedName;
import dev.pawl.engine.sql.Token;
import dev.pawl.engine.sql.TokenType;
import java.util.Optional;

/**
 * What a statement does to rows.
 *
 * @param table whose rows it changes
 * @param source of INSERT … SELECT, the first table that it reads; else the table itself
 */
record DataChange(Verb verb, QualifiedName table, QualifiedName source, Reach reach) {
  /** What is done to the rows. */
  enum Verb {
    UPDATE,
    DELETE,
    INSERT
  }

  /** How many rows, as far as the text tells. */
  enum Reach {
    /** All: there is no WHERE. */
    ALL,
    /** As many as a condition lets through. */
    MANY,
    /** Few: VALUES, a LIMIT, or a column that equals a constant. */
    FEW
  }

  /** Empty where it changes no rows, or is too unusual to be read. */
  static Optional<DataChange> of(Reader reader) {
    try {
      return switch (mainVerb(reader)) {
        case "UPDATE" -> {
          reader.accept("ONLY");
          var table = reader.name();
          yield Optional.of(new DataChange(Verb.UPDATE, table, table, reach(reader)));
        }
        case "DELETE" -> {
          reader.accept("FROM");
          reader.accept("ONLY");
          var table = reader.name();
          yield Optional.of(new DataChange(Verb.DELETE, table, table, reach(reader)));
        }
        case "INSERT", "UPSERT" -> {
          reader.accept("INTO");
          yield insert(reader, reader.name());
        }
        default -> Optional.empty();
      };
    } catch (Unexpected e) {
      return Optional.empty();
    }
  }

  /** The table that SELECT … INTO makes. */
  static Optional<QualifiedName> selectInto(Reader reader) {
    try {
      if (!mainVerb(reader).equals("SELECT")) {
        return Optional.empty();
      }
      while (!reader.done() && !reader.at("FROM")) {
        if (reader.accept("INTO")) {
          while (reader.accept("TEMPORARY")
              || reader.accept("TEMP")
              || reader.accept("UNLOGGED")
              || reader.accept("TABLE")) {
            // words before the name
          }
          return Optional.of(reader.name());
        }
        reader.skipItem();
      }
      return Optional.empty();
    } catch (Unexpected e) {
      return Optional.empty();
    }
  }

  /** The verb after WITH and its parts, passed over; empty where there is none that is known. */
  private static String mainVerb(Reader reader) throws Unexpected {
    boolean with = reader.at("WITH");
    while (!reader.done()) {
      var word = reader.keyword();
      switch (word) {
        case "SELECT", "UPDATE", "DELETE", "INSERT", "UPSERT" -> {
          reader.skip();
          return word;
        }
        default -> {
          if (!with) {
            return "";
          }
          reader.skipItem();
        }
      }
    }
    return "";
  }

  private static Optional<DataChange> insert(Reader reader, QualifiedName table) throws Unexpected {
    while (!reader.done() && !reader.at("FROM")) {
      if (reader.at("VALUES")) {
        return Optional.of(new DataChange(Verb.INSERT, table, table, Reach.FEW));
      }
      reader.skipItem();
    }
    if (!reader.accept("FROM")) {
      return Optional.of(new DataChange(Verb.INSERT, table, table, Reach.FEW));
    }
    reader.accept("ONLY");
    boolean namesTable = reader.atIdentifier() && !reader.ahead(1, '(');
    if (!namesTable) { // (VALUES …), generate_series(…)
      return Optional.of(new DataChange(Verb.INSERT, table, table, Reach.FEW));
    }
    var source = reader.name();
    return Optional.of(new DataChange(Verb.INSERT, table, source, reach(reader)));
  }

  private static Reach reach(Reader reader) throws Unexpected {
    int from = reader.place();
    while (!reader.done()) {
      if (reader.at("LIMIT")) {
        return Reach.FEW;
      }
      reader.skipItem();
    }
    reader.back(from);
    while (!reader.done() && !reader.at("WHERE")) {
      reader.skipItem();
    }
    if (!reader.accept("WHERE")) {
      return Reach.ALL;
    }
    from = reader.place();
    boolean or = reader.parts("OR").size() > 1;
    reader.back(from);
    if (!or) {
      for (var condition : reader.parts("AND")) {
        if (equalsConstant(condition)) {
          return Reach.FEW;
        }
      }
    }
    return Reach.MANY;
  }

  private static boolean equalsConstant(Reader condition) throws Unexpected {
    if (!condition.atIdentifier() || condition.at("NOT")) {
      return false;
    }
    condition.name();
    if (condition.accept('=')) {
      return !condition.done() && isConstant(condition.rest().getFirst());
    }
    if (condition.accept("IN") && condition.at('(')) {
      for (var value : condition.parenthesised()) {
        if (value.done() || !isConstant(value.rest().getFirst())) {
          return false;
        }
      }
      return true;
    }
    return false;
  }

  private static boolean isConstant(Token token) {
    return switch (token.type()) {
      case STRING, ESCAPE_STRING, DOLLAR_STRING, NUMBER, PARAMETER -> true;
      default -> token.type() == TokenType.OPERATOR && token.is('-');
    };
  }
}
