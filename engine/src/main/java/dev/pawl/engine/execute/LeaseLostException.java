package dev.pawl.engine.execute;

/** Another holder has the lease, ours has expired, or it was another server's. */
final class LeaseLostException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String reason;

  LeaseLostException(String message) {
    this("LeaseLost", message);
  }

  /**
   * @param reason one word, for {@link Cause#reason()}
   */
  LeaseLostException(String reason, String message) {
    super(message);
    this.reason = reason;
  }

  String reason() {
    return reason;
  }
}
