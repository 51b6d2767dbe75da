package dev.pawl.engine.change;

import dev.pawl.engine.sql.QualifiedName;

/** ALTER TABLE … DETACH PARTITION. */
public record DetachPartition(
    QualifiedName table, QualifiedName partition, boolean concurrently, boolean finalizing)
    implements SchemaChange {
  @Override
  public boolean transactional() {
    return !concurrently;
  }

  @Override
  public String describe() {
    return "detach partition " + partition + " from " + table;
  }
}
