package dev.pawl.engine.lint;

import dev.pawl.engine.change.AlterColumn;
import dev.pawl.engine.change.Reader;
import dev.pawl.engine.change.Reader.Unexpected;

/** ALTER COLUMN … TYPE … USING: whether it is the column itself, cast at most. */
final class UsingClause {
  private UsingClause() {}

  static boolean keepsValue(Subject subject, AlterColumn alter) {
    var reader = subject.reader();
    try {
      reader.accept("ALTER", "TABLE");
      reader.accept("IF", "EXISTS");
      reader.accept("ONLY");
      reader.name();
      for (var action : reader.parts()) {
        if (isAbout(action, alter.column())) {
          while (!action.done() && !action.at("USING")) {
            action.skipItem();
          }
          return !action.accept("USING") || isColumn(action, alter.column());
        }
      }
      return true;
    } catch (Unexpected e) {
      return false;
    }
  }

  private static boolean isAbout(Reader action, String column) throws Unexpected {
    int from = action.place();
    boolean alters = action.accept("ALTER");
    action.accept("COLUMN");
    boolean about =
        alters
            && action.atIdentifier()
            && action.identifier().equals(column)
            && (action.at("TYPE") || action.at("SET"));
    action.back(from);
    return about;
  }

  /** column, column::type or CAST(column AS type). */
  private static boolean isColumn(Reader using, String column) throws Unexpected {
    if (using.accept("CAST") && using.at('(')) {
      return isColumn(using.parenthesised().getFirst(), column);
    }
    if (using.at('(')) {
      var inner = using.parenthesised();
      return inner.size() == 1 && isColumn(inner.getFirst(), column) && castOrEnd(using);
    }
    return using.atIdentifier() && using.identifier().equals(column) && castOrEnd(using);
  }

  private static boolean castOrEnd(Reader rest) {
    return rest.done() || rest.at("AS") || rest.rest().getFirst().text().equals("::");
  }
}
