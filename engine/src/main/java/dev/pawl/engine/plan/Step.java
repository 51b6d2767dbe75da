package dev.pawl.engine.plan;

import dev.pawl.engine.change.Dml;
import dev.pawl.engine.change.Procedural;
import dev.pawl.engine.change.SchemaChange;
import dev.pawl.engine.change.SessionSetting;
import java.util.List;
import java.util.Optional;

/**
 * What is executed and verified as one.
 *
 * @param version of its migration
 * @param ordinal from 1 within the version
 * @param file the path of the file it comes from
 * @param line where it begins, from 1
 * @param kind in a transaction with its ledger row, or one statement outside
 * @param prologue the session settings of the file that come before it, as written, each without
 *     its semicolon
 * @param sql the author's text, byte for byte, without the last semicolon
 * @param changes what its statements do, in order
 * @param checksum over its tokens, hex; comments and whitespace do not count
 * @param rawSha256 over its bytes, hex
 * @param inVerifyFile whether a verify file speaks of it; of AUTOCOMMIT steps only
 * @param handWritten whether a person answers for that file: a generated one knows no more than
 *     observation does
 * @param verifySql the SELECT of its verify file; empty where that tells nothing
 */
public record Step(
    Version version,
    int ordinal,
    String file,
    int line,
    Kind kind,
    List<String> prologue,
    String sql,
    List<SchemaChange> changes,
    String checksum,
    String rawSha256,
    boolean inVerifyFile,
    boolean handWritten,
    Optional<String> verifySql) {

  public Step {
    prologue = List.copyOf(prologue);
    changes = List.copyOf(changes);
  }

  /** How a step is executed. */
  public enum Kind {
    /** One transaction, its ledger row in it: its commit is its verification. */
    TRANSACTION,
    /** One statement in autocommit: observed before and after. */
    AUTOCOMMIT
  }

  /**
   * Whether it leaves session settings behind, in its prologue or inside its text: its connection
   * must not serve the next step of another file.
   */
  public boolean changesSession() {
    if (!prologue.isEmpty()) {
      return true;
    }
    for (var change : changes) {
      if (change instanceof SessionSetting) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether it runs code that may leave settings or temporary tables behind without saying so: what
   * follows must not depend on whether that has run in the same session.
   */
  public boolean mayChangeSession() {
    return changesSession() || changes.stream().anyMatch(Step::runsCode);
  }

  private static boolean runsCode(SchemaChange change) {
    return switch (change) {
      case Procedural _ -> true;
      case Dml dml ->
          switch (dml.keyword()) {
            case "COPY", "DELETE", "INSERT", "MERGE", "UPDATE", "UPSERT" -> false;
            default -> true; // SELECT f(), SELECT … INTO TEMP t
          };
      default -> false;
    };
  }

  /** For people and status; "7.1" would read as a version, so "7#1". */
  public String id() {
    return version + "#" + ordinal;
  }

  /** A few words on what it does: the first change, and how many more. */
  public String describe() {
    SchemaChange first = null;
    int count = 0;
    for (var change : changes) {
      if (!(change instanceof SessionSetting)) {
        first = first == null ? change : first;
        count++;
      }
    }
    if (first == null) {
      return "nothing";
    }
    return count == 1 ? first.describe() : first.describe() + " and " + (count - 1) + " more";
  }
}
