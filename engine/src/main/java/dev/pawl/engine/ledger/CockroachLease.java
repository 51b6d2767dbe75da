package dev.pawl.engine.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * On CockroachDB nobody can be ended (CANCEL SESSION of another user's needs CANCELQUERY), and
 * nobody need be: every transaction of the old holder has read the lease's row under SERIALIZABLE,
 * so once another has changed it none of them commits after what the successor has read. A schema
 * change already sent goes on as a job, and is followed.
 */
final class CockroachLease extends Lease {
  /** Must be the first statement of the transaction. */
  @Override
  String prelude() {
    return "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;"
        + "SET LOCAL idle_in_transaction_session_timeout = '5s'";
  }

  @Override
  boolean silence(Connection connection, String stream, Beat old) {
    return true;
  }

  /** No backend is remembered, so none can be asked about. */
  @Override
  public boolean unheard(Connection connection, Fence.Holder holder, Duration idle) {
    return false;
  }

  /** No backend is remembered: its number says nothing to a session of another node. */
  @Override
  public boolean register(Connection connection, Fence.Holder holder, Optional<Integer> backend)
      throws SQLException {
    try (var statement =
        connection.prepareStatement("UPDATE pawl.heartbeat SET backend_pid = NULL WHERE " + OURS)) {
      ours(statement, 1, holder);
      return statement.executeUpdate() == 1;
    }
  }
}
