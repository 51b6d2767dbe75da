package dev.pawl.engine.execute;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** On PostgreSQL backends work, by their process ids, which the ledger has. */
record PostgresWorkers(Connection connection) implements ActivityReader.Workers {
  @Override
  public List<Activity.Backend> sessions(String stream, Optional<StepState> step)
      throws SQLException {
    var pids = new LinkedHashSet<>(registered(stream));
    step.filter(s -> s.phase() == Phase.APPLYING)
        .flatMap(StepState::job)
        .filter(job -> job.matches("[0-9]{1,9}"))
        .ifPresent(job -> pids.add(Integer.parseInt(job)));
    return backends(pids, true);
  }

  @Override
  public List<Activity.Job> jobs(Optional<StepState> step) {
    return List.of();
  }

  /** A backend that was registered, and whose number another session has now, is none. */
  private List<Integer> registered(String stream) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            SELECT a.pid FROM pawl.heartbeat h JOIN pg_catalog.pg_stat_activity a
                ON a.pid = h.backend_pid AND coalesce(a.backend_start = h.backend_start, true)
             WHERE h.stream = ?
            """)) {
      statement.setString(1, stream);
      try (var rows = statement.executeQuery()) {
        return rows.next() ? List.of(rows.getInt(1)) : List.of();
      }
    }
  }

  /** Of another role's session the server tells hardly more than that it is there. */
  private List<Activity.Backend> backends(Set<Integer> pids, boolean blockers) throws SQLException {
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
          found.add(backend(rows, blockers));
        }
        return found;
      }
    }
  }

  private Activity.Backend backend(ResultSet rows, boolean blockers) throws SQLException {
    var by = new LinkedHashSet<Integer>();
    for (var pid : (Object[]) rows.getArray(7).getArray()) {
      by.add((Integer) pid);
    }
    by.remove(0); // a prepared transaction
    return new Activity.Backend(
        "backend",
        rows.getString(1),
        rows.getString(2),
        rows.getString(3),
        rows.getString(4),
        Optional.ofNullable(rows.getTimestamp(5)).map(Timestamp::toInstant),
        rows.getString(6),
        blockers ? backends(by, false) : List.of());
  }
}
