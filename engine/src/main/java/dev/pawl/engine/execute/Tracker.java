package dev.pawl.engine.execute;

import dev.pawl.engine.ledger.LedgerRow;
import dev.pawl.engine.plan.Step;
import dev.pawl.engine.plan.Version;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The states of a run's steps, told to the listener one call at a time. */
final class Tracker {
  private final RunListener listener;
  private final Map<String, StepState> states = new LinkedHashMap<>();
  private boolean waiting;

  Tracker(RunListener listener) {
    this.listener = listener;
  }

  /** Every step of the plan, as the ledger has it. */
  synchronized void plan(List<Step> steps, Map<String, LedgerRow> rows) {
    states.clear();
    for (var step : steps) {
      var row = rows.get(step.id());
      states.put(step.id(), row == null ? pending(step) : state(row, step.version()));
    }
    listener.planned(all());
  }

  /** What a ledger's row says. */
  static StepState state(LedgerRow row, Version version) {
    return new StepState(
        version,
        row.ordinal(),
        row.file(),
        Phase.of(row.phase()),
        row.attempts(),
        0,
        OptionalInt.empty(),
        row.job(),
        row.sqlstate(),
        row.message(),
        row.startedAt(),
        row.appliedAt(),
        row.verifiedAt());
  }

  private static StepState pending(Step step) {
    Version version = step.version();
    return new StepState(
        version,
        step.ordinal(),
        step.file(),
        Phase.PENDING,
        0,
        0,
        OptionalInt.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  synchronized List<StepState> all() {
    return List.copyOf(states.values());
  }

  synchronized StepState state(Step step) {
    return states.get(step.id());
  }

  /** The step's statement is about to be sent. */
  synchronized void applying(Step step, Optional<String> job) {
    var s = state(step);
    put(
        new StepState(
            s.version(),
            s.ordinal(),
            s.file(),
            Phase.APPLYING,
            s.attempts() + 1,
            s.verifications(),
            OptionalInt.empty(),
            job,
            Optional.empty(),
            Optional.empty(),
            s.startedAt().or(() -> Optional.of(Instant.now())),
            Optional.empty(),
            Optional.empty()));
  }

  /** The step is in a phase; a message is shown with it. */
  synchronized void phase(Step step, Phase phase, Optional<String> message) {
    var s = state(step);
    boolean done = phase == Phase.VERIFIED;
    boolean applied = done || phase == Phase.APPLIED;
    put(
        new StepState(
            s.version(),
            s.ordinal(),
            s.file(),
            phase,
            s.attempts(),
            s.verifications() + (phase == Phase.VERIFYING ? 1 : 0),
            done ? OptionalInt.empty() : s.percent(),
            done ? Optional.empty() : s.job(),
            Optional.empty(),
            message,
            s.startedAt().or(() -> Optional.of(Instant.now())),
            applied ? s.appliedAt().or(() -> Optional.of(Instant.now())) : s.appliedAt(),
            done ? Optional.of(Instant.now()) : Optional.empty()));
  }

  /** The database works on the step; how far it is. */
  synchronized void progress(Step step, OptionalInt percent, Optional<String> job, String detail) {
    var s = state(step);
    put(
        new StepState(
            s.version(),
            s.ordinal(),
            s.file(),
            s.phase(),
            s.attempts(),
            s.verifications(),
            percent,
            job.or(s::job),
            s.sqlstate(),
            Optional.of(detail),
            s.startedAt(),
            s.appliedAt(),
            s.verifiedAt()));
  }

  synchronized StepState failed(Step step, Cause cause) {
    var s = state(step);
    put(
        new StepState(
            s.version(),
            s.ordinal(),
            s.file(),
            Phase.FAILED,
            s.attempts(),
            s.verifications(),
            OptionalInt.empty(),
            Optional.empty(),
            cause.sqlstate(),
            Optional.of(cause.message()),
            s.startedAt(),
            s.appliedAt(),
            Optional.empty()));
    return state(step);
  }

  private void put(StepState state) {
    states.put(state.id(), state);
    if (waiting) {
      waiting = false;
      listener.resumed();
    }
    listener.changed(state);
  }

  synchronized void waiting(Cause cause) {
    waiting = true;
    listener.waiting(cause);
  }
}
