package dev.pawl.engine.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Taking, keeping and giving back the lease of a stream. */
public final class Lease {
  private Lease() {}

  /** What came of asking for the lease. */
  public sealed interface Attempt {
    /**
     * It is ours.
     *
     * @param epoch greater than every one before
     */
    record Taken(long epoch) implements Attempt {}

    /** Another holds it, and its heart beats. */
    record Held(String holder, Instant expiresAt) implements Attempt {}

    /**
     * Another held it and its heart has stopped, but its backend is still in a transaction and
     * could not be ended.
     */
    record Lingering(String holder, int backend) implements Attempt {}
  }

  private record Beat(
      String holder, long epoch, boolean alive, Instant expiresAt, Integer pid, Timestamp start) {}

  /**
   * Asks once. An expired lease is taken over: the old holder's backend is ended first, for that is
   * the only fence for a statement not yet sent, unless it executes a statement outside a
   * transaction, which is followed instead.
   *
   * @param connection in autocommit
   * @param ttl how long it lives without a heartbeat
   */
  public static Attempt take(Connection connection, String stream, String holder, Duration ttl)
      throws SQLException {
    ensureRows(connection, stream);
    var seen = beat(connection, stream);
    if (seen.alive()) {
      return new Attempt.Held(seen.holder(), seen.expiresAt());
    }
    if (seen.pid() != null && !endBackend(connection, stream, seen)) {
      return new Attempt.Lingering(seen.holder(), seen.pid());
    }
    connection.setAutoCommit(false);
    try (var settings = connection.createStatement();
        var lock =
            connection.prepareStatement(
                "SELECT epoch FROM pawl.lease WHERE stream = ? FOR UPDATE");
        var lease =
            connection.prepareStatement(
                """
                UPDATE pawl.lease SET holder = ?, epoch = greatest(epoch + 1,
                       (extract(epoch FROM pg_catalog.clock_timestamp()) * 1000)::bigint)
                 WHERE stream = ? RETURNING epoch
                """);
        var heartbeat =
            connection.prepareStatement(
                """
                UPDATE pawl.heartbeat
                   SET epoch = ?, backend_pid = NULL, backend_start = NULL,
                       expires_at = pg_catalog.clock_timestamp() + ? * interval '1 millisecond'
                 WHERE stream = ?
                """)) {
      settings.execute(
          """
          SELECT pg_catalog.set_config('synchronous_commit', 'on', true),
                 pg_catalog.set_config('lock_timeout',
                   least(400, greatest(1, setting::int / 2))::text, true)
            FROM pg_catalog.pg_settings WHERE name = 'deadlock_timeout'
          """);
      lock.setString(1, stream);
      try (var rows = lock.executeQuery()) {
        rows.next();
      }
      var now = beat(connection, stream);
      if (now.alive() || now.epoch() != seen.epoch()) {
        connection.rollback();
        return new Attempt.Held(now.holder(), now.expiresAt());
      }
      lease.setString(1, holder);
      lease.setString(2, stream);
      long epoch;
      try (var rows = lease.executeQuery()) {
        rows.next();
        epoch = rows.getLong(1);
      }
      heartbeat.setLong(1, epoch);
      heartbeat.setLong(2, ttl.toMillis());
      heartbeat.setString(3, stream);
      heartbeat.executeUpdate();
      connection.commit();
      return new Attempt.Taken(epoch);
    } catch (SQLException e) {
      connection.rollback();
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
  }

  private static void ensureRows(Connection connection, String stream) throws SQLException {
    try (var lease =
            connection.prepareStatement(
                "INSERT INTO pawl.lease VALUES (?, '', 0) ON CONFLICT DO NOTHING");
        var heartbeat =
            connection.prepareStatement(
                """
                INSERT INTO pawl.heartbeat VALUES (?, 0, '-infinity') ON CONFLICT DO NOTHING
                """)) {
      lease.setString(1, stream);
      lease.executeUpdate();
      heartbeat.setString(1, stream);
      heartbeat.executeUpdate();
    }
  }

  private static Beat beat(Connection connection, String stream) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            SELECT l.holder, l.epoch, h.epoch = l.epoch
                     AND h.expires_at > pg_catalog.clock_timestamp(),
                   greatest(h.expires_at, 'epoch'), h.backend_pid, h.backend_start
              FROM pawl.lease l JOIN pawl.heartbeat h USING (stream) WHERE l.stream = ?
            """)) {
      statement.setString(1, stream);
      try (var rows = statement.executeQuery()) {
        rows.next();
        int pid = rows.getInt(5);
        return new Beat(
            rows.getString(1),
            rows.getLong(2),
            rows.getBoolean(3),
            rows.getTimestamp(4).toInstant(),
            rows.wasNull() ? null : pid,
            rows.getTimestamp(6));
      }
    }
  }

  /**
   * Whether the old holder's backend is gone, or may stay. Of another role's backend only its name
   * may be visible: a Pawl whose start is hidden may be the old one.
   */
  private static boolean endBackend(Connection connection, String stream, Beat old)
      throws SQLException {
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

  /**
   * Beats once. An expired lease is never renewed, only taken again.
   *
   * @return whether it is still ours
   */
  public static boolean renew(Connection connection, String stream, long epoch, Duration ttl)
      throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            UPDATE pawl.heartbeat
               SET expires_at = pg_catalog.clock_timestamp() + ? * interval '1 millisecond'
             WHERE stream = ? AND epoch = ? AND expires_at > pg_catalog.clock_timestamp()
            """)) {
      statement.setLong(1, ttl.toMillis());
      statement.setString(2, stream);
      statement.setLong(3, epoch);
      return statement.executeUpdate() == 1;
    }
  }

  /**
   * Names the backend that a successor must end.
   *
   * @param backend empty where a pooler hands out backends by the transaction
   * @return whether the lease is still at this epoch
   */
  public static boolean register(
      Connection connection, String stream, long epoch, Optional<Integer> backend)
      throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            UPDATE pawl.heartbeat SET backend_pid = ?, backend_start =
                   (SELECT a.backend_start FROM pg_catalog.pg_stat_activity a WHERE a.pid = ?)
             WHERE stream = ? AND epoch = ?
            """)) {
      statement.setObject(1, backend.orElse(null), java.sql.Types.INTEGER);
      statement.setObject(2, backend.orElse(null), java.sql.Types.INTEGER);
      statement.setString(3, stream);
      statement.setLong(4, epoch);
      return statement.executeUpdate() == 1;
    }
  }

  /** Gives it back: the next holder need not wait for its expiry. */
  public static void release(Connection connection, String stream, long epoch) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            UPDATE pawl.heartbeat SET expires_at = '-infinity' WHERE stream = ? AND epoch = ?
            """)) {
      statement.setString(1, stream);
      statement.setLong(2, epoch);
      statement.executeUpdate();
    }
  }
}
