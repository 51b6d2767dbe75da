package dev.pawl.engine.change;

import dev.pawl.engine.sql.QualifiedName;
import java.util.Optional;

/**
 * ALTER TABLE … ALTER COLUMN.
 *
 * @param detail the new type or default as written, where there is one
 */
public record AlterColumn(
    QualifiedName table, String column, Action action, Optional<String> detail)
    implements SchemaChange {
  public AlterColumn {
    if (action == Action.SET_TYPE && detail.isEmpty()) {
      throw new IllegalArgumentException("SET_TYPE needs the new type as its detail");
    }
  }

  /** What is done to the column. */
  public enum Action {
    SET_NOT_NULL,
    DROP_NOT_NULL,
    SET_TYPE,
    SET_DEFAULT,
    DROP_DEFAULT,
    OTHER
  }

  @Override
  public String describe() {
    return "alter column " + table + "." + column;
  }
}
