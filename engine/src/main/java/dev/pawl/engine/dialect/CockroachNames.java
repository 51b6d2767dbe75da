package dev.pawl.engine.dialect;

import dev.pawl.engine.change.AddColumn;
import dev.pawl.engine.change.AddConstraint;
import dev.pawl.engine.change.AddEnumValue;
import dev.pawl.engine.change.AlterColumn;
import dev.pawl.engine.change.AlterPrimaryKey;
import dev.pawl.engine.change.CreateIndex;
import dev.pawl.engine.change.CreateMaterializedView;
import dev.pawl.engine.change.CreateObject;
import dev.pawl.engine.change.CreateTable;
import dev.pawl.engine.change.CreateType;
import dev.pawl.engine.change.DropColumn;
import dev.pawl.engine.change.DropConstraint;
import dev.pawl.engine.change.DropIndex;
import dev.pawl.engine.change.DropObject;
import dev.pawl.engine.change.DropTable;
import dev.pawl.engine.change.RefreshMaterializedView;
import dev.pawl.engine.change.Rename;
import dev.pawl.engine.change.SchemaChange;
import dev.pawl.engine.change.SetSchema;
import dev.pawl.engine.change.Truncate;
import dev.pawl.engine.change.ValidateConstraint;
import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.Lexer;
import dev.pawl.engine.sql.Literals;
import dev.pawl.engine.sql.QualifiedName;
import dev.pawl.engine.sql.Token;
import dev.pawl.engine.sql.TokenType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Which jobs concern a change: the names in a job's description beside the names of the change, as
 * tokens. What cannot be told concerns it: that is late at worst, never early.
 */
final class CockroachNames {
  private static final String PUBLIC = "public";

  private CockroachNames() {}

  /** What a change is about; empty where it is about nothing that has a name, or about all. */
  static List<QualifiedName> of(SchemaChange change) {
    return switch (change) {
      case CreateIndex c -> List.of(c.table());
      case DropIndex c -> c.table().map(List::of).orElse(c.indexes());
      case AddConstraint c -> List.of(c.table());
      case ValidateConstraint c -> List.of(c.table());
      case DropConstraint c -> List.of(c.table());
      case AlterPrimaryKey c -> List.of(c.table());
      case CreateTable c -> List.of(c.table());
      case CreateMaterializedView c -> List.of(c.view());
      case RefreshMaterializedView c -> List.of(c.view());
      case Truncate c -> c.tables();
      case DropTable c -> c.tables();
      case AddColumn c -> List.of(c.table());
      case DropColumn c -> List.of(c.table());
      case AlterColumn c -> List.of(c.table());
      case CreateType c -> List.of(c.type());
      case AddEnumValue c -> List.of(c.type());
      case DropObject c -> c.names();
      case CreateObject c -> List.of(c.name());
      case Rename c -> CockroachRenames.names(c);
      case SetSchema c -> CockroachRenames.names(c);
      default -> List.of();
    };
  }

  /**
   * Whether a job's description may be about one of these.
   *
   * @param database the session's, where names without one are looked up
   */
  static boolean concerns(String description, List<QualifiedName> names, String database) {
    if (names.isEmpty() || unclear(description)) {
      return true;
    }
    for (var found : namesIn(description)) {
      for (var name : names) {
        if (maybeSame(found, name, database)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Shortened (since 24.1 to 60 characters, an ellipsis, and 7), empty, or cut in a string. */
  static boolean unclear(String description) {
    return description == null
        || description.isBlank()
        || description.contains("…")
        || description.contains("...")
        || lex(description).stream().anyMatch(t -> t.type() == TokenType.UNTERMINATED);
  }

  private static List<Token> lex(String text) {
    return Lexer.lex(text, DatabaseKind.COCKROACHDB);
  }

  /** Every path of identifiers; those in strings too, for a job may quote another's statement. */
  private static List<List<String>> namesIn(String text) {
    var all = new ArrayList<List<String>>();
    var path = new ArrayList<String>();
    boolean dot = false;
    for (var token : lex(text)) {
      switch (token.type()) {
        case WORD, QUOTED_IDENTIFIER -> {
          if (!dot && !path.isEmpty()) {
            all.add(List.copyOf(path));
            path.clear();
          }
          var name =
              Literals.identifier(token, '\\', DatabaseKind.COCKROACHDB).orElseGet(token::text);
          path.add(name.toLowerCase(Locale.ROOT));
          if (name.contains(".")) {
            // CREATE VIEW "database.schema.view" AS "…" (pkg/sql/create_view.go)
            all.addAll(namesIn(name));
          }
          dot = false;
        }
        case STRING, ESCAPE_STRING -> {
          all.addAll(namesIn(Literals.string(token).orElse("")));
          dot = false;
        }
        default -> dot = token.is('.') && !path.isEmpty();
      }
    }
    if (!path.isEmpty()) {
      all.add(List.copyOf(path));
    }
    return all;
  }

  /**
   * Descriptions name tables as database.schema.table; where they or the author say less, what is
   * not said may be anything, and of two parts the first may be a schema or a database.
   */
  private static boolean maybeSame(List<String> found, QualifiedName name, String database) {
    var wanted = name.parts().stream().map(p -> p.toLowerCase(Locale.ROOT)).toList();
    var current = database.toLowerCase(Locale.ROOT);
    if (!found.getLast().equals(wanted.getLast())) {
      // What a schema's own job does to the objects in it.
      return found.size() == 3
          && wanted.size() == 1
          && found.get(1).equals(wanted.getFirst())
          && found.getFirst().equals(current);
    }
    if (found.size() != 3) {
      return true;
    }
    return switch (wanted.size()) {
      case 1 -> found.getFirst().equals(current);
      case 2 ->
          found.getFirst().equals(current) && found.get(1).equals(wanted.getFirst())
              || found.getFirst().equals(wanted.getFirst()) && found.get(1).equals(PUBLIC);
      default -> found.equals(wanted);
    };
  }
}
