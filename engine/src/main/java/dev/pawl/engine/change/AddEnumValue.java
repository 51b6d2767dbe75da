package dev.pawl.engine.change;

import dev.pawl.engine.sql.QualifiedName;
import java.util.Optional;

/**
 * ALTER TYPE … ADD VALUE.
 *
 * @param before the label that it is to stand before, where one is named
 * @param after the label that it is to stand after, where one is named
 */
public record AddEnumValue(
    QualifiedName type,
    String label,
    Optional<String> before,
    Optional<String> after,
    boolean ifNotExists)
    implements SchemaChange {

  @Override
  public String describe() {
    return "add value to type " + type;
  }
}
