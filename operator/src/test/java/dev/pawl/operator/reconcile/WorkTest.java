package dev.pawl.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.execute.Cause;
import dev.pawl.engine.execute.MigrationRun;
import dev.pawl.engine.execute.Phase;
import dev.pawl.engine.execute.Result;
import dev.pawl.engine.execute.RunListener;
import dev.pawl.engine.execute.RunOptions;
import dev.pawl.engine.execute.StepState;
import dev.pawl.engine.execute.Target;
import dev.pawl.engine.plan.Version;
import dev.pawl.operator.Samples;
import dev.pawl.operator.source.MigrationFiles;
import dev.pawl.operator.status.Outlook;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is remembered and told of a migration, with runs played by the test. */
@Timeout(120)
class WorkTest {
  private static final Instant NOW = Instant.parse("2026-11-24T09:00:00Z");
  private static final Duration RESYNC = Duration.ofMinutes(10);
  private static final Cause DUPLICATE_ROWS =
      new Cause("UniqueViolation", "Key (a)=(1) is duplicated", Optional.of("23505"));

  private final BlockingQueue<Play> plays = new LinkedBlockingQueue<>();
  private final Work work = new Work();
  private final Semaphore permits = new Semaphore(1);
  private final Runner.Tools tools =
      new Runner.Tools(
          (target, source, options, listener) -> new Play(listener, plays),
          a ->
              new Target(
                  "h", 1, "d", "u", () -> null, "prefer", Optional.empty(), Optional.empty()),
          a -> permits,
          a ->
              new RunOptions(
                  a.stream(),
                  "holder",
                  Optional.of(a.version()),
                  Duration.ofSeconds(10),
                  Policies.engine(a.policy())));

  private void runOneStepToItsEnd() throws Exception {
    work.assign(assignment("1"));
    work.start(tools, () -> {});
    var run = plays.take();
    run.listener.planned(List.of(step(1, Phase.PENDING)));
    for (var phase : List.of(Phase.APPLYING, Phase.APPLIED, Phase.VERIFYING, Phase.VERIFIED)) {
      run.listener.changed(step(1, phase));
    }
    run.end(verified(step(1, Phase.VERIFIED)));
    awaitEnd();
  }

  @Test
  void everyPhaseIsShownByItselfThoughTheRunWasFaster() throws Exception {
    runOneStepToItsEnd();

    var shown = new ArrayList<Phase>();
    while (work.hasMore()) {
      work.hear(NOW, told -> {});
      work.pace().write(NOW);
      shown.add(work.progress().states().getFirst().phase());
    }

    assertThat(shown)
        .containsExactly(
            Phase.PENDING, Phase.APPLYING, Phase.APPLIED, Phase.VERIFYING, Phase.VERIFIED);
    assertThat(work.progress().steps().getFirst().verifyingAt()).isPresent();
  }

  @Test
  void theLastPhasesDoNotKeepTheGateWaitingForLong() throws Exception {
    runOneStepToItsEnd();

    work.hear(NOW, told -> {});
    assertThat(work.hasMore()).isTrue();
    work.hear(NOW.plusSeconds(1), told -> {});

    assertThat(work.hasMore()).isFalse();
    assertThat(work.progress().allVerified()).isTrue();
  }

  @Test
  void aLongMigrationIsShownInLeaps() throws Exception {
    work.assign(assignment("1"));
    work.start(tools, () -> {});
    var run = plays.take();
    while (work.pace().allows(NOW)) {
      work.pace().write(NOW);
    }
    run.listener.planned(List.of(step(1, Phase.PENDING), step(2, Phase.PENDING)));
    run.listener.changed(step(1, Phase.VERIFIED));
    run.listener.changed(step(2, Phase.APPLYING));

    work.hear(NOW, told -> {});

    assertThat(work.hasMore()).isFalse();
    assertThat(work.progress().verified()).isEqualTo(1);
    run.end(new Result.Cancelled(List.of()));
  }

  @Test
  void aResultIsTakenOnlyWhenEverythingBeforeItHasBeenHeard() throws Exception {
    work.assign(assignment("1"));
    work.start(tools, () -> {});
    var run = plays.take();
    run.listener.planned(List.of(step(1, Phase.PENDING)));
    run.listener.changed(step(1, Phase.VERIFIED));
    run.end(verified(step(1, Phase.VERIFIED)));
    awaitEnd();

    work.hear(NOW, told -> {});
    assertThat(work.settle(NOW, RESYNC)).isEmpty();
    assertThat(work.outlook(false)).isInstanceOf(Outlook.Progressing.class);
    work.hear(NOW, told -> {});
    assertThat(work.settle(NOW, RESYNC)).isPresent();
    assertThat(work.outlook(false)).isInstanceOf(Outlook.Ready.class);
    assertThat(work.untilDue(NOW)).isEqualTo(RESYNC);
  }

  @Test
  void aFailureStaysStalledWhileItIsTriedAgainAndGoesWhenItsStepIsVerified() throws Exception {
    fail();
    assertThat(work.outlook(false))
        .isEqualTo(new Outlook.Stalled("UniqueViolation", DUPLICATE_ROWS.message()));
    assertThat(work.isDue(NOW.plusSeconds(4))).isFalse();
    assertThat(work.isDue(NOW.plusSeconds(5))).isTrue();

    work.start(tools, () -> {});
    var again = plays.take();
    again.listener.changed(step(1, Phase.APPLYING));
    work.hear(NOW, told -> {});
    assertThat(work.outlook(false)).isInstanceOf(Outlook.Stalled.class);

    again.listener.changed(step(1, Phase.VERIFIED));
    work.hear(NOW, told -> {});
    assertThat(work.outlook(false)).isInstanceOf(Outlook.Progressing.class);
    again.end(new Result.Cancelled(List.of()));
  }

  @Test
  void whatIsUnavailableIsRetriedWithItsAge() throws Exception {
    var refused = Cause.of("ConnectionRefused", "no answer from h:1");
    endWith(new Result.Unavailable(refused, List.of()), NOW);
    work.start(tools, () -> {});
    endLast(new Result.Unavailable(refused, List.of()), NOW.plusSeconds(90));

    assertThat(work.outlook(false))
        .isEqualTo(
            new Outlook.Retrying(
                "ConnectionRefused",
                "no answer from h:1 (tried again since 2026-11-24T09:00:00Z)"));
  }

  @Test
  void anUnreachableDatabaseDoesNotUndoWhatWasReady() throws Exception {
    endWith(new Result.Unavailable(Cause.of("ConnectionRefused", "no answer"), List.of()), NOW);

    assertThat(work.outlook(true)).isInstanceOf(Outlook.Ready.class);
  }

  @Test
  void aLedgerThatHasGoneBackIsNoLongerReady() throws Exception {
    work.assign(assignment("1"));
    work.start(tools, () -> {});
    var run = plays.take();
    run.listener.planned(List.of(step(1, Phase.PENDING)));
    work.hear(NOW, told -> {});

    assertThat(work.outlook(true)).isInstanceOf(Outlook.Progressing.class);
    run.end(new Result.Cancelled(List.of()));
  }

  @Test
  void anotherAssignmentCancelsTheRunAndStartsOnlyWhenItHasEnded() throws Exception {
    work.assign(assignment("1"));
    work.start(tools, () -> {});
    var first = plays.take();

    assertThat(work.assign(assignment("2"))).isTrue();
    work.start(tools, () -> {});

    assertThat(first.cancelled.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(plays.poll(200, TimeUnit.MILLISECONDS)).isNull();
    first.end(new Result.Cancelled(List.of()));
    assertThat(plays.take()).isNotNull();
    work.stop();
  }

  @Test
  void theSameAssignmentGoesOn() throws Exception {
    work.assign(assignment("1"));
    work.start(tools, () -> {});
    var run = plays.take();

    assertThat(work.assign(assignment("1"))).isFalse();
    assertThat(work.isRunning()).isTrue();
    run.end(new Result.Cancelled(List.of()));
  }

  @Test
  void verifiedIsNotBelievedWhereAStepSaysOtherwise() throws Exception {
    endWith(verified(step(1, Phase.VERIFIED), step(2, Phase.PENDING)), NOW);

    assertThat(work.last()).containsInstanceOf(Result.Unavailable.class);
    assertThat(work.outlook(true))
        .isInstanceOfSatisfying(
            Outlook.Retrying.class, o -> assertThat(o.reason()).isEqualTo("LedgerInconsistent"));
  }

  @Test
  void aConfigMapThatCannotBeReadForTheMomentStopsNoRun() throws Exception {
    var run = new Wish.Run(assignment("1"));
    var unreadable = new Wish.Rest(new Outlook.Retrying("ConfigMapUnreadable", "time-out"));
    work.wish(1, NOW, () -> run);
    work.assign(run.assignment());
    work.start(tools, () -> {});
    var play = plays.take();

    assertThat(work.wish(1, NOW.plusSeconds(60), () -> unreadable)).isEqualTo(run);
    assertThat(work.wish(2, NOW.plusSeconds(60), () -> unreadable)).isEqualTo(unreadable);
    play.end(new Result.Cancelled(List.of()));
  }

  @Test
  void aWishIsMadeAnewWhenItsSourceChangesOrIsOld() {
    var first = new Wish.Run(assignment("1"));
    var second = new Wish.Run(assignment("2"));
    work.wish(1, NOW, () -> first);

    assertThat(work.wish(1, NOW.plusSeconds(29), () -> second)).isEqualTo(first);
    work.sourceHasChanged();
    assertThat(work.wish(1, NOW.plusSeconds(29), () -> second)).isEqualTo(second);
    assertThat(work.wish(1, NOW.plusSeconds(59), () -> first)).isEqualTo(first);
  }

  @Test
  void aFaultOfARunIsReportedAndRetried() throws Exception {
    work.assign(assignment("1"));
    work.start(
        new Runner.Tools(
            (target, source, options, listener) -> {
              throw new IllegalStateException("a bug");
            },
            tools.target(),
            tools.permits(),
            tools.options()),
        () -> {});
    awaitEnd();
    work.settle(NOW, RESYNC);

    assertThat(work.outlook(false))
        .isInstanceOfSatisfying(
            Outlook.Retrying.class, o -> assertThat(o.reason()).isEqualTo("InternalError"));
  }

  @Test
  void aSuspendedRunIsAskedToFinishItsStepAndBeginsAgainAtOnceWhenThatIsOver() throws Exception {
    work.assign(assignment("1"));
    work.start(tools, () -> {});
    var play = plays.take();
    play.listener.planned(List.of(step(1, Phase.APPLYING), step(2, Phase.PENDING)));

    work.finish();

    assertThat(play.finishing.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(play.cancelled.getCount()).as("not cut").isEqualTo(1);
    assertThat(work.isRunning()).isTrue();
    play.end(new Result.Cancelled(List.of(step(1, Phase.VERIFIED), step(2, Phase.PENDING))));
    awaitEnd();
    while (work.hasMore()) {
      work.hear(NOW, told -> {});
    }
    work.settle(NOW, RESYNC);
    assertThat(work.progress().verified()).isEqualTo(1);
    assertThat(work.assign(assignment("1"))).isFalse();
    assertThat(work.isDue(NOW)).isTrue();
    assertThat(work.outlook(false)).isInstanceOf(Outlook.Progressing.class);
  }

  private void fail() throws Exception {
    var failed = step(1, Phase.FAILED);
    endWith(new Result.Failed(failed, DUPLICATE_ROWS, false, List.of(failed)), NOW);
  }

  private void endWith(Result result, Instant at) throws Exception {
    work.assign(assignment("1"));
    work.start(tools, () -> {});
    endLast(result, at);
  }

  private void endLast(Result result, Instant at) throws Exception {
    plays.take().end(result);
    awaitEnd();
    work.settle(at, RESYNC);
  }

  private void awaitEnd() throws InterruptedException {
    while (work.result().isEmpty()) {
      Thread.sleep(5);
    }
  }

  private static Assignment assignment(String version) {
    return new Assignment(
        "shop",
        "orders",
        "orders",
        new Version(version),
        Samples.database("postgres://u@h/d"),
        null,
        new MigrationFiles(List.of(), "sha256:" + version));
  }

  private static Result verified(StepState... steps) {
    return new Result.Verified(Optional.of(new Version("1")), "server", List.of(steps));
  }

  private static StepState step(int ordinal, Phase phase) {
    return Samples.step("1", ordinal, phase);
  }

  @Test
  void afterAFailoverItIsNotReadyUntilAllIsVerifiedOnTheNewServer() throws Exception {
    runOneStepToItsEnd();
    work.hear(NOW.plusSeconds(1), told -> {});
    work.hear(NOW.plusSeconds(2), told -> {});
    assertThat(work.settle(NOW, RESYNC)).isPresent();
    assertThat(work.outlook(true)).isInstanceOf(Outlook.Ready.class);
    assertThat(work.isDue(NOW)).isFalse();

    work.elsewhere("another");
    work.failedOver("server", "another");
    assertThat(work.identity()).contains("another");
    assertThat(work.isDue(NOW)).as("it is looked at again at once").isTrue();
    assertThat(work.outlook(true)).isInstanceOf(Outlook.Retrying.class);
    assertThat(((Outlook.Retrying) work.outlook(true)).reason()).isEqualTo("FailedOver");

    work.start(tools, () -> {});
    var run = plays.take();
    run.listener.connected("another");
    assertThat(work.identity()).contains("another");
    run.listener.planned(List.of(step(1, Phase.VERIFIED)));
    work.hear(NOW.plusSeconds(3), told -> {});
    assertThat(work.outlook(true))
        .as("all is verified, it says itself")
        .isNotInstanceOf(Outlook.Ready.class);
    run.end(verified(step(1, Phase.VERIFIED)));
    awaitEnd();
    work.hear(NOW.plusSeconds(4), told -> {});
    assertThat(work.settle(NOW, RESYNC)).isPresent();
    assertThat(work.outlook(false)).isInstanceOf(Outlook.Ready.class);
  }

  @Test
  void aRunThatMetAFailoverIsFollowedByAnotherAtOnce() throws Exception {
    endWith(new Result.Unavailable(Cause.of("FailedOver", "another"), List.of()), NOW);
    assertThat(work.isDue(NOW.plusSeconds(1))).isTrue();
  }

  /** A run that does what the test says; it is told of as soon as it has begun. */
  private static final class Play implements MigrationRun {
    private final RunListener listener;
    private final BlockingQueue<Play> begun;
    private final BlockingQueue<Result> results = new LinkedBlockingQueue<>();
    private final CountDownLatch finishing = new CountDownLatch(1);
    private final CountDownLatch cancelled = new CountDownLatch(1);

    Play(RunListener listener, BlockingQueue<Play> begun) {
      this.listener = listener;
      this.begun = begun;
    }

    void end(Result result) {
      results.add(result);
    }

    @Override
    public Result run() {
      begun.add(this);
      try {
        return results.take();
      } catch (InterruptedException e) {
        return new Result.Cancelled(List.of());
      }
    }

    @Override
    public void finish() {
      finishing.countDown();
    }

    @Override
    public void cancel() {
      cancelled.countDown();
    }
  }
}
