package dev.pawl.engine.execute;

import dev.pawl.engine.dialect.Dialect;
import dev.pawl.engine.dialect.SqlStates;
import dev.pawl.engine.dialect.Verdict;
import dev.pawl.engine.fault.FailurePoint;
import dev.pawl.engine.ledger.Fence;
import dev.pawl.engine.ledger.Ledger;
import dev.pawl.engine.ledger.LedgerRow;
import dev.pawl.engine.plan.Step;
import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.Literal;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What both kinds of step need: the working session, the fence, the ledger row, the retries. */
final class Worker {
  final Target target;
  final Dialect dialect;
  final Fence fence;
  final Heartbeat heartbeat;
  final Tracker tracker;
  final RunOptions options;
  private final String identity;
  private final java.util.function.BooleanSupplier cancelled;
  private volatile Session session;

  /** How often the step at work has met each SQLSTATE. */
  private final Map<String, Integer> met = new HashMap<>();

  Worker(
      Target target,
      Dialect dialect,
      Fence fence,
      Heartbeat heartbeat,
      Tracker tracker,
      RunOptions options,
      java.util.function.BooleanSupplier cancelled,
      Session session,
      String identity)
      throws SQLException, LeaseLostException {
    this.target = target;
    this.dialect = dialect;
    this.fence = fence;
    this.heartbeat = heartbeat;
    this.tracker = tracker;
    this.options = options;
    this.cancelled = cancelled;
    this.identity = identity;
    adopt(session);
  }

  /** Registered first: a backend that a successor could not end must not be worked with. */
  private void adopt(Session opened) throws SQLException, LeaseLostException {
    if (!heartbeat.register(
        opened.greeting.pooled() ? Optional.empty() : Optional.of(opened.greeting.backend()))) {
      throw new LeaseLostException("the lease of stream " + options.stream() + " is lost");
    }
    opened.waitWithoutEnd(); // the heartbeat watches it
    FailurePoint.BACKEND_NAMED.reached();
    if (dialect.kind() == DatabaseKind.COCKROACHDB) {
      var name = CockroachWorkers.applicationName(options.stream());
      opened.send("SET application_name = " + Literal.text(name));
    }
    session = opened;
  }

  /** In place of one that cannot be used any more. */
  private void replace() throws SQLException, LeaseLostException, InterruptedException {
    FailurePoint.RECONNECT.reached();
    session.close();
    var opened = Connector.open(target, Duration.ZERO);
    try {
      Identity.mustBe(identity, opened);
      adopt(opened);
    } finally {
      if (session != opened) {
        opened.close();
      }
    }
    check();
  }

  /** The session with just these settings: one with others is discarded. */
  Session session(List<String> prologue)
      throws SQLException, LeaseLostException, InterruptedException {
    check();
    if (!session.usable() || !prologue.equals(session.prologue())) {
      if (!session.usable() || !session.prologue().isEmpty()) {
        replace();
      }
      session.setPrologue(prologue);
    }
    return session;
  }

  /** The session, whatever its settings: for the ledger. */
  Session session() throws SQLException, LeaseLostException, InterruptedException {
    return session(session.usable() ? List.copyOf(session.prologue()) : List.of());
  }

  /** From any thread. */
  void abort() {
    session.abort();
  }

  /** Ends the session; its settings end with it. */
  void close() {
    session.close();
  }

  /** Raises when the run must not go on. */
  void check() throws LeaseLostException, InterruptedException {
    if (cancelled.getAsBoolean()) {
      throw new InterruptedException("the run was cancelled");
    }
    if (heartbeat.failedOver().isPresent()) {
      throw new LeaseLostException("FailedOver", heartbeat.failedOver().get());
    }
    if (!heartbeat.fresh()) {
      throw new LeaseLostException("the lease of stream " + options.stream() + " has expired");
    }
  }

  /** A fenced transaction with nothing but a step's compare-and-set. */
  void advance(Step step, Phase to, List<Phase> expected, int attempts, Details details)
      throws SQLException, LeaseLostException, InterruptedException {
    var session = session();
    FailurePoint.ROW_WRITE.reached();
    try (var _ = FailurePoint.ROW_SENT.atAnswer()) {
      fence.advance(session::send, move(step, to, expected, attempts, details));
    } catch (SQLException e) {
      session.rollback();
      throw lost(e);
    }
    FailurePoint.ROW_WRITTEN.reached();
  }

  /**
   * What goes into the row besides the phase.
   *
   * @param before null to keep what is there
   */
  record Details(String before, String job, String sqlstate, String message) {
    static final Details NONE = new Details(null, null, null, null);

    static Details message(String message) {
      return new Details(null, null, null, message);
    }
  }

  static Fence.Advance move(
      Step step, Phase to, List<Phase> expected, int attempts, Details details) {
    return new Fence.Advance(
        step.version().text(),
        step.ordinal(),
        expected.stream().map(Phase::text).toList(),
        to.text(),
        attempts,
        details.before(),
        details.job(),
        details.sqlstate(),
        details.message());
  }

  /** The error itself, or the end of the run when it says that the lease is lost. */
  SQLException lost(SQLException e) throws LeaseLostException, InterruptedException {
    if (Fence.LOST.equals(e.getSQLState())) {
      throw new LeaseLostException(e.getMessage());
    }
    if (Identity.ANOTHER.equals(e.getSQLState())) {
      throw new LeaseLostException("FailedOver", e.getMessage());
    }
    check();
    return e;
  }

  /** The ledger's row of a step now. */
  LedgerRow row(Step step) throws SQLException, LeaseLostException, InterruptedException {
    return Ledger.row(session().connection, options.stream(), step.version().text(), step.ordinal())
        .orElseThrow(() -> new SQLException("the row of step " + step.id() + " is gone", "PW002"));
  }

  /**
   * Writes Failed.
   *
   * @return what is to be said of it
   */
  StepOutcome fail(Step step, Cause cause, boolean human)
      throws SQLException, LeaseLostException, InterruptedException {
    advance(
        step,
        Phase.FAILED,
        List.of(Phase.PENDING, Phase.APPLYING, Phase.APPLIED, Phase.VERIFYING, Phase.FAILED),
        0,
        new Details(null, null, cause.sqlstate().orElse(null), cause.message()));
    tracker.failed(step, cause);
    return new StepOutcome.Failed(cause, human);
  }

  /**
   * As {@link #fail}, also when the ledger cannot be written now: it says Failed at the next try.
   */
  StepOutcome failQuietly(Step step, Cause cause, boolean human)
      throws LeaseLostException, InterruptedException {
    try {
      return fail(step, cause, human);
    } catch (SQLException e) {
      lost(e);
      tracker.failed(step, cause);
      return new StepOutcome.Failed(cause, human);
    }
  }

  /** Somebody holds what it needs: it is tried again at short intervals. */
  static boolean waitsForLock(SQLException e) {
    return SqlStates.lockNotAvailable(e) || passing(e);
  }

  /** Another stream is at work, or the row has moved on: neither says anything of the statement. */
  static boolean passing(SQLException e) {
    return Fence.BUSY.equals(e.getSQLState()) || Fence.MOVED.equals(e.getSQLState());
  }

  /** Retries of one step, until the time for them is over. */
  final class Retries {
    private Instant since;
    private Backoff backoff;

    /** The step has moved on: what failed before does not count any more. */
    void reset() {
      since = null;
      backoff = null;
    }

    /**
     * Waits before the next try.
     *
     * @return false when the time for retries is over
     */
    boolean again(Cause cause, boolean lock) throws InterruptedException {
      if (since == null) {
        since = Instant.now();
      }
      if (backoff == null) {
        backoff = lock ? Backoff.forLocks() : Backoff.forErrors();
      }
      var limit = options.policy().retryFor();
      if (limit.isPresent() && since.plus(limit.get()).isBefore(Instant.now())) {
        return false;
      }
      tracker.waiting(cause);
      backoff.pause();
      return true;
    }
  }

  /** A step begins: what others have met does not count for it. */
  void begin() {
    met.clear();
  }

  /** What an error means where a step runs in a transaction, or on its own. */
  Verdict verdict(SQLException e, boolean transactional) {
    return passing(e)
        ? Verdict.RETRY
        : dialect.verdict(
            e, transactional, met.merge(String.valueOf(e.getSQLState()), 1, Integer::sum) - 1);
  }
}
