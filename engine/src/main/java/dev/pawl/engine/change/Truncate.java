package dev.pawl.engine.change;

import dev.pawl.engine.sql.QualifiedName;
import java.util.List;

/** TRUNCATE. */
public record Truncate(List<QualifiedName> tables) implements SchemaChange {

  @Override
  public String describe() {
    return "truncate " + String.join(", ", tables.stream().map(QualifiedName::toString).toList());
  }
}
