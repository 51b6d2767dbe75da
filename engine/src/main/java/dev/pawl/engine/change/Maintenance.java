package dev.pawl.engine.change;

import java.util.Locale;

/**
 * What leaves nothing in the catalog that could be observed; after a lost connection it is run
 * again.
 *
 * @param keyword VACUUM, ANALYZE or CLUSTER
 */
public record Maintenance(String keyword) implements SchemaChange {
  @Override
  public boolean transactional() {
    return keyword.equals("ANALYZE");
  }

  @Override
  public String describe() {
    return keyword.toLowerCase(Locale.ROOT);
  }
}
