package dev.pawl.engine.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.Optional;

/**
 * On PostgreSQL the old holder's backend is ended before its lease is taken over: that is the only
 * fence for a statement not yet sent.
 */
final class PostgresLease extends Lease {
  /**
   * At most half of deadlock_timeout: whoever waits longer beside a build gets it killed. And who
   * is stopped while it holds the lease's row must not keep everybody out.
   */
  @Override
  String prelude() {
    return """
    SELECT pg_catalog.set_config('synchronous_commit', 'on', true),
           pg_catalog.set_config('idle_in_transaction_session_timeout', '5s', true),
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

  /** Where activity is not tracked, nothing is known, and nothing said. */
  @Override
  public boolean unheard(Connection connection, Fence.Holder holder, Duration idle)
      throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            SELECT a.pid IS NULL OR a.state LIKE 'idle%'
                     AND a.state_change
                           < pg_catalog.clock_timestamp() - ? * interval '1 millisecond'
              FROM pawl.heartbeat h LEFT JOIN pg_catalog.pg_stat_activity a
                ON a.pid = h.backend_pid AND a.backend_start = h.backend_start
             WHERE h.stream = ? AND h.epoch = ? AND h.backend_start IS NOT NULL
            """)) {
      statement.setLong(1, idle.toMillis());
      statement.setString(2, holder.stream());
      statement.setLong(3, holder.epoch());
      try (var rows = statement.executeQuery()) {
        return rows.next() && rows.getBoolean(1);
      }
    }
  }

  /**
   * The backend that was named before is ended first, as at a take-over: what it was sent may come
   * late.
   */
  @Override
  public boolean register(Connection connection, Fence.Holder holder, Optional<Integer> backend)
      throws SQLException {
    var old = beat(connection, holder.stream());
    if (old.epoch() == holder.epoch() && old.holder().equals(holder.name()) && old.pid() != null) {
      silence(connection, holder.stream(), old);
    }
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
