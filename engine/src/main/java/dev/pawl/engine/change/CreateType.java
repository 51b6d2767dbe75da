package dev.pawl.engine.change;

import dev.pawl.engine.sql.QualifiedName;
import java.util.List;

/**
 * CREATE TYPE.
 *
 * @param labels of an enum; empty for other types
 */
public record CreateType(QualifiedName type, List<String> labels, boolean ifNotExists)
    implements SchemaChange {

  @Override
  public String describe() {
    return "create type " + type;
  }
}
