package dev.pawl.engine.change;

import dev.pawl.engine.sql.QualifiedName;
import java.util.Locale;
import java.util.Optional;

/**
 * ALTER … RENAME.
 *
 * @param kind what gets another name, as the statement says it: PostgreSQL's ALTER TABLE renames
 *     views, sequences and indexes too
 * @param in the table or type that it is part of: always there of a column, a constraint and an
 *     enum's label; of an index where CockroachDB's table@index names it
 * @param from its name until then; of what is always part of something, that name alone
 * @param to its name from then on
 * @param ifExists of what is renamed, or of the table it is part of
 */
public record Rename(
    Kind kind, Optional<QualifiedName> in, QualifiedName from, String to, boolean ifExists)
    implements SchemaChange {
  public Rename {
    boolean part = kind == Kind.COLUMN || kind == Kind.CONSTRAINT || kind == Kind.LABEL;
    if (part && in.isEmpty()) {
      throw new IllegalArgumentException("a " + kind + " is renamed \"in\" something");
    }
  }

  /** What is renamed. */
  public enum Kind {
    TABLE,
    INDEX,
    VIEW,
    MATERIALIZED_VIEW,
    SEQUENCE,
    FOREIGN_TABLE,
    TYPE,
    SCHEMA,
    COLUMN,
    CONSTRAINT,
    LABEL;

    /** For a person: "materialized view". */
    String words() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  @Override
  public String describe() {
    return "rename "
        + kind.words()
        + " "
        + in.map(table -> table + ".").orElse("")
        + from
        + " to "
        + to;
  }
}
