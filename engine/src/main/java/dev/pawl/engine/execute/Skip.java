package dev.pawl.engine.execute;

import dev.pawl.engine.change.AddColumn;
import dev.pawl.engine.change.AddConstraint;
import dev.pawl.engine.change.AddEnumValue;
import dev.pawl.engine.change.Classifier;
import dev.pawl.engine.change.CreateIndex;
import dev.pawl.engine.change.CreateMaterializedView;
import dev.pawl.engine.change.CreateObject;
import dev.pawl.engine.change.CreateTable;
import dev.pawl.engine.change.CreateType;
import dev.pawl.engine.change.OtherDdl;
import dev.pawl.engine.change.SchemaChange;
import dev.pawl.engine.change.SessionSetting;
import dev.pawl.engine.plan.Step;
import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.Splitter;
import dev.pawl.engine.sql.Statement;
import dev.pawl.engine.sql.Token;
import dev.pawl.engine.verify.Facts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What an IF NOT EXISTS of a step in a transaction may have passed over.
 *
 * @param change what it would have made
 * @param settings of the session in which its names mean what they meant to the statement
 */
record Skip(SchemaChange change, List<String> settings) {
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

  /** Those that nothing later in the step supersedes; none of what ends with its session. */
  static List<Skip> of(Step step, DatabaseKind kind) {
    var lasting = new ArrayList<>(Facts.lasting(step.changes()));
    var settings = new ArrayList<>(step.prologue());
    var skips = new ArrayList<Skip>();
    for (var statement : Splitter.split(step.sql(), kind)) {
      var changes = Classifier.classify(statement, kind);
      searchPath(statement, changes).ifPresent(settings::add);
      boolean temporary = changes.size() > 1 && changes.getLast() instanceof SessionSetting;
      for (var change : changes) {
        var still = lasting.stream().filter(l -> same(l, change)).findFirst();
        still.ifPresent(lasting::remove);
        if (possible(change) && !temporary) {
          still.ifPresent(c -> skips.add(new Skip(c, List.copyOf(settings))));
        }
      }
    }
    return skips;
  }

  /** Of a table, {@link Facts#lasting} keeps the parts that are as they were. */
  private static boolean same(SchemaChange lasting, SchemaChange change) {
    return lasting.equals(change)
        || lasting instanceof CreateTable a
            && change instanceof CreateTable b
            && a.table().equals(b.table());
  }

  /** The statement with which a session gets the search path that this one gives. */
  private static Optional<String> searchPath(Statement statement, List<SchemaChange> changes) {
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
