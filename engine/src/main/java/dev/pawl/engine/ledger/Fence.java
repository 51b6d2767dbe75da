package dev.pawl.engine.ledger;

import dev.pawl.engine.sql.Literal;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The right to write: a stream's lease at one epoch. It makes the first message of every
 * transaction.
 *
 * @param lockTimeout for each lock wait; at most half of the server's deadlock_timeout
 * @param statementTimeout for each statement; zero for none
 * @param idleTimeout below the lease's time to live, so that a paused holder does not hold on
 */
public record Fence(
    String stream,
    String holder,
    long epoch,
    Duration lockTimeout,
    Duration statementTimeout,
    Duration idleTimeout) {

  /** SQLSTATE of a lost or expired lease. */
  public static final String LOST = "PW001";

  /** SQLSTATE of a step whose phase is another than expected. */
  public static final String MOVED = "PW002";

  /** SQLSTATE of another stream's statement running outside a transaction. */
  public static final String BUSY = "PW003";

  /** BEGIN and the fence, as one message. */
  public String begin() {
    return "BEGIN ISOLATION LEVEL READ COMMITTED;SELECT pawl.begin("
        + Literal.text(stream)
        + ","
        + Literal.text(holder)
        + ","
        + epoch
        + ","
        + Literal.text(lockTimeout.toMillis() + "ms")
        + ","
        + Literal.text(statementTimeout.toMillis() + "ms")
        + ","
        + Literal.text(idleTimeout.toMillis() + "ms")
        + ")";
  }

  /**
   * The compare-and-set of a step's phase, to follow {@link #begin()}.
   *
   * @param expected the phases it may be in now
   */
  public String advance(Advance to, List<String> expected) {
    return ";SELECT pawl.advance("
        + Literal.text(stream)
        + ","
        + Literal.text(to.version())
        + ","
        + to.ordinal()
        + ",ARRAY["
        + expected.stream().map(Literal::text).collect(Collectors.joining(","))
        + "],"
        + Literal.text(to.phase())
        + ","
        + epoch
        + ","
        + to.attempts()
        + ","
        + Literal.text(to.before())
        + ","
        + Literal.text(to.job())
        + ","
        + Literal.text(to.sqlstate())
        + ","
        + Literal.text(to.message())
        + ")";
  }

  /**
   * Where a step goes.
   *
   * @param attempts to be added to those it has
   * @param before null to keep what is there
   * @param job null for none
   * @param sqlstate null for none
   * @param message null for none
   */
  public record Advance(
      String version,
      int ordinal,
      String phase,
      int attempts,
      String before,
      String job,
      String sqlstate,
      String message) {}
}
