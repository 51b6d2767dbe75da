package dev.pawl.engine.change;

import dev.pawl.engine.sql.QualifiedName;

/**
 * CREATE MATERIALIZED VIEW.
 *
 * @param body the names of its columns, where written, and its query from AS on: what a definition
 *     is compared by
 */
public record CreateMaterializedView(
    QualifiedName view, boolean ifNotExists, boolean withNoData, String body)
    implements SchemaChange {

  @Override
  public String describe() {
    return "create materialized view " + view;
  }
}
