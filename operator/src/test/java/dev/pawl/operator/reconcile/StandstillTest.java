package dev.pawl.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.execute.Activity;
import dev.pawl.engine.execute.Phase;
import dev.pawl.operator.Samples;
import dev.pawl.operator.status.Outlook;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Since when nothing has moved, and who holds it up. */
@Timeout(120)
class StandstillTest {
  private static final Instant NOW = Instant.parse("2026-11-24T09:00:00Z");
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final Outlook WORKING = new Outlook.Progressing("step 1#1 is Applying");
  private static final Callable<Optional<Activity>> NOBODY = Optional::empty;

  private final Standstill standstill = new Standstill();
  private final Progress progress = new Progress();

  private void see(Phase phase, Instant at) {
    progress.hear(new Progress.Told.Moved(Samples.step("1", 1, phase), at));
    standstill.see(progress, true, at);
  }

  private Outlook outlook(Outlook outlook, Instant at) {
    return standstill.of(outlook, at, LIMIT, NOBODY, () -> {});
  }

  @Test
  void nothingIsSaidBeforeTheTimeAndThenSinceWhen() {
    see(Phase.APPLYING, NOW);
    see(Phase.APPLYING, NOW.plusSeconds(300));

    assertThat(outlook(WORKING, NOW.plusSeconds(599))).isEqualTo(WORKING);
    assertThat(standstill.left(NOW.plusSeconds(599), LIMIT)).isEqualTo(Duration.ofSeconds(1));
    assertThat(outlook(WORKING, NOW.plusSeconds(600)))
        .isInstanceOfSatisfying(
            Outlook.Stuck.class,
            o ->
                assertThat(o.message())
                    .contains("step 1#1 is Applying", "since 2026-11-24T09:00:00Z", "goes on"));
  }

  @Test
  void whatMovesBeginsAnew() {
    see(Phase.APPLYING, NOW);
    see(Phase.VERIFIED, NOW.plusSeconds(599));
    assertThat(outlook(WORKING, NOW.plusSeconds(700))).isEqualTo(WORKING);

    standstill.see(progress, false, NOW.plusSeconds(800));
    assertThat(outlook(WORKING, NOW.plusSeconds(8000))).as("nothing runs").isEqualTo(WORKING);
  }

  @Test
  void whoHoldsItUpIsAskedForAndSaidWithRetriesToo() throws Exception {
    see(Phase.APPLYING, NOW);
    var blocker =
        new Activity.Backend(
            "backend",
            "99",
            "app",
            "psql",
            "idle in transaction",
            Optional.empty(),
            "UPDATE t",
            List.of());
    var working =
        new Activity.Backend(
            "backend",
            "12",
            "pawl",
            "pawl",
            "active",
            Optional.empty(),
            "ALTER TABLE t",
            List.of(blocker));
    var activity =
        new Activity("s", "h", 1, true, NOW, NOW, Optional.empty(), List.of(working), List.of());
    var heard = new CountDownLatch(1);
    standstill.of(
        WORKING, NOW.plusSeconds(600), LIMIT, () -> Optional.of(activity), heard::countDown);
    assertThat(heard.await(60, TimeUnit.SECONDS)).isTrue();

    var sentence = "backend 12 is held up by backend 99 (app, psql), idle in transaction: UPDATE t";
    assertThat(outlook(WORKING, NOW.plusSeconds(601)).message()).contains(sentence);
    assertThat(outlook(new Outlook.Retrying("LockTimeout", "locked"), NOW.plusSeconds(601)))
        .isEqualTo(new Outlook.Retrying("LockTimeout", "locked; " + sentence));
    assertThat(outlook(WORKING, NOW.plusSeconds(602)))
        .as("between two tries")
        .isInstanceOf(Outlook.Retrying.class);
    assertThat(outlook(new Outlook.Ready("done"), NOW.plusSeconds(601)))
        .isEqualTo(new Outlook.Ready("done"));
  }
}
