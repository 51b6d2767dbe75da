package dev.pawl.operator.reconcile;

import dev.pawl.engine.execute.Cause;
import dev.pawl.engine.execute.Result;
import dev.pawl.operator.status.Outlook;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What is remembered of one SchemaMigration between reconciliations, which the SDK never runs two
 * at a time. All of it can be lost: the ledger knows.
 */
final class Work {
  /** How long a wish is held for true, where nothing says that it has changed. */
  private static final Duration WISH_LIVES = Duration.ofSeconds(30);

  /** After a failover in the middle of a run: the address may not lead to one server yet. */
  private static final Duration FAILED_OVER = Duration.ofSeconds(1);

  /** Missing Secrets and refused connections are looked at again this soon. */
  private static final Duration UNAVAILABLE_AT_MOST = Duration.ofSeconds(30);

  /**
   * How long the last phases of a run that has ended are shown one by one; the gate waits for it.
   */
  private static final Duration LAST_WORDS = Duration.ofMillis(700);

  private final Pace pace = new Pace();
  private final AtomicBoolean news = new AtomicBoolean();
  private final AtomicBoolean sourceChanged = new AtomicBoolean();
  private Optional<Wish> wish = Optional.empty();
  private long wishGeneration;
  private Instant wishMade = Instant.EPOCH;

  private Optional<Assignment> assignment = Optional.empty();
  private Optional<Runner> runner = Optional.empty();

  /** The last one cancelled, which the next one waits for. */
  private Optional<Runner> cancelled = Optional.empty();

  /** When the runner was first seen to have ended. */
  private Optional<Instant> ended = Optional.empty();

  private final Standstill standstill = new Standstill();
  private Optional<Cancellation> cancellation = Optional.empty();
  private Progress progress = new Progress();
  private Optional<Result> last = Optional.empty();
  private Instant due = Instant.EPOCH;

  /** Another server than the last run's, which answers at its address now. */
  private volatile Optional<String> elsewhere = Optional.empty();

  /** That the gate was closed because the server is another; until all is verified on this one. */
  private Optional<Cause> failover = Optional.empty();

  private int failures;
  private Optional<Trouble> trouble = Optional.empty();

  /**
   * Why the last run did not succeed.
   *
   * @param lasting whether a person must act
   * @param verified how many steps were verified then: with one more it is over
   */
  private record Trouble(Cause cause, Instant since, boolean lasting, long verified) {}

  Pace pace() {
    return pace;
  }

  Progress progress() {
    return progress;
  }

  Optional<Result> last() {
    return last;
  }

  /** What the running or the last run has ended with. */
  Optional<Result> result() {
    return runner.isPresent() ? runner.get().result() : last;
  }

  boolean isRunning() {
    return runner.isPresent();
  }

  /** Another server answers at the address than the last run's; any thread. */
  void elsewhere(String identity) {
    elsewhere = Optional.of(identity);
  }

  /** The server and time line at the address, where it is known better than by the last result. */
  Optional<String> identity() {
    return runner.flatMap(Runner::identity).or(() -> elsewhere);
  }

  /** The gate was closed: not ready until everything is verified on the server that it is now. */
  void failedOver(String before, String now) {
    failover =
        Optional.of(
            Cause.of(
                "FailedOver",
                "the database has failed over, or its address leads to another server (it was %s, it is %s): new pods wait until what was verified is verified on this one"
                    .formatted(before, now)));
  }

  Standstill standstill() {
    return standstill;
  }

  /** Lets the step that is at work end, and begins no other. */
  void finish() {
    cancellation = Optional.empty();
    runner.ifPresent(Runner::finish);
  }

  /**
   * Cancels the step that is at work, once.
   *
   * @param start with our own runner
   * @return how it ended; empty while it is under way
   */
  Optional<Cancellation.End> cancel(Instant now, Function<Optional<Runner>, Cancellation> start) {
    var end = cancellation.flatMap(Cancellation::end);
    boolean again = end.filter(Cancellation.End.Failed.class::isInstance).isPresent();
    if (cancellation.isEmpty() || again && !now.isBefore(due)) {
      var own = runner;
      stop();
      due = now.plus(UNAVAILABLE_AT_MOST);
      cancellation = Optional.of(start.apply(own));
      return Optional.empty();
    }
    if (end.isPresent() && end.get() instanceof Cancellation.End.Done done) {
      progress.end(done.steps());
    }
    return end;
  }

  /** True once, until the news are heard. */
  boolean hasNews() {
    return news.compareAndSet(false, true);
  }

  void hearNews() {
    news.set(false);
  }

  void sourceHasChanged() {
    sourceChanged.set(true);
  }

  /**
   * The wish, made anew where it may have changed. What cannot be read for the moment stops no run:
   * that has its own copy.
   */
  Wish wish(long generation, Instant now, Supplier<Wish> make) {
    boolean changed = sourceChanged.getAndSet(false);
    boolean stale = !now.isBefore(wishMade.plus(WISH_LIVES));
    boolean edited = wish.isEmpty() || wishGeneration != generation;
    if (changed || stale || edited) {
      var made = make.get();
      boolean unreadable =
          made instanceof Wish.Rest(Outlook outlook) && outlook instanceof Outlook.Retrying;
      if (edited || !unreadable || !isRunning()) {
        wish = Optional.of(made);
      }
      wishGeneration = generation;
      wishMade = now;
    }
    return wish.get();
  }

  /** Takes on an assignment; what runs for another is cancelled. True when it is another. */
  boolean assign(Assignment next) {
    cancellation = Optional.empty();
    if (assignment.equals(Optional.of(next))) {
      return false;
    }
    stop();
    assignment = Optional.of(next);
    return true;
  }

  /** Cancels what runs, and forgets. */
  void stop() {
    cancellation = Optional.empty();
    runner.ifPresent(Runner::cancel);
    assignment = Optional.empty();
    progress = new Progress();
    last = Optional.empty();
    due = Instant.EPOCH;
    failures = 0;
    trouble = Optional.empty();
    elsewhere = Optional.empty();
    failover = Optional.empty();
    cancelled = runner.or(() -> cancelled);
    runner = Optional.empty();
  }

  /** Whether a run is due. */
  boolean isDue(Instant now) {
    return runner.isEmpty()
        && (!now.isBefore(due)
            || elsewhere.isPresent() && last.filter(Result.Verified.class::isInstance).isPresent());
  }

  Duration untilDue(Instant now) {
    return Duration.between(now, due);
  }

  void start(Runner.Tools tools, Runnable tell) {
    runner = Optional.of(Runner.start(assignment.orElseThrow(), tools, cancelled, tell));
    cancelled = Optional.empty();
    ended = Optional.empty();
    elsewhere = Optional.empty();
  }

  /**
   * Hears what the runner has told: one change of a phase where there is reserve to show it,
   * everything where there is none.
   *
   * @return whether anything minor was heard, that can be shown later
   */
  boolean hear(Instant now, Consumer<Progress.Told> each) {
    if (runner.isEmpty()) {
      return false;
    }
    if (ended.isEmpty() && runner.get().result().isPresent()) {
      ended = Optional.of(now);
    }
    boolean oneByOne =
        pace.plenty(now) && ended.filter(e -> !now.isBefore(e.plus(LAST_WORDS))).isEmpty();
    boolean minor = false;
    for (var next = runner.get().peek(); next.isPresent(); next = runner.get().peek()) {
      boolean phase = progress.isNewPhase(next.get());
      runner.get().poll();
      each.accept(next.get());
      progress.hear(next.get());
      if (phase && oneByOne) {
        return false;
      }
      minor |= !phase;
    }
    return minor;
  }

  /** Whether more has been told than heard. */
  boolean hasMore() {
    return runner.flatMap(Runner::peek).isPresent();
  }

  /** Takes the result of the runner, when it has ended and everything it told has been heard. */
  Optional<Result> settle(Instant now, Duration resync) {
    if (runner.isEmpty() || hasMore() || runner.get().result().isEmpty()) {
      return Optional.empty();
    }
    var result = runner.get().result().get();
    boolean asked = runner.get().isFinishing();
    runner = Optional.empty();
    last = Optional.of(result);
    progress.end(result.steps());
    switch (result) {
      case Result.Verified verified -> {
        failures = 0;
        trouble = Optional.empty();
        failover = Optional.empty();
        due = now.plus(resync);
      }
      case Result.Failed failed -> fail(failed.cause(), true, now);
      case Result.Refused refused -> fail(refused.cause(), true, now);
      case Result.Unavailable unavailable -> fail(unavailable.cause(), false, now);
      case Result.Cancelled _ when asked -> {
        last = Optional.empty();
        due = Instant.EPOCH;
        return Optional.of(result);
      }
      case Result.Cancelled _ ->
          fail(
              Cause.of(
                  "LeaseLost", "another process took the lease of this stream in the database"),
              false,
              now);
    }
    return last;
  }

  private void fail(Cause cause, boolean lasting, Instant now) {
    failures++;
    var since =
        trouble
            .filter(t -> t.cause().reason().equals(cause.reason()))
            .map(Trouble::since)
            .orElse(now);
    trouble = Optional.of(new Trouble(cause, since, lasting, progress.verified()));
    var pause = Policies.backoff(assignment.orElseThrow().policy(), failures);
    if (cause.reason().equals("FailedOver")) {
      pause = FAILED_OVER;
    }
    due =
        now.plus(
            !lasting && pause.compareTo(UNAVAILABLE_AT_MOST) > 0 ? UNAVAILABLE_AT_MOST : pause);
  }

  /**
   * How things stand.
   *
   * @param wasReady whether the last status of this same assignment said so
   */
  Outlook outlook(boolean wasReady) {
    var wanted = assignment.orElseThrow().version();
    if (trouble.isPresent() && progress.verified() <= trouble.get().verified()) {
      var why = trouble.get();
      if (why.lasting()) { // also while it is tried again: no flapping
        return new Outlook.Stalled(why.cause().reason(), why.cause().message());
      }
      return wasReady && failover.isEmpty() && progress.allVerified()
          ? ready(wanted.text())
          : retrying(why.cause(), why.since());
    }
    if (failover.isPresent()) {
      return new Outlook.Retrying(failover.get().reason(), failover.get().message());
    }
    if (runner.isEmpty() && last.isPresent() && last.get() instanceof Result.Verified) {
      return ready(wanted.text());
    }
    if (wasReady && progress.allVerified()) {
      return ready(wanted.text());
    }
    if (progress.waiting().isPresent()) {
      return retrying(progress.waiting().get().cause(), progress.waiting().get().since());
    }
    return new Outlook.Progressing(Sentences.progress(wanted, progress));
  }

  private Outlook ready(String wanted) {
    return new Outlook.Ready("everything through version " + wanted + " is applied and verified");
  }

  private static Outlook retrying(Cause cause, Instant since) {
    return new Outlook.Retrying(
        cause.reason(),
        cause.message() + " (tried again since " + since.truncatedTo(ChronoUnit.SECONDS) + ")");
  }
}
