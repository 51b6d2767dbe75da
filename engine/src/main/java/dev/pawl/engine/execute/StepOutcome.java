package dev.pawl.engine.execute;

/** How a step ended within a run. */
sealed interface StepOutcome {
  /** It is verified, and the ledger says so. */
  record Verified() implements StepOutcome {}

  /** It failed, and the ledger says so. */
  record Failed(Cause cause, boolean human) implements StepOutcome {}

  /** It could not be ended in the time given for retries. */
  record GaveUp(Cause cause) implements StepOutcome {}
}
