package dev.pawl.engine.change;

import dev.pawl.engine.sql.QualifiedName;

/**
 * ALTER … SET SCHEMA, of a relation or a type.
 *
 * @param kind of what is moved, as the statement says it
 * @param object its name until then
 * @param schema where it lives from then on
 */
public record SetSchema(Rename.Kind kind, QualifiedName object, String schema, boolean ifExists)
    implements SchemaChange {

  @Override
  public String describe() {
    return "move " + kind.words() + " " + object + " to schema " + schema;
  }
}
