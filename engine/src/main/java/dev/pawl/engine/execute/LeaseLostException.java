package dev.pawl.engine.execute;

/** Another holder has the lease, or ours has expired: nothing more may be written. */
final class LeaseLostException extends Exception {
  private static final long serialVersionUID = 1L;

  LeaseLostException(String message) {
    super(message);
  }
}
