package dev.pawl.engine.dialect;

import dev.pawl.engine.sql.Literal;
import dev.pawl.engine.sql.QualifiedName;
import dev.pawl.engine.verify.Observation;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import org.postgresql.core.BaseConnection;

/**
 * CockroachDB's schema-change jobs, by SHOW JOBS: its columns job_id, job_type, description,
 * status, created, fraction_completed and error are in all releases from 22.1 on
 * (pkg/sql/delegate/show_jobs.go).
 */
public final class CockroachJobs {
  /** Legacy, declarative (NEW) and of types; not "SCHEMA CHANGE GC", which only frees space. */
  static final String SCHEMA_CHANGE = "job_type LIKE '%SCHEMA CHANGE'";

  /** What is over; all else, retrying and paused ones included, is not. */
  private static final Set<String> OVER =
      Set.of("succeeded", "failed", "canceled", "revert-failed");

  static final String UNFINISHED =
      "status NOT IN ("
          + String.join(", ", OVER.stream().sorted().map(Literal::text).toList())
          + ")";

  private static final Pattern RELEASE = Pattern.compile("v(\\d+)\\.(\\d+)");

  private CockroachJobs() {}

  /**
   * One job.
   *
   * @param mine whether this role began it
   */
  public record Job(
      String id,
      String status,
      String description,
      OptionalInt percent,
      Optional<String> error,
      boolean mine) {
    /** Whether its work is over, well or not. */
    public boolean isOver() {
      return OVER.contains(status);
    }

    Observation.Building building() {
      return new Observation.Building(
          percent, Optional.of(id), "job " + id + " is " + status + ": " + description);
    }
  }

  /**
   * What is at work on these, or has been left half-done.
   *
   * @throws SQLException {@link SqlStates#NEEDS_PERSON} where other roles' jobs cannot be seen, and
   *     for a paused job: only a person can let it go on
   */
  static Optional<Job> unfinished(Connection connection, List<QualifiedName> names)
      throws SQLException {
    demandVisibility(connection);
    var jobs = list(connection, UNFINISHED, names);
    for (var job : jobs) {
      if (job.status().equals("paused")) {
        throw new SQLException(
            "job "
                + job.id()
                + " is paused: "
                + job.description()
                + ". Run RESUME JOB "
                + job.id()
                + ", or CANCEL JOB "
                + job.id()
                + "; Pawl then goes on",
            SqlStates.NEEDS_PERSON);
      }
    }
    return jobs.stream().findFirst();
  }

  /**
   * Nothing for the object is to be believed while an earlier job has left it half-done.
   *
   * @throws SQLException {@link SqlStates#NEEDS_PERSON} for a job that could not be reverted
   */
  static void refuseHalfDone(Connection connection, List<QualifiedName> names) throws SQLException {
    for (var job : list(connection, "status = 'revert-failed'", names)) {
      throw new SQLException(
          "job "
              + job.id()
              + " failed and could not be reverted: "
              + job.description()
              + job.error().map(e -> " (" + e + ")").orElse("")
              + ". See SHOW JOB "
              + job.id()
              + ", and have the object mended by an administrator; the job is listed for 12 hours",
          SqlStates.NEEDS_PERSON);
    }
  }

  /**
   * The newest job begun at or after a moment, whose description is whole and has this word.
   *
   * @param micros since 1970
   */
  static Optional<Job> latest(
      Connection connection, List<QualifiedName> names, String word, long micros)
      throws SQLException {
    return list(connection, "extract(epoch FROM created) * 1000000 >= " + micros, names).stream()
        .filter(j -> !CockroachNames.unclear(j.description()))
        .filter(j -> CockroachText.words(j.description()).contains(word))
        .findFirst();
  }

  /**
   * The unfinished schema changes that this role has begun since a moment.
   *
   * @param since by the database's clock; nodes' clocks may differ by half a second
   */
  public static List<Job> begunSince(Connection connection, Instant since) throws SQLException {
    return jobs(
        connection,
        UNFINISHED
            + " AND user_name = current_user AND extract(epoch FROM created) * 1000 >= "
            + since.minusSeconds(1).toEpochMilli());
  }

  /** A schema change by its id, finished or not; empty where it is not listed, or not to us. */
  public static Optional<Job> byId(Connection connection, String id) throws SQLException {
    return jobs(connection, "job_id = " + Long.parseLong(id)).stream().findFirst();
  }

  private static List<Job> list(Connection connection, String condition, List<QualifiedName> names)
      throws SQLException {
    var jobs = jobs(connection, condition);
    if (jobs.isEmpty()) {
      return jobs;
    }
    var database = Query.first(connection, "SELECT current_database()").orElseThrow().getFirst();
    return jobs.stream()
        .filter(j -> CockroachNames.concerns(j.description(), names, database))
        .toList();
  }

  private static List<Job> jobs(Connection connection, String condition) throws SQLException {
    var rows =
        Query.rows(
            connection,
            """
            SELECT job_id::text, status, description, fraction_completed::text, error,
                   (user_name = current_user)::text
              FROM [SHOW JOBS]
             WHERE %s AND %s
             ORDER BY created DESC
            """
                .formatted(SCHEMA_CHANGE, condition));
    if (rows.isEmpty()) {
      return List.of();
    }
    var whole = descriptions(connection, rows);
    return rows.stream().map(r -> job(r, whole.getOrDefault(r.getFirst(), r.get(2)))).toList();
  }

  private static Job job(List<String> row, String description) {
    return new Job(
        row.getFirst(),
        row.get(1),
        String.valueOf(description),
        row.get(3) == null
            ? OptionalInt.empty()
            : OptionalInt.of((int) Math.clamp(Double.parseDouble(row.get(3)) * 100, 0, 100)),
        Optional.ofNullable(row.get(4)).filter(e -> !e.isBlank()),
        "true".equals(row.get(5)) || "t".equals(row.get(5)));
  }

  /** Since 24.1 the list shortens descriptions; jobs asked for by id are told whole. */
  private static HashMap<String, String> descriptions(
      Connection connection, List<List<String>> rows) throws SQLException {
    var byId = new HashMap<String, String>();
    var ids =
        rows.stream()
            .filter(r -> CockroachNames.unclear(r.get(2)))
            .map(r -> "(" + Long.parseLong(r.getFirst()) + ")")
            .toList();
    if (!ids.isEmpty()) {
      var sql =
          "SELECT job_id::text, description FROM [SHOW JOBS SELECT id FROM (VALUES "
              + String.join(", ", ids)
              + ") AS t (id)]";
      for (var row : Query.rows(connection, sql)) {
        byId.put(row.getFirst(), row.get(1));
      }
    }
    return byId;
  }

  /**
   * How the one job that this role has under way is going; empty where there are none or several.
   */
  static Optional<Observation.Building> mine(Connection connection) throws SQLException {
    var rows =
        Query.rows(
            connection,
            """
            SELECT job_id::text, status, description, fraction_completed::text, error,
                   (user_name = current_user)::text
              FROM [SHOW JOBS]
             WHERE %s AND %s AND user_name = current_user
            """
                .formatted(SCHEMA_CHANGE, UNFINISHED));
    return rows.size() == 1
        ? Optional.of(job(rows.getFirst(), rows.getFirst().get(2)).building())
        : Optional.empty();
  }

  private static void demandVisibility(Connection connection) throws SQLException {
    var why = invisible(connection);
    if (why.isPresent()) {
      throw new SQLException(why.get(), SqlStates.NEEDS_PERSON);
    }
  }

  /**
   * Why not all jobs can be seen; empty where they can. Without the right SHOW JOBS raises nothing,
   * and lists only one's own. Members of admin see all; from 23.1 on so does who has the system
   * privilege VIEWJOB. CONTROLJOB is not enough: with it the jobs of admins are hidden
   * (pkg/jobs/jobsauth/authorization.go).
   */
  static Optional<String> invisible(Connection connection) throws SQLException {
    if ("on".equals(Query.first(connection, "SHOW is_superuser").orElseThrow().getFirst())) {
      return Optional.empty();
    }
    var user = Query.first(connection, "SELECT current_user").orElseThrow().getFirst();
    boolean grantable = since(connection, 23, 1);
    if (grantable) {
      var grantees =
          Query.rows(
              connection,
              """
              SELECT DISTINCT grantee FROM [SHOW SYSTEM GRANTS]
               WHERE privilege_type IN ('VIEWJOB', 'ALL')
              """);
      for (var grantee : grantees) {
        if (isMember(connection, user, grantee.getFirst())) {
          return Optional.empty();
        }
      }
    }
    var quoted = QualifiedName.of(user).quoted();
    return Optional.of(
        "user "
            + user
            + " does not see the schema changes of others, so whether one is finished cannot be"
            + " told. Have an administrator run: "
            + (grantable ? "GRANT SYSTEM VIEWJOB TO " + quoted : "GRANT admin TO " + quoted)
            + (grantable ? "" : " (VIEWJOB, which is less, needs CockroachDB 23.1)"));
  }

  private static boolean isMember(Connection connection, String user, String role)
      throws SQLException {
    return role.equals(user)
        || role.equals("public")
        || "t"
            .equals(
                Query.first(
                        connection,
                        "SELECT pg_catalog.pg_has_role("
                            + Literal.text(user)
                            + ", "
                            + Literal.text(role)
                            + ", 'MEMBER')")
                    .orElseThrow()
                    .getFirst());
  }

  private static boolean since(Connection connection, int major, int minor) throws SQLException {
    var told = connection.unwrap(BaseConnection.class).getParameterStatus("crdb_version");
    var numbers =
        RELEASE.matcher(
            told != null
                ? told
                : Query.first(connection, "SELECT version()").orElseThrow().getFirst());
    if (!numbers.find()) {
      return true;
    }
    int first = Integer.parseInt(numbers.group(1));
    return first > major || first == major && Integer.parseInt(numbers.group(2)) >= minor;
  }
}
