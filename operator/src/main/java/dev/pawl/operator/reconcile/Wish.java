package dev.pawl.operator.reconcile;

import dev.pawl.operator.status.Outlook;

/** What a spec asks for, given what it points to. */
sealed interface Wish {
  /** A version to be applied and verified. */
  record Run(Assignment assignment) implements Wish {}

  /** Nothing to run now. */
  record Rest(Outlook outlook) implements Wish {}
}
