package dev.pawl.engine.change;

import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.Splitter;
import java.util.List;

/** Classifies the one statement of a text. */
final class Classified {
  private Classified() {}

  static List<SchemaChange> all(DatabaseKind kind, String sql) {
    var statements = Splitter.split(sql, kind);
    if (statements.size() != 1) {
      throw new AssertionError(statements.size() + " statements in " + sql);
    }
    return Classifier.classify(statements.getFirst(), kind);
  }

  private static SchemaChange one(DatabaseKind kind, String sql) {
    var changes = all(kind, sql);
    if (changes.size() != 1) {
      throw new AssertionError("not one change: " + changes);
    }
    return changes.getFirst();
  }

  static SchemaChange postgresql(String sql) {
    return one(DatabaseKind.POSTGRESQL, sql);
  }

  static SchemaChange cockroachdb(String sql) {
    return one(DatabaseKind.COCKROACHDB, sql);
  }
}
