package dev.pawl.engine.execute;

import dev.pawl.engine.sql.DatabaseKind;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Which server, on which time line: after a failover the time line is another, and commits may be
 * lost that were answered; what was verified must be observed again.
 */
public final class Identity {
  /** Pawl's own, for a session that has come to another server or time line than its run's. */
  static final String ANOTHER = "PW006";

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private Identity() {}

  /**
   * The identity of the server that an address leads to now.
   *
   * @return "system-identifier/time-line", on CockroachDB the cluster's id; "unknown" where the
   *     role may not ask
   * @throws UnavailableException where the database cannot be reached, or is a standby
   */
  public static String read(Target target) throws UnavailableException {
    var address = target.direct().orElse(target);
    try (var session = Connector.open(address, PATIENCE)) {
      return of(session);
    } catch (SQLException e) {
      throw new UnavailableException(Connector.why(address, e));
    }
  }

  /**
   * The identity of a session's server. The insertion's time line is asked for, not that of the
   * last checkpoint (pg_control_checkpoint), which is the old one until the first after a failover.
   */
  static String of(Session session) throws SQLException {
    if (session.greeting.kind() == DatabaseKind.COCKROACHDB) {
      return cluster(session);
    }
    try (var statement = session.connection.createStatement();
        var rows =
            statement.executeQuery(
                """
                SELECT (SELECT system_identifier FROM pg_catalog.pg_control_system()) || '/' ||
                  substr(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()), 1, 8)
                """)) {
      rows.next();
      return rows.getString(1);
    } catch (SQLException e) {
      return unlessRefused(e);
    }
  }

  /** A cluster loses no commits by failing over; a restored one is another cluster. */
  private static String cluster(Session session) throws SQLException {
    try (var statement = session.connection.createStatement();
        var rows = statement.executeQuery("SELECT crdb_internal.cluster_id()::text")) {
      rows.next();
      return rows.getString(1);
    } catch (SQLException e) {
      return unlessRefused(e);
    }
  }

  /**
   * Raises when a session has come to another server or time line.
   *
   * @throws SQLException {@link #ANOTHER}, or the server's own
   */
  static void mustBe(String expected, Session session) throws SQLException {
    var now = of(session);
    if (!now.equals(expected)) {
      throw new SQLException(Messages.failedOver(expected, now), ANOTHER);
    }
  }

  private static String unlessRefused(SQLException e) throws SQLException {
    if ("42501".equals(e.getSQLState())) {
      return "unknown";
    }
    throw e;
  }
}
