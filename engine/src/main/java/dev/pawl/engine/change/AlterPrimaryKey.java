package dev.pawl.engine.change;

import dev.pawl.engine.sql.QualifiedName;
import java.util.List;

/**
 * CockroachDB: ALTER TABLE … ALTER PRIMARY KEY USING COLUMNS (…).
 *
 * @param keys with their direction
 * @param sharded USING HASH
 */
public record AlterPrimaryKey(QualifiedName table, List<CreateIndex.IndexKey> keys, boolean sharded)
    implements SchemaChange {

  public AlterPrimaryKey {
    keys = List.copyOf(keys);
  }

  /** The names of the key's columns. */
  public List<String> columns() {
    return keys.stream().flatMap(key -> key.column().stream()).toList();
  }

  @Override
  public String describe() {
    return "alter primary key of " + table;
  }
}
