package dev.pawl.operator.source;

import dev.pawl.engine.execute.Cause;

/** Something a spec points to is not there or not usable; carries what a person is told. */
public final class InputException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient Cause cause;
  private final boolean lasting;

  private InputException(Cause cause, boolean lasting) {
    super(cause.message(), null, false, false);
    this.cause = cause;
    this.lasting = lasting;
  }

  /** It may come by itself: a Secret not yet made. */
  static InputException missing(String reason, String message) {
    return new InputException(Cause.of(reason, message), false);
  }

  /** It stays wrong until somebody edits it. */
  static InputException wrong(String reason, String message) {
    return new InputException(Cause.of(reason, message), true);
  }

  /** What a person is told. */
  public Cause why() {
    return cause;
  }

  /** Whether it stays wrong until somebody edits it. */
  public boolean lasting() {
    return lasting;
  }
}
