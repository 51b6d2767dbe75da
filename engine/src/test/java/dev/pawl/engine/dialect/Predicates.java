package dev.pawl.engine.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.change.Classifier;
import dev.pawl.engine.change.SchemaChange;
import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.Splitter;
import dev.pawl.engine.testing.TestDatabase;
import dev.pawl.engine.verify.VerifyQuery;
import java.sql.SQLException;

/** Asks a database for the predicates of a statement's changes. */
final class Predicates {
  private final TestDatabase db;

  Predicates(TestDatabase db) {
    this.db = db;
  }

  static String of(String sql) {
    return PostgresPredicates.of(change(sql)).orElseThrow();
  }

  /** What the first action of a statement does. */
  static SchemaChange change(String sql) {
    var statements = Splitter.split(sql, DatabaseKind.POSTGRESQL);
    return Classifier.classify(statements.getFirst(), DatabaseKind.POSTGRESQL).getFirst();
  }

  /** Whether the predicate of a statement's first action says that it has finished. */
  boolean says(String statement) throws SQLException {
    try (var connection = db.connect()) {
      return VerifyQuery.ask(connection, of(statement)).verified();
    }
  }

  /** False before the statement, true after it. */
  void becomeTrueBy(String statement) throws SQLException {
    assertThat(says(statement)).as("before " + statement).isFalse();
    db.execute(statement);
    assertThat(says(statement)).as("after " + statement).isTrue();
  }

  /** Other statements that this database does not show as finished. */
  void areFalseFor(String... statements) throws SQLException {
    for (var statement : statements) {
      assertThat(says(statement)).as(statement).isFalse();
    }
  }

  void areTrueFor(String... statements) throws SQLException {
    for (var statement : statements) {
      assertThat(says(statement)).as(statement).isTrue();
    }
  }
}
