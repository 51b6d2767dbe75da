package dev.pawl.engine.change;

import dev.pawl.engine.sql.QualifiedName;
import java.util.Optional;

/** REINDEX. */
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
