package dev.pawl.operator.reconcile;

import dev.pawl.engine.execute.Cause;
import dev.pawl.engine.execute.Phase;
import dev.pawl.engine.execute.StepState;
import dev.pawl.operator.status.SeenStep;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a run has told, as far as it has been shown. */
final class Progress {
  private final Map<String, SeenStep> steps = new LinkedHashMap<>();
  private Optional<String> latest = Optional.empty();
  private Optional<Told.Waiting> waiting = Optional.empty();
  private boolean moved;

  /** Something a run has told. */
  sealed interface Told {
    /** All steps, as the ledger has them. */
    record Planned(List<StepState> steps) implements Told {}

    /** A step has moved on or has progress. */
    record Moved(StepState step, Instant at) implements Told {}

    /** The run waits for something outside. */
    record Waiting(Cause cause, Instant since) implements Told {}

    /** What was waited for has come. */
    record Resumed() implements Told {}
  }

  void hear(Told told) {
    switch (told) {
      case Told.Planned(var all) -> plan(all);
      case Told.Moved(var step, var at) -> move(step, at);
      case Told.Waiting next -> {
        boolean same =
            waiting.filter(w -> w.cause().reason().equals(next.cause().reason())).isPresent();
        waiting = Optional.of(same ? new Told.Waiting(next.cause(), waiting.get().since()) : next);
      }
      case Told.Resumed() -> waiting = Optional.empty();
    }
  }

  private void plan(List<StepState> all) {
    var before = Map.copyOf(steps);
    steps.clear();
    for (var step : all) {
      var seen = Optional.ofNullable(before.get(step.id()));
      steps.put(step.id(), new SeenStep(step, seen.flatMap(SeenStep::verifyingAt)));
    }
  }

  private void move(StepState step, Instant at) {
    var before = Optional.ofNullable(steps.get(step.id())).flatMap(SeenStep::verifyingAt);
    steps.put(
        step.id(),
        new SeenStep(
            step, step.phase() == Phase.VERIFYING ? before.or(() -> Optional.of(at)) : before));
    latest = Optional.of(step.id());
    moved = true;
  }

  /** Whether this would show another phase than is shown now. */
  boolean isNewPhase(Told told) {
    return switch (told) {
      case Told.Planned planned -> true;
      case Told.Moved(var step, var at) ->
          !state(step.id()).map(StepState::phase).equals(Optional.of(step.phase()));
      case Told.Waiting next -> false;
      case Told.Resumed() -> false;
    };
  }

  /** The end of a run: its own last word on every step. */
  void end(List<StepState> all) {
    waiting = Optional.empty();
    if (!all.isEmpty()) {
      plan(all);
    }
  }

  List<SeenStep> steps() {
    return List.copyOf(steps.values());
  }

  List<StepState> states() {
    return steps.values().stream().map(SeenStep::state).toList();
  }

  Optional<StepState> state(String id) {
    return Optional.ofNullable(steps.get(id)).map(SeenStep::state);
  }

  Optional<String> latest() {
    return latest;
  }

  Optional<Told.Waiting> waiting() {
    return waiting;
  }

  /** Whether a step has moved: then the run was not refused. */
  boolean moved() {
    return moved;
  }

  long verified() {
    return steps.values().stream().filter(s -> s.state().phase() == Phase.VERIFIED).count();
  }

  boolean allVerified() {
    return verified() == steps.size();
  }
}
