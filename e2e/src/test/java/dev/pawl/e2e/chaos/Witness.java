package dev.pawl.e2e.chaos;

import dev.pawl.e2e.harness.Await;
import dev.pawl.e2e.harness.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;

/**
 * Looks at one database all the time, past Pawl and past the faults, and notes when what each step
 * makes was committed: the server itself knows (track_commit_timestamp).
 */
final class Witness implements AutoCloseable {
  private static final int PAUSE_MILLIS = 150;

  private final Database database;
  private final Map<History, Track> streams;
  private final Thread thread;
  private volatile boolean closed;
  private volatile String trouble = "";
  private volatile long looks;

  /**
   * Begins to look.
   *
   * @param streams what each history's steps are noted in
   */
  Witness(Database database, Map<History, Track> streams) {
    this.database = database;
    this.streams = Map.copyOf(streams);
    this.thread = Thread.ofVirtual().name("witness").start(this::run);
  }

  private void run() {
    while (!closed) {
      try (var connection = database.connectAsSuperuser()) {
        while (!closed) {
          look(connection);
          Threads.pause(PAUSE_MILLIS);
        }
      } catch (SQLException e) {
        trouble = e.getMessage(); // the server restarts, too
        Threads.pause(PAUSE_MILLIS);
      }
    }
  }

  /** Waits until it has looked at everything once more. */
  void lookAgain() {
    long before = looks;
    Await.until(
        "another look at the database",
        Duration.ofSeconds(60),
        () -> looks > before + 1,
        () -> trouble);
  }

  private void look(Connection connection) throws SQLException {
    var now = Instant.now();
    var indexes =
        times(
            connection,
            """
            SELECT c.relname, CASE WHEN i.indisvalid THEN pg_xact_commit_timestamp(i.xmin) END
            FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
            WHERE c.relnamespace = 'public'::regnamespace\
            """);
    for (var stream : streams.entrySet()) {
      var name = stream.getKey().stream();
      var track = stream.getValue();
      if (there(connection, History.effects(name))) {
        times(
                connection,
                "SELECT step, pg_xact_commit_timestamp(xmin) FROM " + History.effects(name))
            .forEach((step, at) -> note(at, () -> track.shown(step, at)));
      }
      for (var version : stream.getKey().versions()) {
        for (var step : version.steps()) {
          switch (step.proof()) {
            case History.Proof.Valid(var index) -> {
              var at = indexes.get(index);
              note(at, () -> track.shown(step.id(), at));
            }
            case History.Proof.Gone(var index) -> {
              if (indexes.containsKey(index)) {
                track.undone(step.id(), now);
              }
            }
            case History.Proof.Row _, History.Proof.None _ -> {
              // The one is in the table of effects, of the other nothing shows.
            }
          }
        }
      }
      if (there(connection, "pawl.step")) {
        times(
                connection,
                "SELECT version || '#' || ordinal, pg_xact_commit_timestamp(xmin) FROM pawl.step"
                    + " WHERE phase = 'Verified' AND stream = '"
                    + name
                    + "'")
            .forEach((step, at) -> note(at, () -> track.verified(step, at)));
      }
    }
    looks++;
  }

  private static void note(Instant at, Runnable noting) {
    if (at != null) {
      noting.run();
    }
  }

  private static boolean there(Connection connection, String table) throws SQLException {
    try (var statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT to_regclass('" + table + "')")) {
      return rows.next() && rows.getString(1) != null;
    }
  }

  /** The first column's values, and the second's as moments. */
  private static Map<String, Instant> times(Connection connection, String sql) throws SQLException {
    var found = new HashMap<String, Instant>();
    try (var statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        var at = rows.getObject(2, OffsetDateTime.class);
        found.put(rows.getString(1), at == null ? null : at.toInstant());
      }
    }
    return found;
  }

  @Override
  public void close() {
    closed = true;
    Threads.join(thread);
  }
}
