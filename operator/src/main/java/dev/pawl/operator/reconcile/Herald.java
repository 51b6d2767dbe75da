package dev.pawl.operator.reconcile;

import dev.pawl.crd.SchemaMigration;
import dev.pawl.engine.execute.Cause;
import dev.pawl.engine.execute.Phase;
import dev.pawl.engine.execute.Result;
import dev.pawl.engine.execute.StepState;
import dev.pawl.operator.status.Events;
import dev.pawl.operator.status.Metrics;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Makes Events, metrics and log lines of what a run tells. */
@Singleton
class Herald {
  private static final Logger LOG = Logger.getLogger(Herald.class);

  private final Events events;
  private final Metrics metrics;

  Herald(Events events, Metrics metrics) {
    this.events = events;
    this.metrics = metrics;
  }

  /** Something is told; the progress does not show it yet. */
  void told(SchemaMigration sm, Progress progress, Progress.Told told) {
    switch (told) {
      case Progress.Told.Planned(var steps) -> planned(sm, steps);
      case Progress.Told.Moved(var step, var at) -> moved(sm, progress, step);
      case Progress.Told.Waiting(var cause, var since) -> {
        if (progress.waiting().filter(w -> w.cause().equals(cause)).isEmpty()) {
          LOG.infof("%s: waits: %s", name(sm), cause.message());
        }
      }
      case Progress.Told.Resumed() -> LOG.infof("%s: goes on", name(sm));
    }
  }

  private void planned(SchemaMigration sm, List<StepState> steps) {
    long pending = steps.stream().filter(s -> s.phase() != Phase.VERIFIED).count();
    if (pending > 0) {
      say(
          sm,
          Events.Type.Normal,
          "Started",
          "version %s: %d of %d steps are to be applied and verified"
              .formatted(sm.getSpec().version(), pending, steps.size()));
    }
  }

  private void moved(SchemaMigration sm, Progress progress, StepState step) {
    var before = progress.state(step.id());
    int asked = step.verifications() - before.map(StepState::verifications).orElse(0);
    if (asked > 0) {
      metrics.verified(asked);
    }
    if (before.map(StepState::phase).equals(Optional.of(step.phase()))) {
      return;
    }
    metrics.moved(step.phase());
    if (step.phase() == Phase.FAILED) {
      say(
          sm,
          Events.Type.Warning,
          "StepFailed",
          Sentences.step(step) + step.sqlstate().map(s -> " (SQLSTATE " + s + ")").orElse(""));
    } else if (step.phase() == Phase.VERIFIED && step.message().isPresent()) {
      say( // adopted, repaired
          sm, Events.Type.Normal, "StepVerified", Sentences.step(step));
    } else {
      LOG.logf(
          step.phase() == Phase.VERIFIED ? Logger.Level.INFO : Logger.Level.DEBUG,
          "%s: %s",
          name(sm),
          Sentences.step(step));
    }
  }

  /** The gate was closed because the server is another. */
  void failedOver(SchemaMigration sm, String before, String now) {
    say(
        sm,
        Events.Type.Warning,
        "FailedOver",
        "the database was %s and is %s: new pods are held until what was verified is verified on this one"
            .formatted(before, now));
  }

  /** Nothing has moved for long. */
  void stuck(SchemaMigration sm, String message) {
    events.say(sm, Events.Type.Warning, "NoProgress", message); // said once in ten minutes
  }

  /** A run has ended; said where it is not what was known before. */
  void ended(SchemaMigration sm, boolean wasReady, Result result, Optional<Result> before) {
    switch (result) {
      case Result.Verified verified -> {
        if (!wasReady) {
          say(
              sm,
              Events.Type.Normal,
              "Verified",
              "everything through version %s is applied and verified: %d steps"
                  .formatted(sm.getSpec().version(), verified.steps().size()));
        }
      }
      case Result.Failed failed -> {} // said when its step failed
      case Result.Refused refused -> sayNew(sm, "Refused", refused.cause(), before);
      case Result.Unavailable unavailable ->
          sayNew(sm, unavailable.cause().reason(), unavailable.cause(), before);
      case Result.Cancelled cancelled -> LOG.infof("%s: the run was cancelled", name(sm));
    }
  }

  private void sayNew(SchemaMigration sm, String reason, Cause cause, Optional<Result> before) {
    if (!before.flatMap(Herald::cause).equals(Optional.of(cause))) {
      say(sm, Events.Type.Warning, reason, cause.message());
    }
  }

  private static Optional<Cause> cause(Result result) {
    return switch (result) {
      case Result.Verified verified -> Optional.empty();
      case Result.Failed failed -> Optional.of(failed.cause());
      case Result.Refused refused -> Optional.of(refused.cause());
      case Result.Unavailable unavailable -> Optional.of(unavailable.cause());
      case Result.Cancelled cancelled -> Optional.empty();
    };
  }

  private void say(SchemaMigration sm, Events.Type type, String reason, String note) {
    events.say(sm, type, reason, note);
    LOG.logf(
        type == Events.Type.Warning ? Logger.Level.WARN : Logger.Level.INFO,
        "%s: %s: %s",
        name(sm),
        reason,
        note);
  }

  private static String name(SchemaMigration sm) {
    return sm.getMetadata().getNamespace() + "/" + sm.getMetadata().getName();
  }
}
