package dev.pawl.engine.testing;

import dev.pawl.engine.execute.Cause;
import dev.pawl.engine.execute.RunListener;
import dev.pawl.engine.execute.StepState;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** Remembers all that a run tells. */
public final class Recorder implements RunListener {
  private final List<StepState> changes = new CopyOnWriteArrayList<>();
  private final List<Cause> causes = new CopyOnWriteArrayList<>();

  @Override
  public void planned(List<StepState> steps) {
    changes.addAll(steps);
  }

  @Override
  public void changed(StepState step) {
    changes.add(step);
  }

  @Override
  public void waiting(Cause cause) {
    causes.add(cause);
  }

  @Override
  public void resumed() {
    // Nothing to remember.
  }

  /** The phases a step went through, each once in a row. */
  public List<String> phases(String id) {
    var phases =
        changes.stream().filter(s -> s.id().equals(id)).map(s -> s.phase().text()).toList();
    var distinct = new java.util.ArrayList<String>();
    for (var phase : phases) {
      if (distinct.isEmpty() || !distinct.getLast().equals(phase)) {
        distinct.add(phase);
      }
    }
    return distinct;
  }

  /** Every message of a step. */
  public List<String> messages(String id) {
    return changes.stream()
        .filter(s -> s.id().equals(id))
        .flatMap(s -> s.message().stream())
        .toList();
  }

  /** Waits until a step has such a message. */
  public void awaitMessage(String id, Predicate<String> like) throws InterruptedException {
    Patience.until(() -> messages(id).stream().anyMatch(like), this::toString);
  }

  /** Waits until the run waits for that reason. */
  public void awaitCause(String reason) throws InterruptedException {
    Patience.until(() -> causes.stream().anyMatch(c -> c.reason().equals(reason)), this::toString);
  }

  @Override
  public String toString() {
    return "changes " + changes + ", waits " + causes;
  }

  /** What the run waited for. */
  public List<Cause> causes() {
    return causes;
  }
}
