package dev.pawl.engine.testing;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what will be so: as long as it takes on a machine that is slow and busy. */
public final class Patience {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration PAUSE = Duration.ofMillis(20);

  private Patience() {}

  /** Asks something that may fail. */
  interface Question<E extends Exception> {
    boolean isSo() throws E;
  }

  /**
   * Returns as soon as it is true.
   *
   * @param seen what a person needs to see when it did not come within 60 s
   */
  public static void until(BooleanSupplier what, Supplier<String> seen)
      throws InterruptedException {
    untilAnswered(what::getAsBoolean, seen);
  }

  /** As {@link #until}; an error of the question ends it. */
  static <E extends Exception> void untilAnswered(Question<E> what, Supplier<String> seen)
      throws E, InterruptedException {
    long begin = System.nanoTime();
    while (!what.isSo()) {
      if (System.nanoTime() - begin > LIMIT.toNanos()) {
        throw new AssertionError("not within " + LIMIT.toSeconds() + " s: " + seen.get());
      }
      Thread.sleep(PAUSE);
    }
  }
}
