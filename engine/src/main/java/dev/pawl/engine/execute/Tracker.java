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

  /** The run has come to a server, and will work with no other. */
  synchronized void connected(String identity) {
    listener.connected(identity);
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
    var draft = new Draft(version, row.ordinal(), row.file());
    draft.phase = Phase.of(row.phase());
    draft.attempts = row.attempts();
    draft.job = row.job();
    draft.sqlstate = row.sqlstate();
    draft.message = row.message();
    draft.startedAt = row.startedAt();
    draft.appliedAt = row.appliedAt();
    draft.verifiedAt = row.verifiedAt();
    return draft.state();
  }

  private static StepState pending(Step step) {
    return new Draft(step.version(), step.ordinal(), step.file()).state();
  }

  synchronized List<StepState> all() {
    return List.copyOf(states.values());
  }

  synchronized StepState state(Step step) {
    return states.get(step.id());
  }

  /** The step's statement is about to be sent. */
  synchronized void applying(Step step, Optional<String> job) {
    var draft = new Draft(state(step));
    draft.phase = Phase.APPLYING;
    draft.attempts++;
    draft.percent = OptionalInt.empty();
    draft.job = job;
    draft.sqlstate = Optional.empty();
    draft.message = Optional.empty();
    draft.startedAt = draft.startedAt.or(() -> Optional.of(Instant.now()));
    draft.appliedAt = Optional.empty();
    draft.verifiedAt = Optional.empty();
    put(draft.state());
  }

  /** The step is in a phase; a message is shown with it. */
  synchronized void phase(Step step, Phase phase, Optional<String> message) {
    var now = Optional.of(Instant.now());
    var draft = new Draft(state(step));
    draft.phase = phase;
    draft.sqlstate = Optional.empty();
    draft.message = message;
    draft.startedAt = draft.startedAt.or(() -> now);
    draft.verifiedAt = Optional.empty();
    if (phase == Phase.VERIFYING) {
      draft.verifications++;
    }
    if (phase == Phase.APPLIED || phase == Phase.VERIFIED) {
      draft.appliedAt = draft.appliedAt.or(() -> now);
    }
    if (phase == Phase.VERIFIED) {
      draft.percent = OptionalInt.empty();
      draft.job = Optional.empty();
      draft.verifiedAt = now;
    }
    put(draft.state());
  }

  /** The database works on the step; how far it is. */
  synchronized void progress(Step step, OptionalInt percent, Optional<String> job, String detail) {
    var draft = new Draft(state(step));
    draft.percent = percent;
    draft.job = job.or(() -> draft.job);
    draft.message = Optional.of(detail);
    put(draft.state());
  }

  synchronized StepState failed(Step step, Cause cause) {
    var draft = new Draft(state(step));
    draft.phase = Phase.FAILED;
    draft.percent = OptionalInt.empty();
    draft.job = Optional.empty();
    draft.sqlstate = cause.sqlstate();
    draft.message = Optional.of(cause.message());
    draft.verifiedAt = Optional.empty();
    put(draft.state());
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

  /** A state in the making. */
  private static final class Draft {
    private final Version version;
    private final int ordinal;
    private final String file;
    private Phase phase = Phase.PENDING;
    private int attempts;
    private int verifications;
    private OptionalInt percent = OptionalInt.empty();
    private Optional<String> job = Optional.empty();
    private Optional<String> sqlstate = Optional.empty();
    private Optional<String> message = Optional.empty();
    private Optional<Instant> startedAt = Optional.empty();
    private Optional<Instant> appliedAt = Optional.empty();
    private Optional<Instant> verifiedAt = Optional.empty();

    Draft(Version version, int ordinal, String file) {
      this.version = version;
      this.ordinal = ordinal;
      this.file = file;
    }

    Draft(StepState from) {
      this(from.version(), from.ordinal(), from.file());
      phase = from.phase();
      attempts = from.attempts();
      verifications = from.verifications();
      percent = from.percent();
      job = from.job();
      sqlstate = from.sqlstate();
      message = from.message();
      startedAt = from.startedAt();
      appliedAt = from.appliedAt();
      verifiedAt = from.verifiedAt();
    }

    StepState state() {
      return new StepState(
          version,
          ordinal,
          file,
          phase,
          attempts,
          verifications,
          percent,
          job,
          sqlstate,
          message,
          startedAt,
          appliedAt,
          verifiedAt);
    }
  }
}
