package dev.pawl.engine.execute;

import dev.pawl.engine.ledger.Lease;
import dev.pawl.engine.ledger.Ledger;
import dev.pawl.engine.plan.Version;
import dev.pawl.engine.sql.DatabaseKind;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Looks at who holds the streams of a database and what runs for them; changes nothing. */
public final class ActivityReader {
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private ActivityReader() {}

  /**
   * All streams of a database, by name.
   *
   * @return empty where there is no ledger
   * @throws UnavailableException where the database cannot be reached or read
   */
  public static List<Activity> read(Target target) throws UnavailableException {
    var address = target.direct().orElse(target);
    try (var session = Connector.open(address, PATIENCE)) {
      var kind = session.greeting.kind();
      return Ledger.exists(session.connection, kind) ? read(session.connection, kind) : List.of();
    } catch (SQLException e) {
      throw new UnavailableException(Connector.why(address, e));
    }
  }

  /** One stream; empty where the database does not have it. */
  public static Optional<Activity> read(Target target, String stream) throws UnavailableException {
    return read(target).stream().filter(a -> a.stream().equals(stream)).findFirst();
  }

  /** What works for a stream: which sessions and jobs, and how they are found, differs. */
  sealed interface Workers permits PostgresWorkers, CockroachWorkers {
    /** The sessions that its holder works with, and the one that builds for the step. */
    List<Activity.Backend> sessions(String stream, Optional<StepState> step) throws SQLException;

    /** Unfinished work for the step that outlives its session. */
    List<Activity.Job> jobs(Optional<StepState> step) throws SQLException;

    static Workers of(Connection connection, DatabaseKind kind) {
      return switch (kind) {
        case POSTGRESQL -> new PostgresWorkers(connection);
        case COCKROACHDB -> new CockroachWorkers(connection);
      };
    }
  }

  static List<Activity> read(Connection connection, DatabaseKind kind) throws SQLException {
    var workers = Workers.of(connection, kind);
    var all = new ArrayList<Activity>();
    for (var lease : Lease.all(connection)) {
      var step = unfinished(connection, lease.stream());
      var begun = step.filter(s -> s.phase() != Phase.FAILED);
      all.add(
          new Activity(
              lease.stream(),
              lease.holder(),
              lease.epoch(),
              lease.alive(),
              lease.expiresAt(),
              lease.asked(),
              step,
              workers.sessions(lease.stream(), begun),
              workers.jobs(begun)));
    }
    return all;
  }

  private static Optional<StepState> unfinished(Connection connection, String stream)
      throws SQLException {
    return Ledger.rows(connection, stream).stream()
        .map(row -> Tracker.state(row, new Version(row.version())))
        .filter(s -> s.phase() != Phase.PENDING && s.phase() != Phase.VERIFIED)
        .min(Comparator.comparing(StepState::version).thenComparingInt(StepState::ordinal));
  }
}
