package dev.pawl.engine.lint;

import dev.pawl.engine.change.AddColumn;
import dev.pawl.engine.change.AddConstraint;
import dev.pawl.engine.change.AlterColumn;
import dev.pawl.engine.change.AlterPrimaryKey;
import dev.pawl.engine.change.CreateIndex;
import dev.pawl.engine.change.DropColumn;
import dev.pawl.engine.change.DropConstraint;
import dev.pawl.engine.change.SchemaChange;
import dev.pawl.engine.change.Truncate;
import dev.pawl.engine.change.ValidateConstraint;
import dev.pawl.engine.sql.QualifiedName;
import java.util.Optional;

/** Which table a change is about. */
final class Tables {
  private Tables() {}

  /** The table that it alters in place; empty where it makes or drops one, or none is known. */
  static Optional<QualifiedName> changedBy(SchemaChange change) {
    return switch (change) {
      case AddColumn add -> Optional.of(add.table());
      case AddConstraint add -> Optional.of(add.table());
      case AlterColumn alter -> Optional.of(alter.table());
      case AlterPrimaryKey alter -> Optional.of(alter.table());
      case DropColumn drop -> Optional.of(drop.table());
      case DropConstraint drop -> Optional.of(drop.table());
      case CreateIndex index -> Optional.of(index.table());
      case ValidateConstraint validate -> Optional.of(validate.table());
      case Truncate truncate -> Optional.of(truncate.tables().getFirst());
      default -> Optional.empty();
    };
  }
}
