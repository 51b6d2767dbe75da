package dev.pawl.engine.change;

import dev.pawl.engine.sql.QualifiedName;
import java.util.Optional;

/**
 * REINDEX. Of a partitioned table or index it cannot run in a transaction, which its text does not
 * tell: the server then refuses it (25001) and nothing has happened; CONCURRENTLY is the way out.
 */
public record Reindex(Kind kind, Optional<QualifiedName> target, boolean concurrently)
    implements SchemaChange {
  /** What is rebuilt. */
  public enum Kind {
    INDEX,
    TABLE,
    SCHEMA,
    DATABASE,
    SYSTEM
  }

  @Override
  public boolean transactional() {
    return !concurrently && (kind == Kind.INDEX || kind == Kind.TABLE);
  }

  @Override
  public String describe() {
    return "reindex " + target.map(QualifiedName::toString).orElse("database");
  }
}
