package dev.pawl.engine.plan;

import dev.pawl.engine.change.AddEnumValue;
import dev.pawl.engine.change.Dml;
import dev.pawl.engine.change.OtherDdl;
import dev.pawl.engine.change.Reader;
import dev.pawl.engine.change.Reader.Unexpected;
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

  /** The name of what it makes for its session: a temporary table, view or sequence. */
  Optional<String> temporary(DatabaseKind kind) {
    try {
      var reader = new Reader(statement, kind);
      return reachesTemporary(reader) ? Optional.of(reader.name().name()) : Optional.empty();
    } catch (Unexpected e) {
      return Optional.empty();
    }
  }

  /** Goes on to the name of CREATE TEMP … name or SELECT … INTO TEMP name. */
  private static boolean reachesTemporary(Reader reader) throws Unexpected {
    boolean creates = reader.accept("CREATE");
    if (creates) {
      reader.accept("OR", "REPLACE");
    } else if (!reader.at("SELECT") && !reader.at("WITH") && !reader.at("EXPLAIN")) {
      return false;
    }
    while (!creates && !reader.done() && !reader.at("INTO")) {
      if (reader.at("INSERT") || reader.at("MERGE")) {
        return false;
      }
      reader.skipItem();
    }
    while (reader.at("INTO") || reader.at("LOCAL") || reader.at("GLOBAL")) {
      reader.skip();
    }
    if (!reader.accept("TEMPORARY") && !reader.accept("TEMP")
        || !reader.atIdentifier()
        || reader.at("FROM")) {
      return false;
    }
    while (reader.at("TABLE")
        || creates && (reader.at("RECURSIVE") || reader.at("VIEW") || reader.at("SEQUENCE"))) {
      reader.skip();
    }
    reader.accept("IF", "NOT", "EXISTS");
    return true;
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
