package dev.pawl.engine.change;

import dev.pawl.engine.sql.QualifiedName;

/**
 * ALTER TABLE … ADD COLUMN.
 *
 * @param type the type as written, without constraints
 */
public record AddColumn(
    QualifiedName table,
    String column,
    String type,
    boolean notNull,
    boolean hasDefault,
    boolean ifNotExists)
    implements SchemaChange {

  @Override
  public String describe() {
    return "add column " + table + "." + column;
  }
}
