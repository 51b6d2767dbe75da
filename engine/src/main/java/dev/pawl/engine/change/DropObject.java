package dev.pawl.engine.change;

import dev.pawl.engine.sql.QualifiedName;
import java.util.List;
import java.util.Locale;

/**
 * DROP of what is neither a table, an index, a column nor a constraint.
 *
 * @param kind in capitals as the statement says it: VIEW, SEQUENCE, TYPE, SCHEMA, …
 * @param names empty where they are not plain names (functions with arguments)
 */
public record DropObject(String kind, List<QualifiedName> names, boolean ifExists, boolean cascade)
    implements SchemaChange {
  @Override
  public boolean transactional() {
    return !List.of("DATABASE", "TABLESPACE", "SUBSCRIPTION").contains(kind);
  }

  @Override
  public String describe() {
    return "drop "
        + kind.toLowerCase(Locale.ROOT)
        + " "
        + String.join(", ", names.stream().map(QualifiedName::toString).toList());
  }
}
