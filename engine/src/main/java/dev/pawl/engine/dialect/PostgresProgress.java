package dev.pawl.engine.dialect;

import dev.pawl.engine.verify.Observation;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How far the build of an index has come, from {@code pg_stat_progress_create_index}. Its columns
 * are null for other roles' backends without {@code pg_read_all_stats}: it only decorates.
 */
final class PostgresProgress {
  /** The part of a whole build, in percent, that a phase is taken for: it never goes back. */
  private record Span(int from, int to) {
    int at(long done, long total) {
      return total <= 0 ? from : from + (int) Math.clamp(done * (to - from) / total, 0, to - from);
    }
  }

  private PostgresProgress() {}

  static Optional<Observation.Building> of(Connection connection, int backend) throws SQLException {
    var row =
        Query.first(
            connection,
            """
            SELECT phase, coalesce(blocks_done, 0), coalesce(blocks_total, 0),
                   coalesce(tuples_done, 0), coalesce(tuples_total, 0),
                   array_to_string(pg_catalog.pg_blocking_pids(pid), ', ')
              FROM pg_catalog.pg_stat_progress_create_index
             WHERE pid = ? AND phase IS NOT NULL
            """,
            backend);
    return row.map(
        r -> {
          var phase = r.get(0);
          var span = span(phase);
          long blocks = Long.parseLong(r.get(2));
          int percent =
              blocks > 0
                  ? span.at(Long.parseLong(r.get(1)), blocks)
                  : span.at(Long.parseLong(r.get(3)), Long.parseLong(r.get(4)));
          var blockers = r.get(5) == null ? "" : r.get(5);
          return new Observation.Building(
              OptionalInt.of(percent),
              Optional.of(Integer.toString(backend)),
              blockers.isEmpty() ? phase : phase + ", held up by backend " + blockers);
        });
  }

  /** The names are those of PostgreSQL's documentation of the view, of all access methods. */
  private static Span span(String phase) {
    return switch (phase) {
      case "initializing", "waiting for writers before build" -> new Span(0, 0);
      case "building index: scanning table", "building index" -> new Span(0, 40);
      case "building index: sorting live tuples", "building index: sorting dead tuples" ->
          new Span(40, 40);
      case "waiting for writers before validation" -> new Span(60, 60);
      case "index validation: scanning index" -> new Span(60, 70);
      case "index validation: sorting tuples" -> new Span(70, 70);
      case "index validation: scanning table" -> new Span(70, 95);
      default ->
          phase.startsWith("building index: ") ? new Span(40, 60) : new Span(95, 95); // waits
    };
  }
}
