package dev.pawl.operator;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Looks at the leader's own Lease from beside, by the monotonic clock: a leader that has not seen
 * it renewed within the deadline leads no more. The elector alone would notice only when its
 * request, which may be on its way to nowhere, has timed out; by then another leads.
 */
final class LeaseWatch {
  private final Supplier<Optional<String>> renewal;
  private final Duration deadline;
  private final Duration period;
  private final Runnable overdue;
  private final LongSupplier clock;
  private final AtomicLong seen = new AtomicLong();
  private final AtomicReference<String> last = new AtomicReference<>("");
  private volatile Optional<Thread> thread = Optional.empty();

  /**
   * Does nothing before it is started.
   *
   * @param renewal asks the API server when our Lease was renewed last; empty where it is no longer
   *     ours; may block, and may throw
   * @param deadline how old the last renewal seen may be
   * @param period between two looks
   * @param clock monotonic, in nanoseconds
   */
  LeaseWatch(
      Supplier<Optional<String>> renewal,
      Duration deadline,
      Duration period,
      Runnable overdue,
      LongSupplier clock) {
    this.renewal = renewal;
    this.deadline = deadline;
    this.period = period;
    this.overdue = overdue;
    this.clock = clock;
  }

  /** From now on; the Lease has just been taken. */
  void start() {
    begin();
    thread = Optional.of(Thread.ofVirtual().name("lease-watch").start(this::watch));
  }

  /** The Lease has just been taken. */
  void begin() {
    seen.set(clock.getAsLong());
  }

  void stop() {
    thread.ifPresent(Thread::interrupt);
  }

  private void watch() {
    try {
      while (true) {
        TimeUnit.NANOSECONDS.sleep(period.toNanos());
        // Before anything else: this process may have been stopped for long.
        if (isOverdue()) {
          overdue.run();
          return;
        }
        Thread.ofVirtual().start(this::look); // it may never be answered
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether the last renewal seen is older than the deadline. */
  boolean isOverdue() {
    return clock.getAsLong() - seen.get() > deadline.toNanos();
  }

  /** Asks once; may block. */
  void look() {
    long asked = clock.getAsLong();
    try {
      var now = renewal.get();
      if (now.isPresent() && !now.get().equals(last.getAndSet(now.get()))) {
        seen.accumulateAndGet(asked, (one, other) -> other - one > 0 ? other : one);
      }
    } catch (RuntimeException e) {
      // Not seen this time: the deadline decides.
    }
  }
}
