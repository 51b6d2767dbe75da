package dev.pawl.e2e.harness;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** Waits for what will be so, and says what was there instead when it did not come. */
public final class Await {
  private static final Duration PAUSE = Duration.ofMillis(100);

  private Await() {}

  /**
   * Polls until there is a value.
   *
   * @param what completes the sentence "gave up after … waiting for"
   * @param seen what a person needs to see when it did not come
   */
  public static <T> T forValue(
      String what, Duration atMost, Callable<Optional<T>> poll, Supplier<String> seen) {
    var end = System.nanoTime() + atMost.toNanos();
    Throwable last = null;
    do {
      try {
        var value = poll.call();
        if (value.isPresent()) {
          return value.get();
        }
        last = null;
      } catch (Exception e) {
        last = e;
      }
      pause();
    } while (System.nanoTime() < end);
    var message = "gave up after " + atMost.toSeconds() + " s waiting for " + what;
    throw new AssertionError(message + "\n" + seen.get(), last);
  }

  /** Polls until it is true. */
  public static void until(
      String what, Duration atMost, Callable<Boolean> poll, Supplier<String> seen) {
    forValue(what, atMost, () -> poll.call() ? Optional.of(true) : Optional.empty(), seen);
  }

  /** Polls all the time and fails as soon as it is not true: for what must not happen meanwhile. */
  public static void stays(
      String what, Duration during, Callable<Boolean> poll, Supplier<String> seen) {
    var end = System.nanoTime() + during.toNanos();
    do {
      try {
        if (!poll.call()) {
          throw new AssertionError("it was to stay so, and did not: " + what + "\n" + seen.get());
        }
      } catch (AssertionError e) {
        throw e;
      } catch (Exception e) {
        throw new AssertionError("could not look whether it stays so: " + what, e);
      }
      pause();
    } while (System.nanoTime() < end);
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting", e);
    }
  }
}
