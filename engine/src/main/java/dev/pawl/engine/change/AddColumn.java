package dev.pawl.engine.change;

import dev.pawl.engine.sql.QualifiedName;

/**
 * ALTER TABLE … ADD COLUMN.
 *
 * @param type the type as written, without constraints
 * @param definition its type, collation, default and so on as written, without the constraints that
 *     are changes of their own and without names: what a definition is compared by
 */
public record AddColumn(
    QualifiedName table,
    String column,
    String type,
    boolean notNull,
    boolean hasDefault,
    String definition,
    boolean ifNotExists)
    implements SchemaChange {

  @Override
  public String describe() {
    return "add column " + table + "." + column;
  }
}
