package dev.pawl.engine.change;

import dev.pawl.engine.sql.QualifiedName;

/** CREATE MATERIALIZED VIEW. */
public record CreateMaterializedView(QualifiedName view, boolean ifNotExists, boolean withNoData)
    implements SchemaChange {

  @Override
  public String describe() {
    return "create materialized view " + view;
  }
}
