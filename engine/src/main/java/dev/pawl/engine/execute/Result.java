package dev.pawl.engine.execute;

import dev.pawl.engine.plan.Version;
import java.util.List;
import java.util.Optional;

/** How a run ended. */
public sealed interface Result {
  /** The states of all steps up to the wanted version at the end; empty where unknown. */
  List<StepState> steps();

  /**
   * Every step up to the wanted version is verified under the lease epoch then current.
   *
   * @param through the wanted version; empty for a plan without steps
   * @param identity of the server and its time line, to be remembered by the gate
   */
  record Verified(Optional<Version> through, String identity, List<StepState> steps)
      implements Result {}

  /**
   * A step failed in a way that repeating alone does not mend.
   *
   * @param human whether a person must act (missing rights, a paused job): {@link
   *     dev.pawl.engine.dialect.Verdict#HUMAN}
   */
  record Failed(StepState step, Cause cause, boolean human, List<StepState> steps)
      implements Result {}

  /** Plan and ledger disagree (changed, missing, out of order); nothing was executed. */
  record Refused(Cause cause, List<StepState> steps) implements Result {}

  /** The database could not be reached or its lease not be had; nothing is known to be wrong. */
  record Unavailable(Cause cause, List<StepState> steps) implements Result {}

  /** Ended by {@link MigrationRun#cancel()} or {@link MigrationRun#finish()}. */
  record Cancelled(List<StepState> steps) implements Result {}
}
