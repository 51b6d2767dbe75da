package dev.pawl.engine.change;

import dev.pawl.engine.sql.QualifiedName;

/** ALTER TABLE … DROP COLUMN. */
public record DropColumn(QualifiedName table, String column, boolean ifExists, boolean cascade)
    implements SchemaChange {

  @Override
  public String describe() {
    return "drop column " + table + "." + column;
  }
}
