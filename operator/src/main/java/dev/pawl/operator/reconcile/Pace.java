package dev.pawl.operator.reconcile;

import java.time.Duration;
import java.time.Instant;

/**
 * How often a status may be written: once a second, with a reserve saved up in quiet times, so that
 * the phases of a short migration are all seen and a long one does not flood the API server.
 */
final class Pace {
  static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final double RESERVE = 30;

  private double tokens = RESERVE;
  private Instant counted = Instant.EPOCH;
  private Instant written = Instant.EPOCH;

  private double tokens(Instant now) {
    var elapsed = Duration.between(counted, now);
    if (elapsed.isPositive()) {
      double gained = (double) elapsed.toMillis() / INTERVAL.toMillis();
      tokens = Math.min(RESERVE, tokens + gained);
      counted = now;
    }
    return tokens;
  }

  /** Whether there is a reserve, to show each phase by itself. */
  boolean plenty(Instant now) {
    return tokens(now) >= 2;
  }

  /** Whether anything may be written. */
  boolean allows(Instant now) {
    return tokens(now) >= 1;
  }

  /** Whether the last writing is long enough ago for something minor. */
  boolean rested(Instant now) {
    return !now.isBefore(written.plus(INTERVAL));
  }

  void write(Instant now) {
    tokens = tokens(now) - 1;
    written = now;
  }
}
