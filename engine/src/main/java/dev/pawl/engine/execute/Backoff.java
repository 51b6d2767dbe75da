package dev.pawl.engine.execute;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Waits that double from a first to a longest, each cut by chance to between half and all of it.
 */
final class Backoff {
  private final long longest;
  private long next;

  Backoff(Duration first, Duration longest) {
    this.next = first.toMillis();
    this.longest = longest.toMillis();
  }

  /** For lock waits: many small bites, so that nobody queues behind us. */
  static Backoff forLocks() {
    return new Backoff(Duration.ofMillis(50), Duration.ofSeconds(1));
  }

  /** For everything else. */
  static Backoff forErrors() {
    return new Backoff(Duration.ofMillis(250), Duration.ofSeconds(10));
  }

  /** Waits once. */
  void pause() throws InterruptedException {
    Thread.sleep(ThreadLocalRandom.current().nextLong(next / 2, next + 1));
    next = Math.min(next * 2, longest);
  }
}
