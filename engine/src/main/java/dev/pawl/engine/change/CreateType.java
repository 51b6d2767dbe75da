package dev.pawl.engine.change;

import dev.pawl.engine.sql.QualifiedName;
import java.util.List;

/**
 * CREATE TYPE.
 *
 * @param labels of an enum; empty for other types
 * @param body everything after the name, as written: what a definition is compared by
 */
public record CreateType(QualifiedName type, List<String> labels, String body, boolean ifNotExists)
    implements SchemaChange {

  @Override
  public String describe() {
    return "create type " + type;
  }
}
