package dev.pawl.engine.ledger;

import dev.pawl.engine.fault.FailurePoint;
import dev.pawl.engine.sql.DatabaseKind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Taking, keeping and giving back the lease of a stream. */
public abstract sealed class Lease permits PostgresLease, CockroachLease {
  /** What came of asking for the lease. */
  public sealed interface Attempt {
    /**
     * It is ours.
     *
     * @param epoch greater than every one before
     */
    record Taken(long epoch) implements Attempt {}

    /** Another holds it, and its heart beats. */
    record Held(String holder, long epoch, Instant expiresAt) implements Attempt {}

    /**
     * Another held it and its heart has stopped, but its backend is still in a transaction and
     * could not be ended.
     */
    record Lingering(String holder, int backend) implements Attempt {}
  }

  record Beat(
      String holder, long epoch, boolean alive, Instant expiresAt, Integer pid, Timestamp start) {}

  /**
   * A stream's lease as it is now.
   *
   * @param alive whether it has not expired
   * @param expiresAt by the database's clock; long ago where it was given back
   * @param asked the database's clock at this look
   */
  public record Row(
      String stream, String holder, long epoch, boolean alive, Instant expiresAt, Instant asked) {}

  /** All streams' leases, by name of the stream. */
  public static List<Row> all(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                """
                SELECT l.stream, l.holder, l.epoch,
                       h.epoch = l.epoch AND h.expires_at > pg_catalog.clock_timestamp(),
                       greatest(h.expires_at, '1970-01-01 00:00:00+00'),
                       pg_catalog.clock_timestamp()
                  FROM pawl.lease l JOIN pawl.heartbeat h USING (stream) ORDER BY l.stream
                """)) {
      var all = new ArrayList<Row>();
      while (rows.next()) {
        all.add(
            new Row(
                rows.getString(1),
                rows.getString(2),
                rows.getLong(3),
                rows.getBoolean(4),
                rows.getTimestamp(5).toInstant(),
                rows.getTimestamp(6).toInstant()));
      }
      return all;
    }
  }

  /** The lease in a database of this kind. */
  public static Lease of(DatabaseKind kind) {
    return switch (kind) {
      case POSTGRESQL -> new PostgresLease();
      case COCKROACHDB -> new CockroachLease();
    };
  }

  /**
   * Sees to it that the old holder cannot write any more.
   *
   * @return false where its backend still may, and could not be ended
   */
  abstract boolean silence(Connection connection, String stream, Beat old) throws SQLException;

  /** A statement for the beginning of the transaction that takes the lease. */
  abstract String prelude();

  /**
   * Names the backend that a successor must end.
   *
   * @param backend empty where a pooler hands out backends by the transaction
   * @return whether the lease is still at this epoch
   */
  public abstract boolean register(
      Connection connection, Fence.Holder holder, Optional<Integer> backend) throws SQLException;

  /**
   * Which heartbeat is a holder's own. Its epoch alone does not tell: after a failover that lost
   * the lease of one, the same number may have been given to another.
   */
  static final String OURS =
      """
      stream = ? AND epoch = ? AND EXISTS (
        SELECT 1 FROM pawl.lease l
         WHERE l.stream = heartbeat.stream AND l.epoch = heartbeat.epoch AND l.holder = ?)
      """;

  /** Sets the parameters of {@link #OURS}, of which the first has that number. */
  static void ours(PreparedStatement statement, int first, Fence.Holder holder)
      throws SQLException {
    statement.setString(first, holder.stream());
    statement.setLong(first + 1, holder.epoch());
    statement.setString(first + 2, holder.name());
  }

  /**
   * Whether the registered backend is gone, or has had nothing to do for longer than this: who
   * still waits for its answer waits in vain.
   */
  public abstract boolean unheard(Connection connection, Fence.Holder holder, Duration idle)
      throws SQLException;

  /**
   * Asks once. An expired lease is taken over: the old holder is silenced first.
   *
   * @param connection in autocommit
   * @param ttl how long it lives without a heartbeat
   */
  public Attempt take(Connection connection, String stream, String holder, Duration ttl)
      throws SQLException {
    ensureRows(connection, stream);
    var seen = beat(connection, stream);
    if (seen.alive()) {
      return new Attempt.Held(seen.holder(), seen.epoch(), seen.expiresAt());
    }
    if (seen.pid() != null && !silence(connection, stream, seen)) {
      return new Attempt.Lingering(seen.holder(), seen.pid());
    }
    FailurePoint.LEASE_SILENCED.reached();
    connection.setAutoCommit(false);
    try (var prelude = connection.createStatement();
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
      prelude.execute(prelude());
      lock.setString(1, stream);
      try (var rows = lock.executeQuery()) {
        rows.next();
      }
      var now = beat(connection, stream);
      if (now.alive() || now.epoch() != seen.epoch()) {
        connection.rollback();
        return new Attempt.Held(now.holder(), now.epoch(), now.expiresAt());
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
      FailurePoint.LEASE_WRITTEN.reached();
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
                INSERT INTO pawl.heartbeat VALUES (?, 0, '1970-01-01 00:00:00+00')
                ON CONFLICT DO NOTHING
                """)) {
      lease.setString(1, stream);
      lease.executeUpdate();
      heartbeat.setString(1, stream);
      heartbeat.executeUpdate();
    }
  }

  static Beat beat(Connection connection, String stream) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            SELECT l.holder, l.epoch, h.epoch = l.epoch
                     AND h.expires_at > pg_catalog.clock_timestamp(),
                   greatest(h.expires_at, '1970-01-01 00:00:00+00'), h.backend_pid, h.backend_start
              FROM pawl.lease l JOIN pawl.heartbeat h USING (stream) WHERE l.stream = ?
            """)) {
      statement.setString(1, stream);
      try (var rows = statement.executeQuery()) {
        rows.next();
        return new Beat(
            rows.getString(1),
            rows.getLong(2),
            rows.getBoolean(3),
            rows.getTimestamp(4).toInstant(),
            (Integer) rows.getObject(5),
            rows.getTimestamp(6));
      }
    }
  }

  /**
   * Beats once. An expired lease is never renewed, only taken again.
   *
   * @return whether it is still ours
   */
  public boolean renew(Connection connection, Fence.Holder holder, Duration ttl)
      throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            UPDATE pawl.heartbeat
               SET expires_at = pg_catalog.clock_timestamp() + ? * interval '1 millisecond'
             WHERE expires_at > pg_catalog.clock_timestamp() AND\s\
            """
                + OURS)) {
      statement.setLong(1, ttl.toMillis());
      ours(statement, 2, holder);
      return statement.executeUpdate() == 1;
    }
  }

  /** Gives it back: the next holder need not wait for its expiry. */
  public void release(Connection connection, Fence.Holder holder) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            "UPDATE pawl.heartbeat SET expires_at = '1970-01-01 00:00:00+00' WHERE " + OURS)) {
      ours(statement, 1, holder);
      statement.executeUpdate();
    }
  }
}
