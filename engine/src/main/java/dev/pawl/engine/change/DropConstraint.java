package dev.pawl.engine.change;

import dev.pawl.engine.sql.QualifiedName;

/** ALTER TABLE … DROP CONSTRAINT. */
public record DropConstraint(QualifiedName table, String name, boolean ifExists, boolean cascade)
    implements SchemaChange {

  @Override
  public String describe() {
    return "drop constraint " + name + " on " + table;
  }
}
