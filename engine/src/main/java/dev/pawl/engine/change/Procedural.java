package dev.pawl.engine.change;

import java.util.Locale;

/**
 * DO or CALL, whose body may commit.
 *
 * @param maySplitTransaction the body says COMMIT or ROLLBACK, or cannot be seen (CALL)
 */
public record Procedural(String keyword, boolean maySplitTransaction) implements SchemaChange {
  @Override
  public boolean transactional() {
    return !maySplitTransaction;
  }

  @Override
  public String describe() {
    return keyword.toLowerCase(Locale.ROOT);
  }
}
