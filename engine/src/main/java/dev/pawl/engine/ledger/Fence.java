package dev.pawl.engine.ledger;

import dev.pawl.engine.sql.DatabaseKind;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * The right to write: a stream's lease at one epoch. It begins every transaction of Pawl's, and
 * raises when the lease is lost, a step is in another phase than expected, or another stream is at
 * work. What goes to the server, and in how many messages, differs between databases.
 */
public sealed interface Fence permits PostgresFence, CockroachFence {
  /** SQLSTATE of a lost or expired lease. */
  String LOST = "PW001";

  /** SQLSTATE of a step whose phase is another than expected. */
  String MOVED = "PW002";

  /** SQLSTATE of another stream's statement running outside a transaction. */
  String BUSY = "PW003";

  /** Who writes. */
  record Holder(String stream, String name, long epoch) {}

  /**
   * What bounds a transaction.
   *
   * @param lock for each lock wait; on PostgreSQL at most half of the server's deadlock_timeout
   * @param statement for each statement; zero for none
   * @param idle below the lease's time to live, so that a paused holder does not hold on
   */
  record Limits(Duration lock, Duration statement, Duration idle) {}

  /** Sends a text to the server as one message. */
  interface Wire {
    /**
     * @throws SQLException the first error of any of its statements
     */
    void send(String sql) throws SQLException;
  }

  /**
   * Where a step goes.
   *
   * @param expected the phases it may be in now
   * @param attempts to be added to those it has
   * @param before null to keep what is there
   * @param job null for none
   * @param sqlstate null for none
   * @param message null for none
   */
  record Advance(
      String version,
      int ordinal,
      List<String> expected,
      String phase,
      int attempts,
      String before,
      String job,
      String sqlstate,
      String message) {
    public Advance {
      expected = List.copyOf(expected);
    }
  }

  /** The fence of a database. */
  static Fence of(DatabaseKind kind, Holder holder, Limits limits) {
    return switch (kind) {
      case POSTGRESQL -> new PostgresFence(holder, limits);
      case COCKROACHDB -> new CockroachFence(holder, limits);
    };
  }

  /** Who writes. */
  Holder holder();

  /**
   * Begins a transaction.
   *
   * @throws SQLException {@link #LOST}, {@link #BUSY}, or the server's own; a transaction may be
   *     open then, and must be rolled back
   */
  void begin(Wire wire) throws SQLException;

  /**
   * Begins a transaction with a step's compare-and-set.
   *
   * @throws SQLException as {@link #begin(Wire)}, and {@link #MOVED}
   */
  void begin(Wire wire, Advance to) throws SQLException;

  /**
   * A whole transaction with nothing but a step's compare-and-set.
   *
   * @throws SQLException as {@link #begin(Wire, Advance)}
   */
  void advance(Wire wire, Advance to) throws SQLException;

  /** Ends the transaction; to follow the author's text in the same message. */
  String commit();
}
