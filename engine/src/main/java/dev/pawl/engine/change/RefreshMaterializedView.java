package dev.pawl.engine.change;

import dev.pawl.engine.sql.QualifiedName;

/**
 * REFRESH MATERIALIZED VIEW.
 *
 * @param withNoData it is emptied, and cannot be read until the next one
 */
public record RefreshMaterializedView(QualifiedName view, boolean concurrently, boolean withNoData)
    implements SchemaChange {

  @Override
  public String describe() {
    return "refresh materialized view " + view;
  }
}
