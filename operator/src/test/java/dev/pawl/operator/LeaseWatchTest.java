package dev.pawl.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** That it ends is shown with real time, however late; that it does not, with a clock of ours. */
class LeaseWatchTest {
  private static final Duration DEADLINE = Duration.ofMillis(400);
  private static final Duration PERIOD = Duration.ofMillis(20);

  private final CountDownLatch overdue = new CountDownLatch(1);
  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1); // it may overflow

  private boolean ends(Supplier<Optional<String>> renewal) throws InterruptedException {
    var watch = new LeaseWatch(renewal, DEADLINE, PERIOD, overdue::countDown, System::nanoTime);
    watch.start();
    try {
      return overdue.await(60, TimeUnit.SECONDS);
    } finally {
      watch.stop();
    }
  }

  private LeaseWatch begun(Supplier<Optional<String>> renewal) {
    var watch = new LeaseWatch(renewal, DEADLINE, PERIOD, overdue::countDown, clock::get);
    watch.begin();
    return watch;
  }

  private void pass(Duration time) {
    clock.addAndGet(time.toNanos());
  }

  @Test
  void aLeaseThatIsRenewedIsNeverOverdue() {
    var renewals = new AtomicInteger();
    var watch = begun(() -> Optional.of("t" + renewals.incrementAndGet()));
    for (int k = 0; k < 10; k++) {
      pass(DEADLINE);
      assertThat(watch.isOverdue()).isFalse();
      watch.look();
    }
    pass(DEADLINE.plusNanos(1));
    assertThat(watch.isOverdue()).isTrue();
  }

  @Test
  void anAnswerCountsFromWhenItWasAskedFor() {
    var watch =
        begun(
            () -> {
              pass(DEADLINE.plusNanos(1));
              return Optional.of("late");
            });
    watch.look();
    assertThat(watch.isOverdue()).isTrue();
  }

  @Test
  void aQuestionThatIsNeverAnsweredEndsItAtTheDeadline() throws Exception {
    var never = new CountDownLatch(1);
    assertThat(
            ends(
                () -> {
                  try {
                    never.await();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                  return Optional.empty();
                }))
        .isTrue();
  }

  @Test
  void aLeaseThatIsSeenButNotRenewedEndsIt() throws Exception {
    assertThat(ends(() -> Optional.of("always the same"))).isTrue();
  }

  @Test
  void aLeaseOfAnotherEndsIt() throws Exception {
    assertThat(ends(Optional::empty)).isTrue();
  }

  @Test
  void anErrorIsOneLookMissedAndNoMore() {
    var looks = new AtomicInteger();
    var watch =
        begun(
            () -> {
              if (looks.incrementAndGet() % 3 == 0) {
                throw new IllegalStateException("500");
              }
              return Optional.of("t" + looks.get());
            });
    for (int k = 0; k < 10; k++) {
      pass(DEADLINE.dividedBy(2));
      watch.look();
      assertThat(watch.isOverdue()).isFalse();
    }
  }
}
