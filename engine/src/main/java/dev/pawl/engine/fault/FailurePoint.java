package dev.pawl.engine.fault;

/**
 * The places where a crash, a pause or a lost connection matters. Tests arm them; when none is
 * armed, one static field is read at each. Numbers never change and are never used again; what each
 * fault does at each of them is shown in docs/fault-matrix.md.
 */
public enum FailurePoint {
  LEDGER_CREATE(1, "before the tables of the ledger are made"),
  LEASE_TAKE(2, "before the lease is asked for"),
  LEASE_SILENCED(3, "the old holder's session is ended; its lease is not taken yet"),
  LEASE_WRITTEN(4, "the new epoch is written, not committed"),
  LEASE_TAKEN(5, "the new epoch is committed; the heart does not beat yet"),
  BACKEND_NAMED(6, "the working session is named for a successor to end; nothing is done in it"),
  HEARTBEAT(7, "before a heartbeat is sent"),
  HEARTBEAT_SENT(8, "a heartbeat is sent, its answer not read"),
  PLAN_WRITTEN(9, "the rows of the plan are written, not committed"),
  PLAN_COMMITTED(10, "the rows of the plan are committed; no step has begun"),
  TRANSACTION_FENCE(11, "before fence and compare-and-set of a step in a transaction"),
  TRANSACTION_FENCED(12, "in the transaction: fence and row are written, the text is not sent"),
  TRANSACTION_SENT(13, "text and COMMIT are sent, their answer not read"),
  TRANSACTION_ANSWERED(14, "the commit is answered; nothing is done about it yet"),
  SKIP_LOOK(15, "before what an IF NOT EXISTS passed over is looked at"),
  OBSERVE(16, "before the database is observed"),
  OBSERVED(17, "after it was observed; nothing is done about it yet"),
  ROW_WRITE(18, "before the row of a step is moved on by itself"),
  ROW_SENT(19, "its compare-and-set and COMMIT are sent, their answer not read"),
  ROW_WRITTEN(20, "after their answer"),
  STATEMENT(21, "Applying is committed; the statement is not sent"),
  STATEMENT_SENT(22, "the statement is sent, its answer not read"),
  STATEMENT_ANSWERED(23, "the statement is answered; Applied is not written"),
  REPAIR(24, "before what is INVALID is repaired"),
  REPAIR_SENT(25, "its REINDEX or DROP is sent, the answer not read"),
  REPAIRED(26, "after the answer: what was to be dropped is gone, and not built yet"),
  LEFTOVER(27, "before what a failed build left is dropped"),
  CONFIRM(28, "before the predicate is asked"),
  CONFIRMED(29, "the predicate is true; Verified is not written"),
  STEP_DONE(30, "a step is Verified; the next has not begun"),
  DIGEST(31, "all steps are Verified; the stream's digest is not written"),
  DIGEST_WRITTEN(32, "the digest is written, not committed"),
  LEASE_RELEASE(33, "before the lease is given back"),
  RECONNECT(34, "before a lost session is replaced");

  private final int number;
  private final String when;

  FailurePoint(int number, String when) {
    this.number = number;
    this.when = when;
  }

  /** What happens at points that are reached; called in the thread that reaches them. */
  public interface Hook {
    /** At a point; what it throws comes out there. */
    void reached(FailurePoint point);
  }

  /** Ends the wait for an answer. */
  public interface Await extends AutoCloseable {
    @Override
    void close();
  }

  private static final Await OFF = () -> {};
  private static volatile Hook armed;

  /** Its number, which never changes. */
  public int number() {
    return number;
  }

  /** When it is reached, for a person. */
  public String when() {
    return when;
  }

  /**
   * Arms all points.
   *
   * @param hook null disarms them
   */
  public static void arm(Hook hook) {
    armed = hook;
  }

  static boolean isArmed() {
    return armed != null;
  }

  /** Here it is. */
  public void reached() {
    var hook = armed;
    if (hook != null) {
      hook.reached(this);
    }
  }

  /**
   * Reached when this thread first reads from a database, and so has sent its message; at most
   * once, before what is given back is closed.
   */
  public Await atAnswer() {
    return armed == null ? OFF : ListeningSocket.await(this);
  }
}
