package dev.pawl.engine.lint;

import dev.pawl.engine.change.Classifier;
import dev.pawl.engine.change.Reader;
import dev.pawl.engine.change.Reader.Unexpected;
import dev.pawl.engine.plan.Version;
import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.QualifiedName;
import dev.pawl.engine.sql.Splitter;

/** Learns a table's columns and constraints from its CREATE TABLE; stops at what it cannot read. */
final class TableBody {
  private final History history;
  private final Table table;
  private final Version version;

  TableBody(History history, Table table, Version version) {
    this.history = history;
    this.table = table;
    this.version = version;
  }

  void read(Reader reader) {
    try {
      while (!reader.done() && !reader.accept("TABLE")) {
        reader.skip();
      }
      reader.accept("IF", "NOT", "EXISTS");
      reader.name();
      if (reader.accept("PARTITION", "OF")) {
        copy(reader.name());
      } else if (reader.at('(')) {
        for (var part : reader.parenthesised()) {
          part(part);
        }
      }
      while (!reader.done()) {
        if (reader.accept("INHERITS")) {
          for (var parent : reader.parenthesised()) {
            copy(parent.name());
          }
        } else if (reader.accept("PARTITION", "BY")) {
          table.partitioned = true;
        } else {
          reader.skipItem();
        }
      }
    } catch (Unexpected e) {
      // Then so much is not known of the table.
    }
  }

  private void part(Reader part) throws Unexpected {
    if (part.accept("LIKE")) {
      copy(part.name());
      return;
    }
    int from = part.place();
    boolean unique = cockroach() && part.accept("UNIQUE");
    if (cockroach() && part.accept("INDEX")) {
      index(part, unique);
      return;
    }
    part.back(from);
    // What stands in the parentheses means what it would mean after ADD.
    var alter = "ALTER TABLE t ADD " + part.textToEnd();
    for (var statement : Splitter.split(alter, history.kind)) {
      for (var change : Classifier.classify(statement, history.kind)) {
        history.apply(change, table, version);
      }
    }
  }

  private void index(Reader part, boolean unique) throws Unexpected {
    if (!part.at('(')) {
      var name = part.identifier();
      table.indexes.put(name, new Table.Index(part.columns(), unique));
    }
  }

  private boolean cockroach() {
    return history.kind == DatabaseKind.COCKROACHDB;
  }

  private void copy(QualifiedName other) {
    history.find(other).ifPresent(parent -> table.copyColumns(parent, version));
  }
}
