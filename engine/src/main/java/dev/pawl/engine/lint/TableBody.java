package dev.pawl.engine.lint;

import dev.pawl.engine.change.CreateIndex;
import dev.pawl.engine.change.CreateTable;
import dev.pawl.engine.change.Reader;
import dev.pawl.engine.change.Reader.Unexpected;
import dev.pawl.engine.plan.Version;
import dev.pawl.engine.sql.QualifiedName;

/** Learns what a table consists of from its CREATE TABLE, as far as the source tells. */
final class TableBody {
  private final History history;
  private final Table table;
  private final Version version;

  TableBody(History history, Table table, Version version) {
    this.history = history;
    this.table = table;
    this.version = version;
  }

  void read(CreateTable create, Reader text) {
    create.partitionOf().ifPresent(this::copy);
    elsewhere(text);
    create.parts().forEach(part -> history.apply(part, table, version));
    // CockroachDB: a UNIQUE INDEX made here is dropped as a constraint is.
    create.indexes().stream()
        .filter(CreateIndex::unique)
        .flatMap(index -> index.name().stream())
        .forEach(name -> table.indexes.computeIfPresent(name, (n, i) -> i.ofConstraint()));
  }

  /** LIKE, INHERITS and PARTITION BY, which the record does not tell. */
  private void elsewhere(Reader reader) {
    try {
      while (!reader.done() && !reader.accept("TABLE")) {
        reader.skip();
      }
      reader.accept("IF", "NOT", "EXISTS");
      reader.name();
      if (reader.at('(')) {
        for (var part : reader.parenthesised()) {
          if (part.accept("LIKE")) {
            copy(part.name());
          }
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

  private void copy(QualifiedName other) {
    history.find(other).ifPresent(parent -> table.copyColumns(parent, version));
  }
}
