package dev.pawl.engine.change;

import dev.pawl.engine.sql.QualifiedName;
import java.util.List;
import java.util.Optional;

/**
 * ALTER TABLE … ADD CONSTRAINT.
 *
 * @param name empty where the server makes one up
 * @param columns of the table, where the kind has any
 * @param references the table that a foreign key refers to
 * @param usingIndex the index that becomes the constraint, and takes its name
 * @param body its definition as written for a table, from its kind on; of a foreign key only what
 *     follows the table it refers to: what a definition is compared by
 */
public record AddConstraint(
    QualifiedName table,
    Optional<String> name,
    Kind kind,
    List<String> columns,
    boolean notValid,
    boolean notEnforced,
    Optional<QualifiedName> references,
    Optional<String> usingIndex,
    String body,
    boolean ifNotExists)
    implements SchemaChange {
  /** The kind of constraint. */
  public enum Kind {
    CHECK,
    FOREIGN_KEY,
    UNIQUE,
    PRIMARY_KEY,
    EXCLUDE,
    NOT_NULL
  }

  @Override
  public String describe() {
    return "add constraint " + name.orElse("(unnamed)") + " on " + table;
  }
}
