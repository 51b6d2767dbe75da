package dev.pawl.operator.reconcile;

import dev.pawl.engine.plan.Version;
import dev.pawl.operator.status.Outlook;

/** What a spec asks for, given what it points to. */
sealed interface Wish {
  /** A version to be applied and verified. */
  record Run(Assignment assignment) implements Wish {}

  /**
   * A person wants nothing more to be begun.
   *
   * @param cancel whether what is at work is to be cancelled, not finished
   */
  record Halt(Version version, boolean cancel) implements Wish {}

  /** Nothing to run now. */
  record Rest(Outlook outlook) implements Wish {}
}
