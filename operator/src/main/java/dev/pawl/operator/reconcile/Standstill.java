package dev.pawl.operator.reconcile;

import dev.pawl.engine.execute.Activity;
import dev.pawl.operator.status.Outlook;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Since when nothing of a run has moved, and who holds it up. */
final class Standstill {
  private static final Duration ASKED_ANEW = Duration.ofSeconds(30);
  private static final int LOOKS = 50;
  private static final long BETWEEN_LOOKS = 100;

  private String mark = "";
  private Optional<Instant> since = Optional.empty();
  private Instant asked = Instant.EPOCH;
  private volatile Optional<String> heldUp = Optional.empty();

  /** What was waited for at the last try: between two tries it is so still. */
  private Optional<Outlook.Retrying> why = Optional.empty();

  /** Looks whether anything has moved since the last look. */
  void see(Progress progress, boolean running, Instant now) {
    if (!running) {
      since = Optional.empty();
      heldUp = Optional.empty();
      why = Optional.empty();
      return;
    }
    var next = mark(progress);
    if (since.isEmpty() || !next.equals(mark)) {
      mark = next;
      since = Optional.of(now);
      asked = Instant.EPOCH;
      heldUp = Optional.empty();
      why = Optional.empty();
    }
  }

  /** Another try of the same is no progress. */
  private static String mark(Progress progress) {
    var step = progress.latest().flatMap(progress::state);
    return progress.verified()
        + " "
        + step.map(s -> s.id() + " " + s.percent() + " " + s.appliedAt() + " " + s.message())
            .orElse("");
  }

  /** How long until it is to be said. */
  Duration left(Instant now, Duration limit) {
    return since.map(s -> Duration.between(now, s.plus(limit))).orElse(limit);
  }

  private boolean lasts(Instant now, Duration limit) {
    return since.isPresent() && !now.isBefore(since.get().plus(limit));
  }

  /**
   * The outlook with what is to be said of it: since when, and who holds it up, which is asked of
   * the database in the background.
   *
   * @param look asks the database; may block and fail
   * @param news called when there is an answer
   */
  Outlook of(
      Outlook outlook,
      Instant now,
      Duration limit,
      Callable<Optional<Activity>> look,
      Runnable news) {
    if (outlook instanceof Outlook.Retrying retrying) {
      why = Optional.of(retrying);
    }
    if (!lasts(now, limit)) {
      return outlook;
    }
    return switch (outlook) {
      case Outlook.Progressing _ when why.isPresent() -> of(why.get(), now, limit, look, news);
      case Outlook.Progressing(var message) -> {
        ask(now, look, news);
        yield new Outlook.Stuck(
            message
                + "; nothing has moved since "
                + since.orElseThrow().truncatedTo(ChronoUnit.SECONDS)
                + heldUp.map(h -> ": " + h).orElse("")
                + ". The work goes on");
      }
      case Outlook.Retrying(var reason, var message) -> {
        ask(now, look, news);
        yield new Outlook.Retrying(reason, message + heldUp.map(h -> "; " + h).orElse(""));
      }
      default -> outlook;
    };
  }

  /** A wait for a lock is cut and tried again: one look alone would often miss it. */
  private void ask(Instant now, Callable<Optional<Activity>> look, Runnable news) {
    if (now.isBefore(asked.plus(ASKED_ANEW))) {
      return;
    }
    asked = now;
    Thread.ofVirtual()
        .name("who-holds-it-up")
        .start(
            () -> {
              try {
                for (int k = 0; k < LOOKS; k++) {
                  var found = look.call().flatMap(Activity::heldUp);
                  if (found.isPresent()) {
                    if (!found.equals(heldUp)) {
                      heldUp = found;
                      news.run();
                    }
                    return;
                  }
                  TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS);
                }
                heldUp = Optional.empty();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } catch (Exception e) { // not to be known now: it is asked again
                heldUp = Optional.empty();
              }
            });
  }
}
