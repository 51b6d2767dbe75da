package dev.pawl.engine.lint;

import java.util.Locale;

/** How much a finding matters, from the least. */
public enum Level {
  /** Worth knowing in a review. */
  NOTE,
  /** May break the release that is running, or lose data: a person should have thought of it. */
  WARNING,
  /** Blocks or breaks a running application, or fails. */
  ERROR;

  /** In lower case, as SARIF writes it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
