package dev.pawl.engine.execute;

import java.util.List;

/** Hears what a run does, on the run's own thread; must not block. */
public interface RunListener {
  /**
   * The run has come to a database, and believes what this one says and no other.
   *
   * @param identity of the server and its time line, as in {@link Result.Verified}
   */
  default void connected(String identity) {}

  /** Every step up to the wanted version, once the ledger has been read. */
  void planned(List<StepState> steps);

  /** One step has moved on, or has progress to show. */
  void changed(StepState step);

  /** The run waits and will go on by itself: what for. */
  void waiting(Cause cause);

  /** What was waited for has come. */
  void resumed();
}
