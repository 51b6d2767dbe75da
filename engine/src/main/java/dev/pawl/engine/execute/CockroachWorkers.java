package dev.pawl.engine.execute;

import dev.pawl.engine.dialect.CockroachJobs;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * On CockroachDB sessions work, known by the name they give themselves, for a session's id fits in
 * no row of the ledger; and jobs, which go on without them. From its documentation, pages "SHOW
 * SESSIONS" and "SHOW JOBS": each user sees its own.
 */
record CockroachWorkers(Connection connection) implements ActivityReader.Workers {
  /** As a session that works for a stream calls itself. */
  static String applicationName(String stream) {
    return Connector.APPLICATION_NAME + " " + stream;
  }

  @Override
  public List<Activity.Backend> sessions(String stream, Optional<StepState> step)
      throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            SELECT session_id, user_name, application_name, active_queries
              FROM [SHOW CLUSTER SESSIONS]
             WHERE application_name = ? AND user_name = current_user
             ORDER BY session_id
            """)) {
      statement.setString(1, applicationName(stream));
      try (var rows = statement.executeQuery()) {
        var found = new ArrayList<Activity.Backend>();
        while (rows.next()) {
          var query = Optional.ofNullable(rows.getString(4)).orElse("");
          found.add(
              new Activity.Backend(
                  "session",
                  rows.getString(1),
                  rows.getString(2),
                  rows.getString(3),
                  query.isBlank() ? "idle" : "active",
                  Optional.empty(),
                  query,
                  List.of()));
        }
        return found;
      }
    }
  }

  /** The one that the ledger names, or those of this role since the step was begun. */
  @Override
  public List<Activity.Job> jobs(Optional<StepState> step) throws SQLException {
    if (step.isEmpty() || step.get().startedAt().isEmpty()) {
      return List.of();
    }
    var jobs = new ArrayList<>(CockroachJobs.begunSince(connection, step.get().startedAt().get()));
    var followed = step.get().job().filter(job -> job.matches("[0-9]{1,19}"));
    if (followed.isPresent() && jobs.stream().noneMatch(j -> j.id().equals(followed.get()))) {
      CockroachJobs.byId(connection, followed.get()).filter(j -> !j.isOver()).ifPresent(jobs::add);
    }
    return jobs.stream()
        .map(j -> new Activity.Job(j.id(), j.status(), j.percent(), j.mine(), j.description()))
        .toList();
  }
}
