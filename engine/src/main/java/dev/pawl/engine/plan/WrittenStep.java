package dev.pawl.engine.plan;

import dev.pawl.engine.change.SchemaChange;
import dev.pawl.engine.sql.Statement;
import java.util.List;

/**
 * A step with the statements it was made of, for whoever judges how they are written.
 *
 * @param settings the session settings that stand between it and the step before
 */
public record WrittenStep(Step step, List<Statement> settings, List<Written> statements) {
  /** A statement with what it does. */
  public record Written(Statement statement, List<SchemaChange> changes) {}
}
