package dev.pawl.e2e.chaos;

import java.util.concurrent.locks.LockSupport;

/** What threads of the run do with time. */
final class Threads {
  private Threads() {}

  static void pause(int millis) {
    LockSupport.parkNanos(millis * 1_000_000L);
  }

  /** Waits for its end. */
  static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + thread.getName(), e);
    }
  }
}
