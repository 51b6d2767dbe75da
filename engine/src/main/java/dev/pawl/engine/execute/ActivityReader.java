package dev.pawl.engine.execute;

import dev.pawl.engine.ledger.Ledger;
import dev.pawl.engine.plan.Version;
import dev.pawl.engine.sql.DatabaseKind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Looks at who holds the streams of a database and what runs for them; changes nothing. */
public final class ActivityReader {
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private ActivityReader() {}

  /**
   * All streams of a database, by name.
   *
   * @return empty where there is no ledger
   * @throws UnavailableException where the database cannot be reached or read, or is not PostgreSQL
   */
  public static List<Activity> read(Target target) throws UnavailableException {
    var address = target.direct().orElse(target);
    try (var session = open(address)) {
      return Ledger.exists(session.connection, session.greeting.kind())
          ? read(session.connection)
          : List.of();
    } catch (SQLException e) {
      throw new UnavailableException(Connector.why(address, e));
    }
  }

  /** One stream; empty where the database does not have it. */
  public static Optional<Activity> read(Target target, String stream) throws UnavailableException {
    return read(target).stream().filter(a -> a.stream().equals(stream)).findFirst();
  }

  static Session open(Target target) throws SQLException, UnavailableException {
    var session = Connector.open(target, PATIENCE);
    if (session.greeting.kind() == DatabaseKind.COCKROACHDB) {
      session.close();
      throw new UnavailableException(
          Cause.of(
              "UnsupportedDatabase",
              target
                  + " is CockroachDB, where this can only be looked up by hand: SELECT * FROM"
                  + " pawl.lease JOIN pawl.heartbeat USING (stream), and SHOW JOBS"));
    }
    return session;
  }

  private record Row(
      String stream,
      String holder,
      long epoch,
      boolean alive,
      Instant expiresAt,
      Instant asked,
      int backend) {}

  static List<Activity> read(Connection connection) throws SQLException {
    var all = new ArrayList<Activity>();
    for (var row : leases(connection)) {
      var step = unfinished(connection, row.stream());
      var pids = new LinkedHashSet<Integer>();
      if (row.backend() != 0) {
        pids.add(row.backend());
      }
      step.filter(s -> s.phase() == Phase.APPLYING)
          .flatMap(StepState::job)
          .filter(job -> job.matches("[0-9]{1,9}"))
          .ifPresent(job -> pids.add(Integer.parseInt(job)));
      all.add(
          new Activity(
              row.stream(),
              row.holder(),
              row.epoch(),
              row.alive(),
              row.expiresAt(),
              row.asked(),
              step,
              backends(connection, pids, true)));
    }
    return all;
  }

  /** A backend that was registered, and whose number another session has now, is none. */
  private static List<Row> leases(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                """
                SELECT l.stream, l.holder, l.epoch,
                       h.epoch = l.epoch AND h.expires_at > pg_catalog.clock_timestamp(),
                       greatest(h.expires_at, '1970-01-01 00:00:00+00'),
                       pg_catalog.clock_timestamp(),
                       (SELECT a.pid FROM pg_catalog.pg_stat_activity a WHERE a.pid = h.backend_pid
                           AND coalesce(a.backend_start = h.backend_start, true))
                  FROM pawl.lease l JOIN pawl.heartbeat h USING (stream) ORDER BY l.stream
                """)) {
      var found = new ArrayList<Row>();
      while (rows.next()) {
        found.add(
            new Row(
                rows.getString(1),
                rows.getString(2),
                rows.getLong(3),
                rows.getBoolean(4),
                rows.getTimestamp(5).toInstant(),
                rows.getTimestamp(6).toInstant(),
                rows.getInt(7)));
      }
      return found;
    }
  }

  private static Optional<StepState> unfinished(Connection connection, String stream)
      throws SQLException {
    return Ledger.rows(connection, stream).stream()
        .map(row -> Tracker.state(row, new Version(row.version())))
        .filter(s -> s.phase() != Phase.PENDING && s.phase() != Phase.VERIFIED)
        .min(Comparator.comparing(StepState::version).thenComparingInt(StepState::ordinal));
  }

  /** Of another role's session the server tells hardly more than that it is there. */
  private static List<Activity.Backend> backends(
      Connection connection, Set<Integer> pids, boolean blockers) throws SQLException {
    if (pids.isEmpty()) {
      return List.of();
    }
    try (var statement =
        connection.prepareStatement(
            """
            SELECT a.pid, coalesce(a.usename, ''), coalesce(a.application_name, ''),
                   coalesce(a.state, ''),
                   CASE WHEN a.state = 'active' THEN a.query_start
                        WHEN a.state LIKE 'idle in%' THEN a.xact_start
                        ELSE a.state_change END,
                   coalesce(a.query, ''), pg_catalog.pg_blocking_pids(a.pid)
              FROM pg_catalog.pg_stat_activity a WHERE a.pid = ANY (?)
             ORDER BY a.pid
            """)) {
      statement.setArray(1, connection.createArrayOf("int4", pids.toArray()));
      try (var rows = statement.executeQuery()) {
        var found = new ArrayList<Activity.Backend>();
        while (rows.next()) {
          found.add(backend(connection, rows, blockers));
        }
        return found;
      }
    }
  }

  private static Activity.Backend backend(Connection connection, ResultSet rows, boolean blockers)
      throws SQLException {
    var by = new LinkedHashSet<Integer>();
    for (var pid : (Object[]) rows.getArray(7).getArray()) {
      by.add((Integer) pid);
    }
    by.remove(0); // a prepared transaction
    return new Activity.Backend(
        rows.getInt(1),
        rows.getString(2),
        rows.getString(3),
        rows.getString(4),
        Optional.ofNullable(rows.getTimestamp(5)).map(Timestamp::toInstant),
        rows.getString(6),
        blockers ? backends(connection, by, false) : List.of());
  }
}
