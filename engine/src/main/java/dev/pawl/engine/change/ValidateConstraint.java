package dev.pawl.engine.change;

import dev.pawl.engine.sql.QualifiedName;

/** ALTER TABLE … VALIDATE CONSTRAINT. */
public record ValidateConstraint(QualifiedName table, String name) implements SchemaChange {

  @Override
  public String describe() {
    return "validate constraint " + name + " on " + table;
  }
}
