package dev.pawl.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class LeaseWatchTest {
  private static final Duration DEADLINE = Duration.ofMillis(400);
  private static final Duration PERIOD = Duration.ofMillis(20);

  private final CountDownLatch overdue = new CountDownLatch(1);

  private boolean isOverdueWithin(Supplier<Optional<String>> renewal, Duration time)
      throws InterruptedException {
    var watch = new LeaseWatch(renewal, DEADLINE, PERIOD, overdue::countDown);
    watch.start();
    try {
      return overdue.await(time.toMillis(), TimeUnit.MILLISECONDS);
    } finally {
      watch.stop();
    }
  }

  @Test
  void aLeaseThatIsRenewedIsNeverOverdue() throws Exception {
    var renewals = new AtomicInteger();
    assertThat(
            isOverdueWithin(
                () -> Optional.of("t" + renewals.incrementAndGet()), DEADLINE.multipliedBy(3)))
        .isFalse();
  }

  @Test
  void aQuestionThatIsNeverAnsweredEndsItAtTheDeadline() throws Exception {
    var never = new CountDownLatch(1);
    assertThat(
            isOverdueWithin(
                () -> {
                  try {
                    never.await();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                  return Optional.empty();
                },
                DEADLINE.multipliedBy(5)))
        .isTrue();
  }

  @Test
  void aLeaseThatIsSeenButNotRenewedEndsIt() throws Exception {
    assertThat(isOverdueWithin(() -> Optional.of("always the same"), DEADLINE.multipliedBy(5)))
        .isTrue();
  }

  @Test
  void aLeaseOfAnotherEndsIt() throws Exception {
    assertThat(isOverdueWithin(Optional::empty, DEADLINE.multipliedBy(5))).isTrue();
  }

  @Test
  void anErrorIsOneLookMissedAndNoMore() throws Exception {
    var looks = new AtomicInteger();
    assertThat(
            isOverdueWithin(
                () -> {
                  if (looks.incrementAndGet() % 3 == 0) {
                    throw new IllegalStateException("500");
                  }
                  return Optional.of("t" + looks.get());
                },
                DEADLINE.multipliedBy(3)))
        .isFalse();
  }
}
