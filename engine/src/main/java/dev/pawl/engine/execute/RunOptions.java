package dev.pawl.engine.execute;

import dev.pawl.engine.plan.Version;
import java.time.Duration;
import java.util.Optional;

/**
 * What a run is to do.
 *
 * @param stream names the history in the ledger: one database can hold several
 * @param holder who asks, for the lease: unique for each process
 * @param through the wanted version; empty for the newest in the plan
 * @param leaseTtl how long the lease lives without a heartbeat
 */
public record RunOptions(
    String stream, String holder, Optional<Version> through, Duration leaseTtl, Policy policy) {

  /**
   * How far a run may go.
   *
   * @param missingVerifyFile for a step that runs on its own
   * @param lockTimeout for one lock wait; cut to half of the server's deadlock_timeout
   * @param statementTimeout for a transactional statement; zero for none
   * @param waitForLease how long to wait for a lease that another holds; zero for not at all
   * @param retryFor how long what can be retried is retried before the run ends; empty for ever
   */
  public record Policy(
      OutOfOrder outOfOrder,
      OnInvalid onInvalid,
      MissingVerifyFile missingVerifyFile,
      Duration lockTimeout,
      Duration statementTimeout,
      Duration waitForLease,
      Optional<Duration> retryFor) {
    /** Refuse what is out of order, repair what is invalid, wait in small bites, never give up. */
    public static final Policy DEFAULT =
        new Policy(
            OutOfOrder.REFUSE,
            OnInvalid.REPAIR,
            MissingVerifyFile.GENERATE,
            Duration.ofMillis(400),
            Duration.ZERO,
            Duration.ofSeconds(30),
            Optional.empty());
  }

  /** What to do with a pending step older than the newest applied one. */
  public enum OutOfOrder {
    REFUSE,
    APPLY
  }

  /** What to do with a step that runs on its own and has no verify file beside it. */
  public enum MissingVerifyFile {
    /** Observe by the facts that its statement tells. */
    GENERATE,
    REFUSE
  }

  /** What to do with an object that is there and invalid, with nobody building it. */
  public enum OnInvalid {
    REPAIR,
    FAIL
  }
}
