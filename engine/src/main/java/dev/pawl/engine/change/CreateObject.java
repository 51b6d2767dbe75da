package dev.pawl.engine.change;

import dev.pawl.engine.sql.QualifiedName;
import java.util.Locale;

/**
 * CREATE of what is known by its name alone. (CREATE OR REPLACE, after which the name tells
 * nothing, is {@link OtherDdl}.)
 *
 * @param kind in capitals as the statement says it: SEQUENCE, VIEW, SCHEMA or FOREIGN TABLE
 */
public record CreateObject(String kind, QualifiedName name, boolean ifNotExists)
    implements SchemaChange {

  @Override
  public String describe() {
    return "create " + kind.toLowerCase(Locale.ROOT) + " " + name;
  }
}
