package dev.pawl.engine.execute;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Who holds a stream of a database now, and what runs there for it.
 *
 * @param holder empty where nobody has held it yet
 * @param epoch the fencing token; it is made of the clock at which the lease was taken
 * @param alive whether the lease has not expired
 * @param expiresAt by the database's clock; long ago where it was given back
 * @param asked the database's clock at this look
 * @param step the first step that is neither pending nor verified
 * @param backends the session that the holder works with, and the one that builds for the step,
 *     which may be another
 * @param jobs on CockroachDB, the unfinished work for the step that outlives its session
 */
public record Activity(
    String stream,
    String holder,
    long epoch,
    boolean alive,
    Instant expiresAt,
    Instant asked,
    Optional<StepState> step,
    List<Backend> backends,
    List<Job> jobs) {
  private static final int SHOWN = 100;
  private static final long PLAUSIBLE = Instant.parse("2020-01-01T00:00:00Z").toEpochMilli();

  /**
   * A session of the database.
   *
   * @param kind as the database calls a session: backend, session
   * @param id its process id; on CockroachDB its session id
   * @param user its role
   * @param application as it names itself
   * @param state active, idle in transaction, and so on; empty where this role may not see it
   * @param since when it began what it does now
   * @param query the beginning of its statement
   * @param blockers who holds it up
   */
  public record Backend(
      String kind,
      String id,
      String user,
      String application,
      String state,
      Optional<Instant> since,
      String query,
      List<Backend> blockers) {

    public boolean isActive() {
      return state.equals("active");
    }

    /** "backend 4711 (app, psql), idle in transaction since …: UPDATE t …". */
    public String describe() {
      var text = new StringBuilder(kind + " " + id);
      text.append(" (").append(user);
      text.append(application.isEmpty() ? "" : ", " + application).append(')');
      text.append(state.isEmpty() ? "" : ", " + state);
      since.ifPresent(at -> text.append(" since ").append(seconds(at)));
      var line = line(query);
      return text + (line.isEmpty() ? "" : ": " + line);
    }
  }

  /**
   * Work that goes on without its session.
   *
   * @param status as the database calls it
   * @param mine whether this role began it
   */
  public record Job(
      String id, String status, OptionalInt percent, boolean mine, String description) {
    /** "job 9713 is running, 45 %: CREATE INDEX …". */
    public String describe() {
      return "job "
          + id
          + " is "
          + status
          + (percent.isPresent() ? ", " + percent.getAsInt() + " %" : "")
          + ": "
          + line(description);
    }
  }

  private static String line(String text) {
    var line = text.strip().replaceAll("\\s+", " ");
    return line.length() > SHOWN ? line.substring(0, SHOWN) + "…" : line;
  }

  /** When the lease was taken; empty where the epoch does not tell. */
  public Optional<Instant> since() {
    return since(epoch);
  }

  static Optional<Instant> since(long epoch) {
    return epoch < PLAUSIBLE ? Optional.empty() : Optional.of(Instant.ofEpochMilli(epoch));
  }

  /** How long ago its heart has beaten last, at least; zero while it is alive. */
  public Duration silentFor() {
    return alive ? Duration.ZERO : Duration.between(expiresAt, asked);
  }

  /** What works now; empty where nothing does. */
  public Optional<Backend> atWork() {
    return backends.stream().filter(Backend::isActive).findFirst();
  }

  /** Whether anything works for it now. */
  public boolean isAtWork() {
    return atWork().isPresent() || !jobs.isEmpty();
  }

  /**
   * Who holds up what works now, or how its job is: a sentence for a person; empty where nobody
   * does.
   */
  public Optional<String> heldUp() {
    return jobs.stream().map(Job::describe).findFirst().or(this::blocked);
  }

  /** Who holds up what works now: a sentence for a person; empty where nobody does. */
  public Optional<String> blocked() {
    return atWork()
        .filter(b -> !b.blockers().isEmpty())
        .map(
            b ->
                b.kind()
                    + " "
                    + b.id()
                    + " is held up by "
                    + String.join(
                        "; and by ", b.blockers().stream().map(Backend::describe).toList()));
  }

  static String seconds(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
