package dev.pawl.engine.execute;

import dev.pawl.engine.change.Maintenance;
import dev.pawl.engine.change.Reindex;
import dev.pawl.engine.change.SchemaChange;
import dev.pawl.engine.dialect.Verdict;
import dev.pawl.engine.ledger.LedgerRow;
import dev.pawl.engine.plan.Step;
import dev.pawl.engine.verify.Observation;
import dev.pawl.engine.verify.VerifyQuery;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A step that cannot be atomic with its ledger row: observed before it is sent, and again after
 * every success, error, restart or lost connection. What is observed decides.
 */
final class AutocommitStep {
  private static final int REPAIRS = 5;
  private static final Duration POLL = Duration.ofMillis(500);
  private static final List<Phase> UNFINISHED =
      List.of(Phase.PENDING, Phase.APPLYING, Phase.APPLIED, Phase.VERIFYING, Phase.FAILED);

  private final Worker worker;
  private final Step step;
  private final SchemaChange change;
  private final Worker.Retries retries;
  private Optional<String> note = Optional.empty();
  private SQLException lastError;
  private boolean succeeded;

  /** It may have been sent, and what came of it is not known. */
  private boolean unanswered;

  private int repairs;
  private Cause unverified;
  private Optional<LedgerRow> known;

  /**
   * @param known its row as the run has read it: what the first look goes by
   */
  AutocommitStep(Worker worker, Step step, LedgerRow known) {
    this.worker = worker;
    this.known = Optional.of(known);
    this.step = step;
    this.change = step.changes().getFirst();
    this.retries = worker.new Retries();
  }

  StepOutcome run() throws LeaseLostException, InterruptedException {
    while (true) {
      Cause cause;
      boolean lock = false;
      try {
        var end = once();
        if (end.isPresent()) {
          return end.get();
        }
        if (unverified == null) {
          continue;
        }
        cause = unverified;
      } catch (SQLException e) {
        worker.lost(e);
        var verdict = worker.verdict(e, false);
        if (verdict != Verdict.RETRY && verdict != Verdict.AMBIGUOUS) {
          // Not the statement's own error, but that of a question: it would come again.
          return failed(Messages.of(step, e, false), verdict == Verdict.HUMAN);
        }
        lock = "55P03".equals(e.getSQLState()) || Worker.passing(e);
        cause = Messages.of(step, e, false);
      }
      if (!retries.again(cause, lock)) {
        return new StepOutcome.GaveUp(cause);
      }
    }
  }

  /** Failed in the ledger is sent again at the next run: not so while it may have happened. */
  private StepOutcome failed(Cause cause, boolean human)
      throws LeaseLostException, InterruptedException {
    if (!unanswered) {
      return worker.failQuietly(step, cause, human);
    }
    worker.tracker.failed(step, cause);
    return new StepOutcome.Failed(cause, human);
  }

  /** One look and what follows from it; empty to look again. */
  private Optional<StepOutcome> once()
      throws SQLException, LeaseLostException, InterruptedException {
    unverified = null;
    var row = known.isPresent() ? known.get() : worker.row(step);
    known = Optional.empty();
    var phase = Phase.of(row.phase());
    if (phase == Phase.VERIFIED) {
      worker.tracker.phase(step, Phase.VERIFIED, row.message());
      return Optional.of(new StepOutcome.Verified());
    }
    unanswered |= phase == Phase.APPLYING && !succeeded && lastError == null;
    if (worker.session().greeting.pooled()) {
      return Optional.of(failed(Messages.pooler(step, change.describe()), true));
    }
    var session = worker.session(step.prologue());
    boolean ours = phase == Phase.APPLYING || phase == Phase.APPLIED || phase == Phase.VERIFYING;
    var observed =
        worker.dialect.observe(session.connection, change, ours ? row.before() : Optional.empty());
    return switch (observed) {
      case Observation.Valid _ -> verified(row, ours);
      case Observation.Building building -> follow(row, ours, building);
      case Observation.Invalid invalid -> repair(session, row, invalid);
      case Observation.Different different ->
          Optional.of(
              worker.fail(
                  step,
                  Cause.of(
                      "Different",
                      where(
                          different.found()
                              + ". Pawl does not touch it: remove or rename it, or change the"
                              + " migration")),
                  false));
      case Observation.Absent _ -> absent(session, row);
      case Observation.Unobservable _ -> unobservable(session, row, ours);
    };
  }

  private Optional<StepOutcome> verified(LedgerRow row, boolean ours)
      throws SQLException, LeaseLostException, InterruptedException {
    if (note.isEmpty() && !succeeded) {
      note = Optional.of(ours ? "adopted: it was found done" : "adopted: it was so already");
    }
    if (Phase.of(row.phase()) != Phase.APPLIED) {
      worker.advance(step, Phase.APPLIED, UNFINISHED, 0, details(note));
    }
    if (worker.tracker.state(step).phase() != Phase.APPLIED) {
      worker.tracker.phase(step, Phase.APPLIED, note);
    }
    worker.tracker.phase(step, Phase.VERIFYING, note);
    if (step.verifySql().isPresent()) {
      var session = worker.session(step.prologue());
      var answer = VerifyQuery.ask(session.connection, step.verifySql().get());
      if (!answer.verified()) {
        unverified = Cause.of("NotVerified", where(answer.message()));
        worker.tracker.progress(step, OptionalInt.empty(), Optional.empty(), unverified.message());
        return Optional.empty();
      }
    }
    worker.advance(step, Phase.VERIFIED, List.of(Phase.APPLIED, Phase.VERIFYING), 0, details(note));
    worker.tracker.phase(step, Phase.VERIFIED, note);
    return Optional.of(new StepOutcome.Verified());
  }

  private static Worker.Details details(Optional<String> note) {
    return Worker.Details.message(note.orElse(null));
  }

  /** Somebody is at work on it: wait, never issue it again, whoever started it. */
  private Optional<StepOutcome> follow(LedgerRow row, boolean ours, Observation.Building building)
      throws SQLException, LeaseLostException, InterruptedException {
    if (!ours) {
      worker.advance(
          step,
          Phase.APPLYING,
          List.of(Phase.PENDING, Phase.FAILED),
          0,
          new Worker.Details(null, building.job().orElse(null), null, building.detail()));
    }
    if (!succeeded) {
      if (worker.tracker.state(step).phase() != Phase.APPLYING) {
        worker.tracker.phase(step, Phase.APPLYING, Optional.of(building.detail()));
      }
      note =
          Optional.of(
              "adopted: "
                  + building.job().map(j -> "backend " + j).orElse("another session")
                  + " was at work on it, and was followed to its end");
    }
    worker.tracker.progress(
        step, building.percent(), building.job(), "following: " + building.detail());
    retries.reset(); // the work goes on
    TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
    return Optional.empty();
  }

  private Optional<StepOutcome> repair(Session session, LedgerRow row, Observation.Invalid invalid)
      throws SQLException, LeaseLostException, InterruptedException {
    if (worker.options.policy().onInvalid() == RunOptions.OnInvalid.FAIL || repairs == REPAIRS) {
      return Optional.of(
          worker.fail(
              step,
              Cause.of(
                  "Invalid",
                  where(
                      invalid.reason()
                          + (repairs == 0
                              ? ". Repair it, or set policy onInvalid to Repair to have it done"
                              : ", also after Pawl has repaired it: repair it by hand"))),
              false));
    }
    var user = worker.dialect.inUse(session.connection, change);
    if (user.isPresent()) {
      return waitFor(user.get());
    }
    worker.advance(
        step,
        Phase.APPLYING,
        UNFINISHED,
        1,
        new Worker.Details(
            null, Integer.toString(session.greeting.backend()), null, invalid.reason()));
    worker.tracker.applying(step, Optional.of(Integer.toString(session.greeting.backend())));
    worker.tracker.progress(
        step, OptionalInt.empty(), Optional.empty(), "repairing: " + invalid.reason());
    repairs++;
    return attempt(
        session,
        worker.dialect.mustNotCut(change, true),
        () -> {
          note = Optional.of("repaired: " + worker.dialect.repair(session.connection, change));
          succeeded = false;
        });
  }

  private Optional<StepOutcome> absent(Session session, LedgerRow row)
      throws SQLException, LeaseLostException, InterruptedException {
    if (lastError != null) {
      // It said that something exists, or does not, and the look says otherwise: no use repeating.
      var error = lastError;
      lastError = null;
      return Optional.of(worker.fail(step, Messages.of(step, error, true), false));
    }
    if (succeeded) {
      return Optional.of(
          worker.fail(
              step,
              Cause.of(
                  "Undone",
                  where(
                      change.describe()
                          + " succeeded, and now it is not so: somebody has undone it. Find out"
                          + " who; Pawl then applies it again")),
              true));
    }
    var user = worker.dialect.inUse(session.connection, change);
    if (user.isPresent()) {
      return waitFor(user.get());
    }
    return send(session);
  }

  private Optional<StepOutcome> unobservable(Session session, LedgerRow row, boolean ours)
      throws SQLException, LeaseLostException, InterruptedException {
    var phase = Phase.of(row.phase());
    if (succeeded || row.appliedAt().isPresent() || ours && phase != Phase.APPLYING) {
      return verified(row, true);
    }
    if (lastError != null) {
      var error = lastError;
      lastError = null;
      return Optional.of(worker.fail(step, Messages.of(step, error, true), false));
    }
    if (ours && !repeatable()) {
      return Optional.of(
          failed(Messages.outcomeUnknown(step, change, row, worker.options.stream()), true));
    }
    return send(session);
  }

  /** Run twice, it has the effect of once. */
  private boolean repeatable() {
    return change instanceof Maintenance || change instanceof Reindex;
  }

  private Optional<StepOutcome> send(Session session)
      throws SQLException, LeaseLostException, InterruptedException {
    var backend = Integer.toString(session.greeting.backend());
    var before = worker.dialect.before(session.connection, change);
    succeeded = false;
    worker.advance(
        step,
        Phase.APPLYING,
        UNFINISHED,
        1,
        new Worker.Details(before.orElse(null), backend, null, null));
    worker.tracker.applying(step, Optional.of(backend));
    return attempt(
        session,
        worker.dialect.mustNotCut(change, false),
        () -> {
          unanswered = true;
          session.send(step.sql());
          unanswered = false;
          succeeded = true;
          note = Optional.empty();
        });
  }

  /** Work on the database outside a transaction. */
  private interface Work {
    void run() throws SQLException;
  }

  private Optional<StepOutcome> attempt(Session session, List<String> mustNotCut, Work work)
      throws SQLException, LeaseLostException, InterruptedException {
    try (var _ = session.without(mustNotCut)) {
      worker.check();
      var watch = new Watch(session.greeting.backend());
      try {
        work.run();
      } catch (SQLException e) {
        return after(session, e);
      } finally {
        watch.end();
      }
    }
    lastError = null;
    if (succeeded) {
      retries.reset();
      worker.advance(
          step,
          Phase.APPLIED,
          List.of(Phase.APPLYING),
          0,
          new Worker.Details(null, null, null, null));
      worker.tracker.phase(step, Phase.APPLIED, note);
    }
    return Optional.empty();
  }

  private Optional<StepOutcome> after(Session session, SQLException error)
      throws SQLException, LeaseLostException, InterruptedException {
    worker.lost(error);
    var verdict = worker.verdict(error, false);
    unanswered &= verdict == Verdict.RETRY || verdict == Verdict.AMBIGUOUS;
    return switch (verdict) {
      case RETRY, AMBIGUOUS -> throw error;
      case EXISTS -> {
        lastError = error;
        yield Optional.empty();
      }
      case PERMANENT -> {
        removeLeftover(session);
        yield Optional.of(worker.fail(step, Messages.of(step, error, true), false));
      }
      case HUMAN -> Optional.of(worker.fail(step, Messages.of(step, error, true), true));
    };
  }

  /**
   * A failed build leaves an INVALID index, and a unique one still rejects the application's rows.
   */
  private void removeLeftover(Session session) throws SQLException {
    worker.dialect.removeLeftover(session.connection, change);
  }

  private Optional<StepOutcome> waitFor(String user) throws InterruptedException {
    worker.tracker.progress(step, OptionalInt.empty(), Optional.empty(), "waiting: " + user);
    TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
    return Optional.empty();
  }

  /** While the statement runs, shows its progress. */
  private final class Watch {
    private final CountDownLatch end = new CountDownLatch(1);
    private final int backend;
    private final Thread thread;

    Watch(int backend) {
      this.backend = backend;
      thread = Thread.ofVirtual().name("progress-" + step.id()).start(this::watch);
    }

    private void watch() {
      try {
        while (!end.await(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
          worker
              .heartbeat
              .progress(worker.dialect, backend)
              .ifPresent(p -> worker.tracker.progress(step, p.percent(), p.job(), p.detail()));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    /** Nothing is told of the statement after this. */
    void end() throws InterruptedException {
      end.countDown();
      thread.join();
    }
  }

  private String where(String what) {
    return step.file() + ":" + step.line() + ": " + what;
  }
}
