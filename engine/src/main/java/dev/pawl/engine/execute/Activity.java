package dev.pawl.engine.execute;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

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
 */
public record Activity(
    String stream,
    String holder,
    long epoch,
    boolean alive,
    Instant expiresAt,
    Instant asked,
    Optional<StepState> step,
    List<Backend> backends) {
  private static final long PLAUSIBLE = Instant.parse("2020-01-01T00:00:00Z").toEpochMilli();

  /**
   * A session of the database.
   *
   * @param pid its process id
   * @param user its role
   * @param application as it names itself
   * @param state active, idle in transaction, and so on; empty where this role may not see it
   * @param since when it began what it does now
   * @param query the beginning of its statement
   * @param blockers who holds it up
   */
  public record Backend(
      int pid,
      String user,
      String application,
      String state,
      Optional<Instant> since,
      String query,
      List<Backend> blockers) {
    private static final int SHOWN = 100;

    public boolean isActive() {
      return state.equals("active");
    }

    /** "backend 4711 (app, psql), idle in transaction since …: UPDATE t …". */
    public String describe() {
      var text = new StringBuilder("backend " + pid);
      text.append(" (").append(user);
      text.append(application.isEmpty() ? "" : ", " + application).append(')');
      text.append(state.isEmpty() ? "" : ", " + state);
      since.ifPresent(at -> text.append(" since ").append(seconds(at)));
      var line = query.strip().replaceAll("\\s+", " ");
      if (!line.isEmpty()) {
        text.append(": ").append(line, 0, Math.min(SHOWN, line.length()));
        text.append(line.length() > SHOWN ? "…" : "");
      }
      return text.toString();
    }
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

  /** Who holds up what works now: a sentence for a person; empty where nobody does. */
  public Optional<String> heldUp() {
    return atWork()
        .filter(b -> !b.blockers().isEmpty())
        .map(
            b ->
                "backend "
                    + b.pid()
                    + " is held up by "
                    + String.join(
                        "; and by ", b.blockers().stream().map(Backend::describe).toList()));
  }

  static String seconds(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
