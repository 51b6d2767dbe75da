package dev.pawl.engine.execute;

import dev.pawl.engine.dialect.SqlStates;
import dev.pawl.engine.sql.QualifiedName;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** On PostgreSQL a backend's statement is cancelled, and the index that it built removed. */
final class PostgresCancel implements Intervention.Way {
  private final Session session;
  private final Duration patience;
  private final Duration poll;
  private final List<String> said;
  private final List<Build> builds = new ArrayList<>();

  /**
   * @param patience how long the server may take to end a statement, and others to let go of a lock
   * @param said takes what was done, in sentences
   */
  PostgresCancel(Session session, Duration patience, Duration poll, List<String> said) {
    this.session = session;
    this.patience = patience;
    this.poll = poll;
    this.said = said;
  }

  @Override
  public boolean end(Activity seen) throws SQLException, InterruptedException {
    for (var backend : seen.backends()) {
      if (backend.isActive() && !backend.application().equals(Connector.APPLICATION_NAME)) {
        said.add("not Pawl's, and left alone: " + backend.describe());
      } else if (backend.isActive()) {
        builds.addAll(builds(backend.id()));
        if (!cancel(backend)) {
          said.add(
              "the server was asked to cancel it, and it has not ended yet: " + backend.describe());
          return false;
        }
        said.add("cancelled: " + backend.describe());
      }
    }
    return true;
  }

  @Override
  public Intervention.Left clean(Activity seen) throws SQLException, InterruptedException {
    boolean clean = !builds.isEmpty();
    for (var build : builds) {
      clean &= remove(build);
    }
    return clean ? Intervention.Left.NOTHING : Intervention.Left.TO_BE_SEEN;
  }

  /** Whether its statement has ended. */
  private boolean cancel(Activity.Backend backend) throws SQLException, InterruptedException {
    var until = Instant.now().plus(patience);
    try (var statement =
        session.connection.prepareStatement(
            """
            SELECT pg_catalog.pg_cancel_backend(a.pid) FROM pg_catalog.pg_stat_activity a
             WHERE a.pid = ? AND a.state = 'active' AND a.query_start = ?
            """)) {
      statement.setInt(1, Integer.parseInt(backend.id()));
      statement.setTimestamp(2, backend.since().map(Timestamp::from).orElse(null));
      while (Instant.now().isBefore(until)) {
        try (var rows = statement.executeQuery()) {
          if (!rows.next()) {
            return true;
          }
        }
        TimeUnit.MILLISECONDS.sleep(poll.toMillis());
      }
      return false;
    }
  }

  /** An index that a backend builds. */
  private record Build(long index, QualifiedName name) {}

  private List<Build> builds(String backend) throws SQLException {
    try (var statement =
        session.connection.prepareStatement(
            """
            SELECT c.oid::bigint, n.nspname, c.relname
              FROM pg_catalog.pg_stat_progress_create_index p
              JOIN pg_catalog.pg_class c ON c.oid = p.index_relid
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE p.pid = ? AND p.command = 'CREATE INDEX CONCURRENTLY'
            """)) {
      statement.setInt(1, Integer.parseInt(backend));
      try (var rows = statement.executeQuery()) {
        var found = new ArrayList<Build>();
        while (rows.next()) {
          found.add(
              new Build(rows.getLong(1), QualifiedName.of(rows.getString(2), rows.getString(3))));
        }
        return found;
      }
    }
  }

  /** Whether nothing of a cancelled build is left. */
  private boolean remove(Build build) throws SQLException, InterruptedException {
    var until = Instant.now().plus(patience);
    while (true) {
      switch (valid(build)) {
        case "gone" -> {
          said.add("nothing is left of index " + build.name());
          return true;
        }
        case "valid" -> {
          said.add("index " + build.name() + " was finished before it could be cancelled");
          return false;
        }
        default -> {
          // INVALID: to be removed.
        }
      }
      try {
        session.send("DROP INDEX CONCURRENTLY IF EXISTS " + build.name().quoted());
      } catch (SQLException e) {
        if (!SqlStates.lockNotAvailable(e)) {
          throw e;
        }
        if (Instant.now().isAfter(until)) {
          said.add(
              "index "
                  + build.name()
                  + " is left INVALID, for somebody holds a lock on its table: the next run"
                  + " removes it, or DROP INDEX CONCURRENTLY "
                  + build.name().quoted());
          return false;
        }
        TimeUnit.MILLISECONDS.sleep(poll.toMillis());
      }
    }
  }

  private String valid(Build build) throws SQLException {
    try (var statement =
        session.connection.prepareStatement(
            """
            SELECT CASE WHEN i.indisvalid THEN 'valid' ELSE 'invalid' END
              FROM pg_catalog.pg_index i WHERE i.indexrelid = ?::bigint::oid
            """)) {
      statement.setLong(1, build.index());
      try (var rows = statement.executeQuery()) {
        return rows.next() ? rows.getString(1) : "gone";
      }
    }
  }
}
