package dev.pawl.engine.change;

import dev.pawl.engine.sql.QualifiedName;

/** REFRESH MATERIALIZED VIEW. */
public record RefreshMaterializedView(QualifiedName view, boolean concurrently)
    implements SchemaChange {

  @Override
  public String describe() {
    return "refresh materialized view " + view;
  }
}
