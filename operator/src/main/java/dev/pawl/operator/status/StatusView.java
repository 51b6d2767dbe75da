package dev.pawl.operator.status;

import dev.pawl.crd.SchemaGate.Opening;
import dev.pawl.crd.SchemaMigrationStatus;
import dev.pawl.engine.execute.Phase;
import dev.pawl.engine.execute.StepState;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * What is shown of a migration; the same input gives the same status.
 *
 * @param steps all up to the wanted version; empty while they are not known
 * @param latest the id of the step that moved last
 */
public record StatusView(
    long generation,
    long term,
    Outlook outlook,
    List<SeenStep> steps,
    Optional<String> latest,
    Optional<String> sourceDigest,
    Optional<Opening> opening) {
  /** Steps shown before the one in question, where not all can be shown. */
  private static final int BEFORE = 20;

  private static final int FILE = 253;
  private static final int MESSAGE = 512;
  private static final int MESSAGE_OF_OTHERS = 160;

  /** The status, with what it takes over from the one before. */
  public SchemaMigrationStatus render(SchemaMigrationStatus before, Instant now) {
    var known = !steps.isEmpty();
    return new SchemaMigrationStatus(
        generation,
        term,
        known ? phase().text() : kept(before == null ? null : before.phase(), "Pending"),
        known ? verified() + "/" + steps.size() : before == null ? null : before.step(),
        sourceDigest.orElse(before == null ? null : before.sourceDigest()),
        opening.map(Opening::through).orElse(null),
        opening.map(Opening::pending).orElse(null),
        known ? counts() : before == null ? null : before.counts(),
        known ? window() : before == null ? null : before.steps(),
        Conditions.of(
            outlook,
            generation,
            before == null || before.conditions() == null ? List.of() : before.conditions(),
            now));
  }

  private static String kept(String before, String otherwise) {
    return before == null ? otherwise : before;
  }

  private long verified() {
    return steps.stream().filter(s -> s.state().phase() == Phase.VERIFIED).count();
  }

  /** Of the step that moved last: so each phase of each step is seen, Verified too. */
  private Phase phase() {
    if (verified() == steps.size()) {
      return Phase.VERIFIED;
    }
    return latest
        .flatMap(id -> steps.stream().map(SeenStep::state).filter(s -> s.id().equals(id)).findAny())
        .map(StepState::phase)
        .orElseGet(() -> steps.get(current()).state().phase());
  }

  /** The first step that is not verified; the last where all are. */
  private int current() {
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i).state().phase() != Phase.VERIFIED) {
        return i;
      }
    }
    return steps.size() - 1;
  }

  private Map<String, Integer> counts() {
    var counts = new TreeMap<String, Integer>();
    steps.forEach(s -> counts.merge(s.state().phase().text(), 1, Integer::sum));
    return counts;
  }

  private List<SchemaMigrationStatus.Step> window() {
    int most = SchemaMigrationStatus.MAX_STEPS;
    int current = current();
    int from = Math.clamp(current - BEFORE, 0, Math.max(0, steps.size() - most));
    return IntStream.range(from, Math.min(steps.size(), from + most))
        .mapToObj(i -> step(steps.get(i), i == current ? MESSAGE : MESSAGE_OF_OTHERS))
        .toList();
  }

  private static SchemaMigrationStatus.Step step(SeenStep seen, int message) {
    var s = seen.state();
    return new SchemaMigrationStatus.Step(
        s.id(),
        Text.cut(s.file(), FILE),
        s.phase().text(),
        s.attempts(),
        s.verifications(),
        s.percent().isPresent() ? s.percent().getAsInt() : null,
        s.job().map(job -> Text.cut(job, 64)).orElse(null),
        s.sqlstate().orElse(null),
        s.message().map(m -> Text.cut(m, message)).orElse(null),
        time(s.startedAt()),
        time(s.appliedAt()),
        time(seen.verifyingAt()),
        time(s.verifiedAt()));
  }

  private static String time(Optional<Instant> at) {
    return at.map(t -> t.truncatedTo(ChronoUnit.MILLIS).toString()).orElse(null);
  }
}
