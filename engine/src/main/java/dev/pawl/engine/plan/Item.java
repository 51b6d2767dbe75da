package dev.pawl.engine.plan;

import dev.pawl.engine.change.AddEnumValue;
import dev.pawl.engine.change.CreateTable;
import dev.pawl.engine.change.Dml;
import dev.pawl.engine.change.OtherDdl;
import dev.pawl.engine.change.SchemaChange;
import dev.pawl.engine.change.SessionSetting;
import dev.pawl.engine.change.Unclassified;
import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.Statement;
import java.util.List;
import java.util.Optional;

/** A statement with what it does. */
record Item(Statement statement, List<SchemaChange> changes) {
  boolean isSessionSetting() {
    return changes.size() == 1 && changes.getFirst() instanceof SessionSetting;
  }

  /**
   * Whether it may set something in passing that a statement outside its transaction would miss:
   * set_config(…, false) in a longer statement; on CockroachDB, where each schema change is
   * outside, also SET LOCAL.
   */
  boolean setsInPassing(DatabaseKind kind) {
    return kind == DatabaseKind.COCKROACHDB && isLocalSetting()
        || changes.size() > 1
            && changes.stream().anyMatch(SessionSetting.class::isInstance)
            && statement.tokens().stream().anyMatch(token -> token.is("FALSE"));
  }

  /** Data, or a word to the transaction around it. */
  boolean isData() {
    var first = changes.getFirst();
    return first instanceof Dml
        || first instanceof OtherDdl other
            && (isLocalSetting() || other.keywords().equals("SET CONSTRAINTS"));
  }

  private boolean isLocalSetting() {
    return changes.getFirst() instanceof OtherDdl other && other.keywords().equals("SET LOCAL");
  }

  /** The name of the table that it makes for its session. */
  Optional<String> temporaryTable() {
    return changes.size() > 1
            && changes.getFirst() instanceof CreateTable table
            && changes.getLast() instanceof SessionSetting
        ? Optional.of(table.table().name())
        : Optional.empty();
  }

  boolean addsEnumValue() {
    return changes.getFirst() instanceof AddEnumValue;
  }

  boolean inTransaction(DatabaseKind kind) {
    if (kind == DatabaseKind.COCKROACHDB) {
      return isData();
    }
    for (var change : changes) {
      if (!change.transactional() || change instanceof Unclassified) {
        return false;
      }
    }
    return true;
  }
}
