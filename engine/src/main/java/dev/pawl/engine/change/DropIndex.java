package dev.pawl.engine.change;

import dev.pawl.engine.sql.QualifiedName;
import java.util.List;
import java.util.Optional;

/**
 * DROP INDEX.
 *
 * @param table where CockroachDB's table@index names it
 */
public record DropIndex(
    List<QualifiedName> indexes,
    Optional<QualifiedName> table,
    boolean concurrently,
    boolean ifExists,
    boolean cascade)
    implements SchemaChange {
  @Override
  public boolean transactional() {
    return !concurrently;
  }

  @Override
  public String describe() {
    return "drop index "
        + String.join(", ", indexes.stream().map(QualifiedName::toString).toList());
  }
}
