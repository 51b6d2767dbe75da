package dev.pawl.engine.execute;

import dev.pawl.engine.dialect.CockroachJobs;
import dev.pawl.engine.dialect.Dialect;
import dev.pawl.engine.dialect.Verdict;
import dev.pawl.engine.sql.Literal;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * On CockroachDB a session is ended, with the transaction that it has open, and then the job that
 * it leaves at work. From its documentation, pages "CANCEL SESSION" and "CANCEL JOB": a job that
 * drops, renames or alters a type cannot be cancelled; a cancelled one is reverted, which takes its
 * time.
 */
final class CockroachCancel implements Intervention.Way {
  private final Session session;
  private final Duration patience;
  private final Duration poll;
  private final List<String> said;

  /**
   * @param patience how long a session may take to end, and a job to be reverted
   * @param said takes what was done, in sentences
   */
  CockroachCancel(Session session, Duration patience, Duration poll, List<String> said) {
    this.session = session;
    this.patience = patience;
    this.poll = poll;
    this.said = said;
  }

  /** First: from then on none of them can begin a job. */
  @Override
  public boolean end(Activity seen) throws SQLException, InterruptedException {
    for (var backend : seen.backends()) {
      session.send("CANCEL SESSION IF EXISTS " + Literal.text(backend.id()));
    }
    var workers = new CockroachWorkers(session.connection);
    var until = Instant.now().plus(patience);
    while (true) {
      var left = workers.sessions(seen.stream(), seen.step());
      if (left.isEmpty()) {
        seen.backends().forEach(b -> said.add("ended: " + b.describe()));
        return true;
      }
      if (Instant.now().isAfter(until)) {
        said.add(
            "the server was asked to end it, and it has not ended yet: "
                + left.getFirst().describe());
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(poll.toMillis());
    }
  }

  @Override
  public Intervention.Left clean(Activity seen) throws SQLException, InterruptedException {
    var jobs =
        new CockroachWorkers(session.connection)
            .jobs(seen.step().filter(s -> s.phase() != Phase.FAILED));
    var mine = jobs.stream().filter(Activity.Job::mine).toList();
    for (var job : jobs) {
      if (!job.mine()) {
        said.add("not Pawl's, and left alone: " + job.describe());
      }
    }
    if (mine.size() > 1) {
      said.add("which of them is the step's cannot be told; end it with CANCEL JOB and its id:");
      mine.forEach(job -> said.add(job.describe()));
      return Intervention.Left.GOES_ON;
    }
    return mine.isEmpty() ? Intervention.Left.TO_BE_SEEN : cancel(mine.getFirst());
  }

  private Intervention.Left cancel(Activity.Job job) throws SQLException, InterruptedException {
    try {
      session.send("CANCEL JOB " + job.id());
    } catch (SQLException e) {
      said.add(refused(job, e));
      return Intervention.Left.GOES_ON;
    }
    var until = Instant.now().plus(patience);
    while (true) {
      var now = CockroachJobs.byId(session.connection, job.id());
      if (now.isEmpty()) {
        said.add("job " + job.id() + " was cancelled, and is not listed any more");
        return Intervention.Left.TO_BE_SEEN;
      }
      switch (now.get().status()) {
        case "canceled", "failed" -> {
          said.add("cancelled and reverted: " + job.describe());
          return Intervention.Left.NOTHING;
        }
        case "succeeded" -> {
          said.add("job " + job.id() + " was finished before it could be cancelled");
          return Intervention.Left.TO_BE_SEEN;
        }
        case "revert-failed" -> {
          said.add("job " + job.id() + " was cancelled and could not be reverted: see SHOW JOB");
          return Intervention.Left.TO_BE_SEEN;
        }
        default -> {
          // Reverting.
        }
      }
      if (Instant.now().isAfter(until)) {
        said.add(
            "job "
                + job.id()
                + " is cancelled and "
                + now.get().status()
                + ": the next run waits until that is over");
        return Intervention.Left.TO_BE_SEEN;
      }
      TimeUnit.MILLISECONDS.sleep(poll.toMillis());
    }
  }

  private String refused(Activity.Job job, SQLException e) {
    boolean right = Dialect.of(session.greeting.kind()).verdict(e, true) == Verdict.HUMAN;
    return "job "
        + job.id()
        + " cannot be cancelled: "
        + e.getMessage()
        + (right
            ? ". Have an administrator run ALTER USER … CONTROLJOB for Pawl's user, or CANCEL JOB "
                + job.id()
            : "")
        + ". It goes on, and the next run follows it";
  }
}
