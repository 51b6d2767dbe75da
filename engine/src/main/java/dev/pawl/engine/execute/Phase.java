package dev.pawl.engine.execute;

/** The phases of a step, in the order it passes them. */
public enum Phase {
  PENDING("Pending"),
  APPLYING("Applying"),
  APPLIED("Applied"),
  VERIFYING("Verifying"),
  VERIFIED("Verified"),
  FAILED("Failed");

  private final String text;

  Phase(String text) {
    this.text = text;
  }

  /** As in status and ledger: "Applying". */
  public String text() {
    return text;
  }

  /** The phase of a ledger's text. */
  public static Phase of(String text) {
    for (var phase : values()) {
      if (phase.text.equals(text)) {
        return phase;
      }
    }
    throw new IllegalArgumentException("no phase " + text);
  }
}
