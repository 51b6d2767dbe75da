package dev.pawl.engine.change;

import dev.pawl.engine.sql.QualifiedName;
import java.util.List;
import java.util.Optional;

/**
 * ALTER TABLE … ADD CONSTRAINT, or a constraint among the columns of CREATE TABLE or behind one.
 *
 * @param name empty where the server makes one up
 * @param columns of the table, where the kind has any
 * @param references the table that a foreign key refers to
 * @param referencedColumns those that a foreign key names; empty where the primary key is meant
 * @param usingIndex the index that becomes the constraint, and takes its name
 * @param nullsNotDistinct UNIQUE NULLS NOT DISTINCT
 * @param withoutIndex CockroachDB's UNIQUE WITHOUT INDEX
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
    List<String> referencedColumns,
    Optional<String> usingIndex,
    boolean nullsNotDistinct,
    boolean withoutIndex,
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
