package dev.pawl.engine.execute;

import dev.pawl.engine.sql.DatabaseKind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.postgresql.core.BaseConnection;

/**
 * What is asked of a server at once on connecting, and the settings that are made with it.
 *
 * @param backend the number of the session's backend
 * @param pooled whether a pooler stands between: the backend is another than the one that greeted
 * @param release its version, as 18.6 or 25.2
 * @param deadlockMillis its deadlock_timeout; on CockroachDB as long as PostgreSQL's is at first
 */
record Greeting(
    DatabaseKind kind,
    int backend,
    boolean pooled,
    Release release,
    boolean standby,
    int deadlockMillis) {
  private static final int DEADLOCK_MILLIS = 1000;
  private static final Release OLDEST_POSTGRES = new Release(14, 0);
  private static final Release OLDEST_COCKROACH = new Release(22, 1);

  /** The two first numbers of a version. */
  record Release(int major, int minor) {
    private static final Pattern NUMBERS = Pattern.compile("(\\d+)(?:\\.(\\d+))?");

    private static Release of(String text) {
      var numbers = NUMBERS.matcher(text);
      if (!numbers.find()) {
        return new Release(0, 0);
      }
      return new Release(
          Integer.parseInt(numbers.group(1)),
          numbers.group(2) == null ? 0 : Integer.parseInt(numbers.group(2)));
    }

    boolean since(Release other) {
      return major > other.major || major == other.major && minor >= other.minor;
    }

    @Override
    public String toString() {
      return major + "." + minor;
    }
  }

  /** What it is and what is needed, where a server is too old. */
  Optional<String> tooOld() {
    return switch (kind) {
      case POSTGRESQL ->
          release.since(OLDEST_POSTGRES)
              ? Optional.empty()
              : Optional.of(
                  "PostgreSQL "
                      + release.major()
                      + ": Pawl needs "
                      + OLDEST_POSTGRES.major()
                      + " or later");
      case COCKROACHDB ->
          release.since(OLDEST_COCKROACH)
              ? Optional.empty()
              : Optional.of(
                  "CockroachDB " + release + ": Pawl needs " + OLDEST_COCKROACH + " or later");
    };
  }

  /**
   * Greets the server. CockroachDB tells its version as the parameter crdb_version (by it pgx knows
   * it, too), and says that it is PostgreSQL 13; behind a pooler the parameter may be lost.
   */
  static Greeting of(Connection connection) throws SQLException {
    var base = connection.unwrap(BaseConnection.class);
    var said = Release.of(String.valueOf(base.getParameterStatus("server_version")));
    boolean maybe = base.getParameterStatus("crdb_version") != null || !said.since(OLDEST_POSTGRES);
    if (maybe) {
      var version = ask(connection, "SELECT version()");
      if (version.startsWith("CockroachDB")) {
        return cockroach(connection, version);
      }
    }
    return postgres(connection, base.getBackendPID(), said);
  }

  private static String ask(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  /**
   * Behind a pooler no setting is made: the next client would have it. No question may wait for a
   * lock for more than half of deadlock_timeout, or a CONCURRENTLY build beside it is killed.
   */
  private static Greeting postgres(Connection connection, int greeted, Release release)
      throws SQLException {
    try (var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                """
                SELECT s.backend, pg_catalog.pg_is_in_recovery(), s.deadlock,
                       CASE WHEN s.backend = %d THEN
                         pg_catalog.set_config('standard_conforming_strings', 'on', false)
                         || pg_catalog.set_config('default_transaction_isolation',
                              'read committed', false)
                         || pg_catalog.set_config('lock_timeout',
                              least(400, greatest(1, s.deadlock / 2))::text, false)
                       END
                  FROM (SELECT pg_catalog.pg_backend_pid() AS backend, setting::int AS deadlock
                          FROM pg_catalog.pg_settings WHERE name = 'deadlock_timeout') s
                """
                    .formatted(greeted))) {
      rows.next();
      return new Greeting(
          DatabaseKind.POSTGRESQL,
          rows.getInt(1),
          greeted != rows.getInt(1),
          release,
          rows.getBoolean(2),
          rows.getInt(3));
    }
  }

  /**
   * Whether a pooler stands between cannot be told: a proxy of CockroachDB's own may greet with
   * another number than the node's, too. So the fence says its isolation itself.
   */
  private static Greeting cockroach(Connection connection, String version) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("SET default_transaction_isolation = 'serializable'");
      // What a follower answers may be seconds old.
      statement.execute("SET default_transaction_use_follower_reads = off");
      statement.execute("SET lock_timeout = '400ms'");
    }
    return new Greeting(
        DatabaseKind.COCKROACHDB,
        connection.unwrap(BaseConnection.class).getBackendPID(),
        false,
        Release.of(version),
        false,
        DEADLOCK_MILLIS);
  }
}
