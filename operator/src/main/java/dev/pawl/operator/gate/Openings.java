package dev.pawl.operator.gate;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toList;

import dev.pawl.crd.SchemaGate.Opening;
import dev.pawl.engine.execute.Phase;
import dev.pawl.engine.execute.Result;
import dev.pawl.engine.execute.StepState;
import dev.pawl.engine.plan.Version;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How far a gate is open. It opens when everything is verified. It does not close because an older
 * version arrives late: that one alone becomes pending. It closes when the ledger itself has gone
 * back, as after a restore, and where the database is another, as after a failover.
 */
public final class Openings {
  private static final int MOST_PENDING = 200;

  private Openings() {}

  /** The opening after a run; what it was before where the run learnt nothing. */
  public static Optional<Opening> after(Optional<Opening> before, Result result) {
    return switch (result) {
      case Result.Verified verified -> verified(before, verified);
      case Result.Refused refused -> latecomers(before, refused.steps());
      case Result.Failed failed -> seen(before, failed.steps());
      case Result.Unavailable unavailable -> seen(before, unavailable.steps());
      case Result.Cancelled cancelled -> seen(before, cancelled.steps());
    };
  }

  private static Optional<Opening> verified(Optional<Opening> before, Result.Verified result) {
    if (result.through().isEmpty()) {
      return before;
    }
    var through = result.through().get();
    // Of another server or time line, what an earlier one had beyond this version is not known.
    var same = on(before, result.identity());
    var furthest =
        same.flatMap(Openings::through).filter(t -> t.compareTo(through) > 0).orElse(through);
    SortedSet<Version> beyond =
        same.map(Openings::pending).orElseGet(TreeSet::new).tailSet(through, false);
    return Optional.of(opening(furthest, beyond, result.identity()));
  }

  /**
   * The opening where this server answers: nothing that was observed on another, or on another time
   * line, is claimed. It opens again when everything is verified on this one.
   *
   * @param identity of the server and its time line
   */
  public static Optional<Opening> on(Optional<Opening> before, String identity) {
    return before.filter(b -> b.identity() == null || b.identity().equals(identity));
  }

  /**
   * The opening when a run that was not refused has read the ledger: the gate claims nothing that
   * the ledger does not have.
   */
  public static Optional<Opening> seen(Optional<Opening> before, List<StepState> steps) {
    var through = before.flatMap(Openings::through);
    if (through.isEmpty() || steps.isEmpty()) {
      return before;
    }
    var versions = byVersion(steps);
    var verified = new TreeSet<Version>();
    var missing = new TreeSet<Version>();
    versions.forEach(
        (version, ofVersion) -> {
          if (ofVersion.stream().allMatch(Openings::isVerified)) {
            verified.add(version);
          } else if (version.compareTo(through.get()) <= 0) {
            missing.add(version);
          }
        });
    if (verified.isEmpty()) {
      return missing.isEmpty() ? before : Optional.empty();
    }
    boolean wentBack = !missing.tailSet(verified.last()).isEmpty();
    var pending = pending(before.get());
    pending.removeAll(verified);
    pending.addAll(missing.headSet(verified.last()));
    return Optional.of(
        opening(wentBack ? verified.last() : through.get(), pending, before.get().identity()));
  }

  /** Nothing was executed: a version of which nothing is verified has come late. */
  private static Optional<Opening> latecomers(Optional<Opening> before, List<StepState> steps) {
    var through = before.flatMap(Openings::through);
    if (through.isEmpty()) {
      return before;
    }
    var pending = pending(before.get());
    byVersion(steps)
        .headMap(through.get())
        .forEach(
            (version, ofVersion) -> {
              if (ofVersion.stream().noneMatch(Openings::isVerified)) {
                pending.add(version);
              }
            });
    return Optional.of(opening(through.get(), pending, before.get().identity()));
  }

  static Optional<Version> through(Opening opening) {
    return Optional.ofNullable(opening.through()).flatMap(Version::parse);
  }

  static TreeSet<Version> pending(Opening opening) {
    return opening.pending() == null
        ? new TreeSet<>()
        : opening.pending().stream()
            .flatMap(text -> Version.parse(text).stream())
            .collect(toCollection(TreeSet::new));
  }

  private static Opening opening(Version through, SortedSet<Version> pending, String identity) {
    var texts = pending.stream().limit(MOST_PENDING).map(Version::text).toList();
    return new Opening(through.text(), texts.isEmpty() ? null : texts, identity);
  }

  private static SortedMap<Version, List<StepState>> byVersion(List<StepState> steps) {
    return steps.stream().collect(groupingBy(StepState::version, TreeMap::new, toList()));
  }

  private static boolean isVerified(StepState step) {
    return step.phase() == Phase.VERIFIED;
  }
}
