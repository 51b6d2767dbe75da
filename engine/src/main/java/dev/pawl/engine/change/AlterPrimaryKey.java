package dev.pawl.engine.change;

import dev.pawl.engine.sql.QualifiedName;
import java.util.List;
import java.util.Optional;

/**
 * CockroachDB: ALTER TABLE … ALTER PRIMARY KEY USING COLUMNS (…).
 *
 * @param keys with their direction
 * @param sharded USING HASH
 * @param options what follows, as written: the number of buckets
 */
public record AlterPrimaryKey(
    QualifiedName table, List<CreateIndex.IndexKey> keys, boolean sharded, Optional<String> options)
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
