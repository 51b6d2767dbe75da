package dev.pawl.engine.execute;

import dev.pawl.engine.ledger.LedgerRow;
import dev.pawl.engine.plan.Plan;
import dev.pawl.engine.plan.Step;
import dev.pawl.engine.plan.Version;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A plan beside the ledger of its stream.
 *
 * @param refusal why nothing may be executed, if so
 * @param put steps whose rows are to be written: new ones, and changed ones never applied
 * @param remove rows of steps that are no more, and were never applied
 */
record Comparison(Optional<Cause> refusal, List<Step> put, List<LedgerRow> remove) {

  static String id(LedgerRow row) {
    return row.version() + "#" + row.ordinal();
  }

  private static boolean untouched(LedgerRow row) {
    var phase = Phase.of(row.phase());
    return phase == Phase.PENDING || phase == Phase.FAILED && row.appliedAt().isEmpty();
  }

  /**
   * @param plan up to the wanted version
   * @param wanted rows of later versions are not looked at
   */
  static Comparison of(
      Plan plan, Version wanted, List<LedgerRow> rows, RunOptions.OutOfOrder outOfOrder) {
    var byId = new HashMap<String, LedgerRow>();
    Optional<Version> newest = Optional.empty();
    for (var row : rows) {
      byId.put(id(row), row);
      var version = new Version(row.version());
      if (!untouched(row) && (newest.isEmpty() || newest.get().compareTo(version) < 0)) {
        newest = Optional.of(version);
      }
    }
    var done = wholeVersions(rows);
    var put = new ArrayList<Step>();
    var planned = new HashSet<String>();
    for (var step : plan.steps()) {
      planned.add(step.id());
      var row = byId.get(step.id());
      if (row == null) {
        if (done.getOrDefault(step.version().text(), false)) {
          return refused("Changed", changedSteps(step));
        }
        boolean late =
            newest.isPresent()
                && step.version().compareTo(newest.get()) < 0
                && !done.containsKey(step.version().text());
        if (late && outOfOrder == RunOptions.OutOfOrder.REFUSE) {
          return refused("OutOfOrder", late(step, newest.get()));
        }
        put.add(step);
      } else if (!row.checksum().equals(step.checksum())) {
        if (!untouched(row)) {
          return refused("Changed", changed(step, row));
        }
        put.add(step);
      }
    }
    var remove = new ArrayList<LedgerRow>();
    for (var row : rows) {
      if (planned.contains(id(row)) || new Version(row.version()).compareTo(wanted) > 0) {
        continue;
      }
      if (!untouched(row)) {
        return refused("Missing", missing(row));
      }
      remove.add(row);
    }
    return new Comparison(Optional.empty(), put, remove);
  }

  /** For each version of the ledger, whether all its steps are verified. */
  private static Map<String, Boolean> wholeVersions(List<LedgerRow> rows) {
    var whole = new HashMap<String, Boolean>();
    for (var row : rows) {
      whole.merge(row.version(), Phase.of(row.phase()) == Phase.VERIFIED, Boolean::logicalAnd);
    }
    return whole;
  }

  private static Comparison refused(String reason, String message) {
    return new Comparison(Optional.of(Cause.of(reason, message)), List.of(), List.of());
  }

  private static String changed(Step step, LedgerRow row) {
    return step.file()
        + ":"
        + step.line()
        + ": step "
        + step.id()
        + " has changed since it was applied from "
        + row.file()
        + " (comments and whitespace do not count). Put the old text back, and write the change as"
        + " a new version";
  }

  private static String changedSteps(Step step) {
    return step.file()
        + ":"
        + step.line()
        + ": version "
        + step.version()
        + " has more steps than when it was applied. Put the old text back, and write the change as"
        + " a new version";
  }

  private static String late(Step step, Version newest) {
    return step.file()
        + ": version "
        + step.version()
        + " is pending, but "
        + newest
        + " has been applied already. Give it a later version, or set policy outOfOrder to Apply";
  }

  private static String missing(LedgerRow row) {
    return "version "
        + row.version()
        + " was applied from "
        + row.file()
        + ", and is not in the source any more. Put the file back";
  }
}
