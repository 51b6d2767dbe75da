package dev.pawl.engine.execute;

import dev.pawl.engine.sql.DatabaseKind;
import java.sql.SQLException;

/**
 * Which server, on which time line: after a fail-over that lost commits the time line is another,
 * and what was verified must be observed again.
 */
final class Identity {
  private Identity() {}

  /** "system-identifier/time-line"; "unknown" where the role may not ask. */
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

  private static String unlessRefused(SQLException e) throws SQLException {
    if ("42501".equals(e.getSQLState())) {
      return "unknown";
    }
    throw e;
  }
}
