package dev.pawl.engine.change;

import java.util.Locale;

/**
 * Data, not schema: INSERT, UPDATE, DELETE, MERGE, SELECT, WITH, COPY, ….
 *
 * @param keyword the leading keyword in capitals
 */
public record Dml(String keyword) implements SchemaChange {

  @Override
  public String describe() {
    return keyword.toLowerCase(Locale.ROOT);
  }
}
