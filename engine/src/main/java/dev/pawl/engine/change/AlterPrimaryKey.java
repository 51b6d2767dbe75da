package dev.pawl.engine.change;

import dev.pawl.engine.sql.QualifiedName;
import java.util.List;

/** CockroachDB: ALTER TABLE … ALTER PRIMARY KEY USING COLUMNS (…). */
public record AlterPrimaryKey(QualifiedName table, List<String> columns) implements SchemaChange {

  @Override
  public String describe() {
    return "alter primary key of " + table;
  }
}
