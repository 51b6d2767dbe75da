package dev.pawl.engine.execute;

import dev.pawl.engine.change.AddColumn;
import dev.pawl.engine.change.AddConstraint;
import dev.pawl.engine.change.AddEnumValue;
import dev.pawl.engine.change.CreateIndex;
import dev.pawl.engine.change.CreateMaterializedView;
import dev.pawl.engine.change.CreateObject;
import dev.pawl.engine.change.CreateTable;
import dev.pawl.engine.change.CreateType;
import dev.pawl.engine.change.OtherDdl;
import dev.pawl.engine.change.SchemaChange;
import dev.pawl.engine.change.SessionSetting;
import dev.pawl.engine.sql.Statement;
import dev.pawl.engine.sql.Token;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What an IF NOT EXISTS of a step in a transaction may have passed over.
 *
 * @param change what it would have made
 * @param settings of the session in which its names mean what they meant to the statement
 * @param line of its statement in the author's file
 */
record Skip(SchemaChange change, List<String> settings, int line) {
  private static final String SEARCH_PATH = "search_path";

  static boolean possible(SchemaChange change) {
    return switch (change) {
      case CreateObject c -> c.ifNotExists();
      case CreateTable c -> c.ifNotExists();
      case AddColumn c -> c.ifNotExists();
      case CreateIndex c -> c.ifNotExists();
      case AddConstraint c -> c.ifNotExists();
      case CreateType c -> c.ifNotExists();
      case AddEnumValue c -> c.ifNotExists();
      case CreateMaterializedView c -> c.ifNotExists();
      default -> false;
    };
  }

  /** The statement with which a session gets the search path that this one gives. */
  static Optional<String> searchPath(Statement statement, List<SchemaChange> changes) {
    var text = statement.text();
    if (changes.getFirst() instanceof SessionSetting(var name) && changes.size() == 1) {
      return Optional.of(text).filter(_ -> name.equals(SEARCH_PATH) || name.equals("all"));
    }
    var words = statement.tokens().stream().filter(t -> t.type().grammatical()).toList();
    if (changes.getFirst() instanceof OtherDdl other && other.keywords().equals("SET LOCAL")) {
      var rest = text.substring(words.get(1).end() - words.getFirst().start());
      return words.get(2).is("SEARCH_PATH")
              || words.get(2).is("SCHEMA")
              || words.get(2).text().equals("\"search_path\"")
          ? Optional.of("SET" + rest)
          : Optional.empty();
    }
    boolean configured = words.stream().anyMatch(t -> t.is("SET_CONFIG"));
    return configured && text.toLowerCase(Locale.ROOT).contains(SEARCH_PATH)
        ? Optional.of(lasting(statement))
        : Optional.empty();
  }

  /** With false for true: set_config(…, true) ends with its transaction. */
  private static String lasting(Statement statement) {
    var text = new StringBuilder();
    int from = statement.start();
    for (Token token : statement.tokens()) {
      if (token.is("TRUE")) {
        text.append(statement.source(), from, token.start()).append("false");
        from = token.end();
      }
    }
    return text.append(statement.source(), from, statement.end()).toString();
  }
}
