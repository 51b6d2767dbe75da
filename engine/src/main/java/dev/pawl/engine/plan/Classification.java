package dev.pawl.engine.plan;

import dev.pawl.engine.change.Classifier;
import dev.pawl.engine.change.SchemaChange;
import dev.pawl.engine.change.Unclassified;
import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.Statement;
import java.util.List;

/** What the planner asks the classifier through: a defect in it refuses one statement, no more. */
class Classification {
  final DatabaseKind kind;

  Classification(DatabaseKind kind) {
    this.kind = kind;
  }

  final List<SchemaChange> of(Statement statement) {
    try {
      return classify(statement);
    } catch (RuntimeException | StackOverflowError e) {
      return List.of(
          new Unclassified(
              "Pawl failed to read it ("
                  + e.getClass().getSimpleName()
                  + "), which is a defect of Pawl's: please report it"));
    }
  }

  /** Overridden only by tests. */
  List<SchemaChange> classify(Statement statement) {
    return Classifier.classify(statement, kind);
  }
}
