package dev.pawl.e2e.chaos;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Judges what was seen. Each method returns its violations, with their evidence, one a line. */
final class Checker {
  private Checker() {}

  /** A row of the ledger at the end. */
  record LedgerRow(String step, String phase, int attempts) {}

  /**
   * Openings before the database held what they claim. By the ledger, and apart from it by what is
   * there: no opening may precede the commit that made a step's object or rows.
   *
   * @param histories by namespace/migration
   * @param tracks by namespace/migration
   */
  static List<String> early(
      List<AuditLog.Opening> openings,
      Map<String, List<History.Version>> histories,
      Map<String, Track> tracks) {
    var violations = new ArrayList<String>();
    for (var opening : openings) {
      var history = histories.getOrDefault(opening.migration(), List.of());
      var track = tracks.get(opening.migration());
      if (track == null || opening.version() > history.size()) {
        violations.add(
            "opened for what nobody has asked for: %s, version %d of %s at %s (audit %s)"
                .formatted(
                    opening.what(),
                    opening.version(),
                    opening.migration(),
                    opening.at(),
                    opening.auditId()));
        continue;
      }
      history.stream()
          .limit(opening.version())
          .flatMap(v -> v.steps().stream())
          .flatMap(step -> tooEarly(opening.at(), step, track).stream())
          .findFirst()
          .ifPresent(
              why ->
                  violations.add(
                      "opened early: %s, requires version %d of %s, at %s (audit %s), but %s"
                          .formatted(
                              opening.what(),
                              opening.version(),
                              opening.migration(),
                              opening.at(),
                              opening.auditId(),
                              why)));
    }
    return violations;
  }

  private static Optional<String> tooEarly(Instant at, History.Step step, Track track) {
    var verified = track.verified(step.id());
    if (verified.isEmpty()) {
      return Optional.of("the ledger has never said that step " + step.id() + " is Verified");
    }
    if (verified.get().isAfter(at)) {
      return Optional.of("step " + step.id() + " was Verified in the ledger at " + verified.get());
    }
    var shown = track.shown(step.id());
    if (shown.isPresent() && shown.get().isAfter(at)) {
      return Optional.of("the work of step " + step.id() + " was committed at " + shown.get());
    }
    if (shown.isEmpty() && step.proof() instanceof History.Proof.Row) {
      return Optional.of("the work of step " + step.id() + " has never been there");
    }
    return track
        .undone(step.id())
        .filter(seen -> seen.isAfter(at))
        .map(seen -> "step " + step.id() + " was seen not to be done at " + seen);
  }

  /** Statuses that a leader of an earlier term has written over one of a later. */
  static List<String> terms(List<AuditLog.StatusWrite> writes) {
    var violations = new ArrayList<String>();
    var latest = new HashMap<String, AuditLog.StatusWrite>();
    writes.stream()
        .sorted(Comparator.comparingLong(AuditLog.StatusWrite::order))
        .forEach(
            write -> {
              var before = latest.put(write.object(), write);
              if (before != null && before.term() > write.term()) {
                violations.add(
                    "%s: term %d was overwritten by term %d, at version %d (audit %s)"
                        .formatted(
                            write.object(),
                            before.term(),
                            write.term(),
                            write.order(),
                            write.auditId()));
              }
            });
    return violations;
  }

  /** Every step of the history Verified, and nothing else in the ledger. */
  static List<String> ledger(String stream, List<History.Version> history, List<LedgerRow> rows) {
    var violations = new ArrayList<String>();
    var found = new HashMap<String, LedgerRow>();
    for (var row : rows) {
      if (found.put(row.step(), row) != null) {
        violations.add(stream + ": step " + row.step() + " is twice in the ledger");
      }
    }
    for (var version : history) {
      for (var step : version.steps()) {
        var row = found.remove(step.id());
        if (row == null) {
          violations.add(stream + ": step " + step.id() + " is not in the ledger");
        } else if (!row.phase().equals("Verified")) {
          violations.add(stream + ": step " + step.id() + " is " + row.phase());
        } else if (row.attempts() < 1 && step.proof() instanceof History.Proof.Row) {
          violations.add(stream + ": step " + step.id() + " is Verified without an attempt");
        }
      }
    }
    found.keySet().forEach(id -> violations.add(stream + ": step " + id + " is in no migration"));
    return violations;
  }

  /**
   * Steps in a transaction whose rows are not there exactly once.
   *
   * @param effects the ids of the steps in the table of effects, one a row
   */
  static List<String> effects(String stream, List<History.Version> history, List<String> effects) {
    var violations = new ArrayList<String>();
    var seen = new HashMap<String, Integer>();
    effects.forEach(id -> seen.merge(id, 1, Integer::sum));
    for (var version : history) {
      for (var step : version.steps()) {
        int times = seen.getOrDefault(step.id(), 0);
        if (step.proof() instanceof History.Proof.Row && times != 1) {
          violations.add(stream + ": step " + step.id() + " has run " + times + " times");
        }
      }
    }
    return violations;
  }

  /**
   * Lines in which a database differs from one made by psql alone.
   *
   * @param what of the database is compared
   */
  static List<String> same(String what, List<String> expected, List<String> found) {
    if (expected.equals(found)) {
      return List.of();
    }
    var violations = new ArrayList<String>();
    var missing = new ArrayList<>(expected);
    found.forEach(missing::remove);
    var more = new ArrayList<>(found);
    expected.forEach(more::remove);
    missing.stream().limit(10).forEach(l -> violations.add(what + ": missing: " + l));
    more.stream().limit(10).forEach(l -> violations.add(what + ": not psql's: " + l));
    if (violations.isEmpty()) {
      violations.add(what + ": the same lines in another order");
    }
    return violations;
  }

  /** What is still held though everything is verified. */
  static List<String> held(List<String> held) {
    return held.stream().map(h -> "left held: " + h).toList();
  }

  /** How many steps of these are witnessed by their own work, not by the ledger alone. */
  static long witnessed(List<History.Version> history, Track track) {
    var ids = new HashSet<String>();
    history.forEach(v -> v.steps().forEach(s -> ids.add(s.id())));
    return ids.stream()
        .filter(id -> track.shown(id).isPresent() || track.undone(id).isPresent())
        .count();
  }
}
