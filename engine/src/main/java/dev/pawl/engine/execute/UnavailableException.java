package dev.pawl.engine.execute;

/** A database could not be reached or read: why, in a sentence. */
public final class UnavailableException extends Exception {
  private static final long serialVersionUID = 1L;
  private final transient Cause why;

  UnavailableException(Cause why) {
    super(why.message());
    this.why = why;
  }

  /** Why. */
  public Cause why() {
    return why;
  }
}
