package dev.pawl.engine.execute;

import dev.pawl.engine.dialect.Dialect;
import dev.pawl.engine.dialect.Verdict;
import dev.pawl.engine.fault.FailurePoint;
import dev.pawl.engine.ledger.Fence;
import dev.pawl.engine.ledger.Lease;
import dev.pawl.engine.ledger.Ledger;
import dev.pawl.engine.ledger.LedgerRow;
import dev.pawl.engine.plan.InvalidSourceException;
import dev.pawl.engine.plan.Plan;
import dev.pawl.engine.plan.Planner;
import dev.pawl.engine.plan.SourceFile;
import dev.pawl.engine.plan.Step;
import dev.pawl.engine.plan.Version;
import dev.pawl.engine.sql.DatabaseKind;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The run: connect, plan, compare, lease, then step after step. */
final class Run implements MigrationRun {
  private static final int TRIES = 8;

  /** How long the address may take to say where it leads. */
  private static final Duration ADDRESS = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(Run.class);

  /** Makes the plan of a source. */
  interface Planning {
    Plan plan(Collection<SourceFile> source, DatabaseKind kind) throws InvalidSourceException;
  }

  private final Target target;
  private final Collection<SourceFile> source;
  private final Planning planning;
  private final RunOptions options;
  private final Tracker tracker;
  private volatile boolean cancelled;
  private volatile boolean finishing;
  private volatile Session first;
  private volatile Worker worker;

  Run(Target target, Collection<SourceFile> source, RunOptions options, RunListener listener) {
    this(target, source, options, listener, Planner::plan);
  }

  /**
   * @param planning for tests, another than the planner's own
   */
  Run(
      Target target,
      Collection<SourceFile> source,
      RunOptions options,
      RunListener listener,
      Planning planning) {
    this.planning = planning;
    this.target = target.direct().orElse(target);
    this.source = source;
    this.options = options;
    this.tracker = new Tracker(listener);
  }

  @Override
  public void finish() {
    finishing = true;
  }

  @Override
  public void cancel() {
    cancelled = true;
    abort();
  }

  private void abort() {
    var w = worker;
    var s = first;
    if (w != null) {
      w.abort();
    } else if (s != null) {
      s.abort();
    }
  }

  @Override
  public Result run() {
    if (cancelled) {
      return cancelled();
    }
    // Until there is a heartbeat nobody else would notice that no answer comes.
    try (var session = Connector.open(target, options.leaseTtl().multipliedBy(2))) {
      first = session;
      if (cancelled) {
        return cancelled();
      }
      return connected(session);
    } catch (SQLException e) {
      if (Identity.ANOTHER.equals(e.getSQLState())) {
        return nothingKnown(Connector.why(target, e));
      }
      return cancelled ? cancelled() : unavailable(Connector.why(target, e));
    } catch (InvalidSourceException e) {
      return new Result.Refused(Cause.of("InvalidSource", e.getMessage()), List.of());
    } catch (LeaseLostException e) {
      return cancelled
          ? cancelled()
          : nothingKnown(Cause.of(e.reason(), e.getMessage() + "; it is taken again"));
    } catch (InterruptedException e) {
      return cancelled();
    } catch (RuntimeException | StackOverflowError e) {
      LOG.error("the run of stream {} on {} stopped", options.stream(), target, e);
      return unavailable(
          Cause.of(
              "UnexpectedError",
              "Pawl could not go on with stream "
                  + options.stream()
                  + " of "
                  + target
                  + ": "
                  + e
                  + ". Please report it, with the log"));
    } finally {
      var w = worker;
      if (w != null) {
        w.close();
      }
    }
  }

  private Result cancelled() {
    return new Result.Cancelled(tracker.all());
  }

  /** What this run has seen verified may be another history's by now: it claims none of it. */
  private static Result nothingKnown(Cause cause) {
    return new Result.Unavailable(cause, List.of());
  }

  private Result unavailable(Cause cause) {
    return new Result.Unavailable(cause, tracker.all());
  }

  private Result connected(Session session)
      throws SQLException, InvalidSourceException, LeaseLostException, InterruptedException {
    var kind = session.greeting.kind();
    var tooOld = session.greeting.tooOld();
    if (tooOld.isPresent()) {
      return new Result.Refused(
          Cause.of("UnsupportedDatabase", target + " is " + tooOld.get()), List.of());
    }
    if (session.greeting.standby()) {
      return unavailable(
          Cause.of("Standby", target + " is a standby: give the address of the primary"));
    }
    var identity = Identity.of(session);
    tracker.connected(identity);
    var all = planning.plan(source, kind);
    if (all.steps().isEmpty()) {
      return new Result.Verified(Optional.empty(), identity, List.of());
    }
    var wanted = options.through().orElseGet(() -> all.versions().getLast());
    if (!all.versions().contains(wanted)) {
      return unavailable(
          Cause.of(
              "WaitingForSource",
              "version "
                  + wanted
                  + " is not in the source yet; its newest is "
                  + all.versions().getLast()));
    }
    var plan = all.through(wanted);
    var unverifiable = withoutVerifyFile(plan);
    if (unverifiable.isPresent()) {
      return new Result.Refused(unverifiable.get(), List.of());
    }
    var dialect = Dialect.of(kind);
    makeLedger(session, dialect);
    if (Ledger.digest(session.connection, options.stream(), identity)
        .filter(plan.digest()::equals)
        .isPresent()) {
      tracker.plan(plan.steps(), rows(session));
      // The digest alone would not see a row that somebody has changed by hand.
      if (tracker.all().stream().allMatch(s -> s.phase() == Phase.VERIFIED)) {
        return new Result.Verified(Optional.of(wanted), identity, tracker.all());
      }
    }
    try (var heartbeat =
        new Heartbeat(target, options.stream(), options.leaseTtl(), identity, this::abort)) {
      var held = takeLease(heartbeat, dialect);
      return held.isPresent()
          ? unavailable(held.get())
          : leased(session, heartbeat, dialect, new Goal(all, plan, wanted, identity));
    }
  }

  /**
   * What a run is after.
   *
   * @param all the whole source, also beyond the wanted version
   * @param plan up to the wanted version
   * @param identity of the server, which must be the same to the end
   */
  private record Goal(Plan all, Plan plan, Version wanted, String identity) {}

  /** Why the plan is refused where each step that runs on its own must have a verify file. */
  private Optional<Cause> withoutVerifyFile(Plan plan) {
    if (options.policy().missingVerifyFile() == RunOptions.MissingVerifyFile.GENERATE) {
      return Optional.empty();
    }
    return plan.steps().stream()
        .filter(step -> step.kind() == Step.Kind.AUTOCOMMIT && !step.inVerifyFile())
        .findFirst()
        .map(
            step ->
                Cause.of(
                    "VerifyFileMissing",
                    step.file()
                        + ":"
                        + step.line()
                        + ": "
                        + step.describe()
                        + " has no verify file beside it, and the policy asks for one: add "
                        + step.file().replaceFirst("(?i)\\.sql$", ".verify.sql")
                        + ", or set policy verification.missingFile to Generate"));
  }

  private void makeLedger(Session session, Dialect dialect)
      throws SQLException, InterruptedException {
    var kind = dialect.kind();
    var backoff = Backoff.forLocks();
    for (int tries = 1; !Ledger.exists(session.connection, kind); tries++) {
      try {
        FailurePoint.LEDGER_CREATE.reached();
        Ledger.create(session.connection, kind);
      } catch (SQLException e) {
        // Another may have made any part of it meanwhile: the next look tells.
        if (dialect.verdict(e, true) == Verdict.HUMAN || tries == TRIES) {
          throw e;
        }
        backoff.pause();
      }
    }
  }

  private Map<String, LedgerRow> rows(Session session) throws SQLException {
    var byId = new HashMap<String, LedgerRow>();
    for (var row : Ledger.rows(session.connection, options.stream())) {
      byId.put(Comparison.id(row), row);
    }
    return byId;
  }

  /** Why the lease could not be had in time; empty when it is ours. */
  private Optional<Cause> takeLease(Heartbeat heartbeat, Dialect dialect)
      throws SQLException, InterruptedException {
    var until = Instant.now().plus(options.policy().waitForLease());
    var backoff = Backoff.forLocks();
    while (true) {
      if (cancelled) {
        throw new InterruptedException("the run was cancelled");
      }
      Cause cause;
      try {
        switch (heartbeat.take(options.holder())) {
          case Lease.Attempt.Taken _ -> {
            return Optional.empty();
          }
          case Lease.Attempt.Held held -> cause = Messages.held(options.stream(), target, held);
          case Lease.Attempt.Lingering old ->
              cause =
                  Cause.of(
                      "LeaseHeld",
                      old.holder()
                          + " lost its lease of stream "
                          + options.stream()
                          + ", but its backend "
                          + old.backend()
                          + " still runs and is not this role's to end: wait, or have an"
                          + " administrator run SELECT pg_terminate_backend("
                          + old.backend()
                          + ")");
        }
      } catch (SQLException e) {
        if (dialect.verdict(e, true) != Verdict.RETRY) {
          throw e;
        }
        cause = new Cause("LeaseHeld", e.getMessage(), Optional.of(e.getSQLState()));
      }
      if (!Instant.now().isBefore(until)) {
        return Optional.of(cause);
      }
      tracker.waiting(cause);
      backoff.pause();
    }
  }

  private Result leased(Session session, Heartbeat heartbeat, Dialect dialect, Goal goal)
      throws SQLException, LeaseLostException, InterruptedException {
    var plan = goal.plan();
    var policy = options.policy();
    var fence =
        Fence.of(
            dialect.kind(),
            heartbeat.holder(),
            new Fence.Limits(
                lockTimeout(session.greeting.deadlockMillis()),
                policy.statementTimeout(),
                options.leaseTtl().dividedBy(2)));
    worker =
        new Worker(
            target,
            dialect,
            fence,
            heartbeat,
            tracker,
            options,
            () -> cancelled,
            session,
            goal.identity());
    var rows = Ledger.rows(session.connection, options.stream());
    var comparison = Comparison.of(plan, goal.wanted(), rows, policy.outOfOrder());
    if (comparison.refusal().isPresent()) {
      tracker.plan(plan.steps(), rows(session));
      return new Result.Refused(comparison.refusal().get(), tracker.all());
    }
    var observedOn = Ledger.identity(session.connection, options.stream());
    boolean sameServer = observedOn.equals(Optional.of(goal.identity()));
    boolean nothingVerified =
        rows.stream().noneMatch(row -> Phase.of(row.phase()) == Phase.VERIFIED);
    fenced(
        connection -> {
          Ledger.setDigest(connection, options.stream(), null);
          if (!sameServer && nothingVerified) {
            Ledger.setIdentity(connection, options.stream(), goal.identity());
          }
          Ledger.remove(connection, options.stream(), comparison.remove());
          Ledger.put(connection, options.stream(), fence.holder().epoch(), comparison.put());
          FailurePoint.PLAN_WRITTEN.reached();
        });
    FailurePoint.PLAN_COMMITTED.reached();
    var now = rows(session);
    tracker.plan(plan.steps(), now);
    if (plan.steps().stream().anyMatch(s -> mustBeSeen(s, now.get(s.id())))) {
      var blind = dialect.blindness(session.connection);
      if (blind.isPresent()) {
        return new Result.Refused(
            Cause.of("JobsHidden", target + ": " + blind.get()), tracker.all());
      }
    }
    if (!sameServer && !nothingVerified) {
      var end = observeAgain(goal, now, observedOn.orElse("not known"));
      if (end.isPresent()) {
        return end.get();
      }
    }
    for (int k = 0; k < plan.steps().size(); k++) {
      var step = plan.steps().get(k);
      var row = now.get(step.id());
      if (Phase.of(row.phase()) == Phase.VERIFIED) {
        continue;
      }
      if (finishing) {
        return cancelled();
      }
      switch (run(step, row, followed(plan, k))) {
        case StepOutcome.Verified _ -> FailurePoint.STEP_DONE.reached();
        case StepOutcome.Failed failed -> {
          return new Result.Failed(
              tracker.state(step), failed.cause(), failed.human(), tracker.all());
        }
        case StepOutcome.GaveUp gaveUp -> {
          return unavailable(gaveUp.cause());
        }
      }
    }
    FailurePoint.DIGEST.reached();
    fenced(
        connection -> {
          Ledger.setDigest(connection, options.stream(), plan.digest());
          FailurePoint.DIGEST_WRITTEN.reached();
        });
    // What a primary that was replaced still answers to those connected to it is nobody's database.
    try (var another = Connector.open(target, ADDRESS)) {
      Identity.mustBe(goal.identity(), another);
    }
    return new Result.Verified(Optional.of(goal.wanted()), goal.identity(), tracker.all());
  }

  /** Before what another server's ledger calls verified is believed; empty when it is so. */
  private Optional<Result> observeAgain(Goal goal, Map<String, LedgerRow> rows, String before)
      throws SQLException, LeaseLostException, InterruptedException {
    var findings = new SecondLook(worker).at(goal.all().steps(), rows);
    if (findings.isEmpty()) {
      fenced(connection -> Ledger.setIdentity(connection, options.stream(), goal.identity()));
      return Optional.empty();
    }
    var cause = Messages.notAsVerified(options.stream(), before, goal.identity(), findings);
    return Optional.of(
        findings.stream().allMatch(Verifier.Finding::passing)
            ? unavailable(cause)
            : new Result.Refused(cause, tracker.all()));
  }

  private static boolean mustBeSeen(Step step, LedgerRow row) {
    return step.kind() == Step.Kind.AUTOCOMMIT && Phase.of(row.phase()) != Phase.VERIFIED;
  }

  /** Whether another step of its file comes after it. */
  private static boolean followed(Plan plan, int place) {
    var steps = plan.steps();
    return place + 1 < steps.size() && steps.get(place + 1).file().equals(steps.get(place).file());
  }

  /** At most half of deadlock_timeout; zero would be: without end. */
  private Duration lockTimeout(int deadlockMillis) {
    var asked = options.policy().lockTimeout();
    var half = Duration.ofMillis(Math.max(1, deadlockMillis / 2));
    return asked.toMillis() > 0 && asked.compareTo(half) < 0 ? asked : half;
  }

  private StepOutcome run(Step step, LedgerRow row, boolean followed)
      throws LeaseLostException, InterruptedException {
    worker.begin();
    return switch (step.kind()) {
      case TRANSACTION -> new TransactionStep(worker, step, row, followed).run();
      case AUTOCOMMIT -> new AutocommitStep(worker, step, row).run();
    };
  }

  /** Work on the ledger. */
  private interface LedgerWork {
    void run(Connection connection) throws SQLException;
  }

  /** Runs it in a transaction that begins with the fence; waits for locks by trying again. */
  private void fenced(LedgerWork work)
      throws SQLException, LeaseLostException, InterruptedException {
    var retries = worker.new Retries();
    while (true) {
      var session = worker.session();
      try {
        worker.fence.begin(session::send);
        work.run(session.connection);
        session.send("COMMIT");
        return;
      } catch (SQLException e) {
        session.rollback();
        worker.lost(e);
        if (worker.verdict(e, true) != Verdict.RETRY
            || !retries.again(Messages.ledgerBusy(options.stream(), e), true)) {
          throw e;
        }
      }
    }
  }
}
