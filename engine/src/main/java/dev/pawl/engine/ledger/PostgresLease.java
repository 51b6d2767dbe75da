package dev.pawl.engine.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Optional;

/**
 * On PostgreSQL the old holder's backend is ended before its lease is taken over: that is the only
 * fence for a statement not yet sent.
 */
final class PostgresLease extends Lease {
  /** At most half of deadlock_timeout: whoever waits longer beside a build gets it killed. */
  @Override
  String prelude() {
    return """
    SELECT pg_catalog.set_config('synchronous_commit', 'on', true),
           pg_catalog.set_config('lock_timeout',
             least(400, greatest(1, setting::int / 2))::text, true)
      FROM pg_catalog.pg_settings WHERE name = 'deadlock_timeout'
    """;
  }

  /**
   * A backend that executes a statement outside a transaction is let be, and followed. Of another
   * role's backend only its name may be visible: a Pawl whose start is hidden may be the old one.
   */
  @Override
  boolean silence(Connection connection, String stream, Beat old) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            SELECT CASE
                     WHEN a.backend_start IS NULL THEN false
                     WHEN a.state = 'active' AND EXISTS (
                       SELECT FROM pawl.step s WHERE s.stream = ? AND s.kind = 'autocommit'
                          AND s.phase = 'Applying' AND s.epoch = ?)
                     THEN true
                     ELSE pg_catalog.pg_terminate_backend(a.pid)
                   END
              FROM pg_catalog.pg_stat_activity a
             WHERE a.pid = ? AND (a.backend_start = ?
                OR a.backend_start IS NULL AND a.application_name = 'pawl')
            """)) {
      statement.setString(1, stream);
      statement.setLong(2, old.epoch());
      statement.setInt(3, old.pid());
      statement.setTimestamp(4, old.start());
      try (var rows = statement.executeQuery()) {
        return !rows.next() || rows.getBoolean(1);
      }
    } catch (SQLException e) {
      if ("42501".equals(e.getSQLState())) {
        return false; // not ours to end
      }
      throw e;
    }
  }

  @Override
  public boolean register(Connection connection, Fence.Holder holder, Optional<Integer> backend)
      throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            UPDATE pawl.heartbeat SET backend_pid = ?, backend_start =
                   (SELECT a.backend_start FROM pg_catalog.pg_stat_activity a WHERE a.pid = ?)
             WHERE\s\
            """
                + OURS)) {
      statement.setObject(1, backend.orElse(null), Types.INTEGER);
      statement.setObject(2, backend.orElse(null), Types.INTEGER);
      ours(statement, 3, holder);
      return statement.executeUpdate() == 1;
    }
  }
}
