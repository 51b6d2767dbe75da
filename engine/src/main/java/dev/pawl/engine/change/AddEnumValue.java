package dev.pawl.engine.change;

import dev.pawl.engine.sql.QualifiedName;

/** ALTER TYPE … ADD VALUE. */
public record AddEnumValue(QualifiedName type, String label, boolean ifNotExists)
    implements SchemaChange {

  @Override
  public String describe() {
    return "add value to type " + type;
  }
}
