package dev.pawl.engine.change;

import dev.pawl.engine.sql.QualifiedName;
import java.util.List;

/** DROP TABLE. */
public record DropTable(List<QualifiedName> tables, boolean ifExists, boolean cascade)
    implements SchemaChange {

  @Override
  public String describe() {
    return "drop table " + String.join(", ", tables.stream().map(QualifiedName::toString).toList());
  }
}
