package dev.pawl.engine.cockroach;

import dev.pawl.engine.cockroach.world.Job;
import java.time.Instant;
import java.util.List;

/** SHOW JOBS, for one session. */
final class JobRows {
  private JobRows() {}

  /**
   * Others' jobs are hidden without a word: docs, "SHOW JOBS", "Required privileges"; VIEWJOB is
   * new in 23.1 (docs of 23.1). With the role option CONTROLJOB, admins' jobs stay hidden
   * (pkg/jobs/jobsauth/authorization.go).
   */
  private static boolean sees(Catalog catalog, Job job) {
    return catalog.admin()
        || job.user().equals(catalog.caller.user())
        || catalog.privileges.contains("CONTROLJOB") && !catalog.users.admin(job.user())
        || catalog.version.since(23, 1) && catalog.privileges.contains("VIEWJOB");
  }

  /**
   * All that the session may see.
   *
   * @param whole whether descriptions are whole; a list of all shortens them from 24.1 on
   *     (pkg/sql/delegate/show_jobs.go)
   */
  static Rows rows(Catalog catalog, boolean whole) {
    var time = catalog.version.since(23, 1) ? "timestamptz" : "timestamp";
    var rows =
        new Rows(
            "job_id int8",
            "job_type text",
            "description text",
            "statement text",
            "user_name text",
            "status text",
            "running_status text",
            "created " + time,
            "started " + time,
            "finished " + time,
            "modified " + time,
            "fraction_completed float8",
            "error text",
            "coordinator_id int8",
            "trace_id int8",
            "last_run " + time,
            "next_run " + time,
            "num_runs int8",
            "execution_errors text[]");
    for (var job : catalog.world.jobs().values()) {
      if (!sees(catalog, job)) {
        continue;
      }
      var times = catalog.cluster.times(job.id());
      rows.add(
          job.id(),
          job.type().text(),
          whole ? job.description() : shortened(catalog, job.description()),
          "",
          job.user(),
          job.status().text(),
          null,
          text(times.created()),
          text(times.started()),
          text(times.finished()),
          text(times.modified()),
          job.fraction(),
          job.over() ? job.error().map(e -> e.message()).orElse("") : "",
          1,
          0,
          text(times.started()),
          null,
          1,
          List.of());
    }
    return rows;
  }

  private static String text(Instant time) {
    return time == null ? null : time.toString();
  }

  static String shortened(Catalog catalog, String description) {
    int length = description.codePointCount(0, description.length());
    if (!catalog.version.since(24, 1) || length <= 70) {
      return description;
    }
    return description.substring(0, description.offsetByCodePoints(0, 60))
        + "…"
        + description.substring(description.offsetByCodePoints(0, length - 7));
  }
}
