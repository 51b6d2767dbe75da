package dev.pawl.engine.execute;

import dev.pawl.engine.dialect.Dialect;
import dev.pawl.engine.dialect.Verdict;
import dev.pawl.engine.ledger.Fence;
import dev.pawl.engine.ledger.Lease;
import dev.pawl.engine.sql.DatabaseKind;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What a person does from outside to a stream that is held: takes its lease away, or cancels its
 * statement. The holder is fenced first, by ending its heartbeat: from then on it can write
 * nothing.
 */
public final class Intervention implements AutoCloseable {
  /** How long the lease is ours for: longer than all that is done under it. */
  private static final Duration TTL = Duration.ofMinutes(2);

  /** How long the server may take to end a statement, and others to let go of a lock. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final Duration POLL = Duration.ofMillis(100);

  private final Session session;
  private final Connection connection;
  private final DatabaseKind kind;
  private final Lease lease;
  private final String stream;
  private final String by;
  private final List<String> said = new ArrayList<>();

  /**
   * What came of it.
   *
   * @param done whether what was asked for is so now
   * @param said what was done and what is left, in sentences
   */
  public record Outcome(boolean done, List<String> said) {}

  private Intervention(Session session, String stream, String by) {
    this.session = session;
    this.connection = session.connection;
    this.kind = session.greeting.kind();
    this.lease = Lease.of(kind);
    this.stream = stream;
    this.by = by;
  }

  /**
   * Takes the lease of a stream away by raising its epoch, and ends the holder's session, unless
   * that executes a statement outside a transaction, which goes on and is followed by the next run.
   *
   * @param seen what the person has looked at: where another holds it by now, nothing is done
   * @param by who asks
   * @throws UnavailableException where the database cannot be reached or refuses
   */
  public static Outcome unlock(Target target, Activity seen, String by)
      throws UnavailableException, InterruptedException {
    return with(target, seen.stream(), by, i -> i.unlock(seen));
  }

  /**
   * Cancels what runs for a stream: a transaction is rolled back; what a cancelled index build left
   * behind is removed, and its step is Failed, to be begun again by the next run; of anything else
   * the row stays as it is, and the next run observes what there is. The lease is taken away too.
   *
   * @param by who asks
   * @throws UnavailableException where the database cannot be reached or refuses
   */
  public static Outcome cancel(Target target, String stream, String by)
      throws UnavailableException, InterruptedException {
    return with(target, stream, by, Intervention::cancel);
  }

  private interface Deed {
    Outcome of(Intervention intervention) throws SQLException, InterruptedException;
  }

  private static Outcome with(Target target, String stream, String by, Deed deed)
      throws UnavailableException, InterruptedException {
    var address = target.direct().orElse(target);
    try (var intervention =
        new Intervention(Connector.open(address, ActivityReader.PATIENCE), stream, by)) {
      return deed.of(intervention);
    } catch (SQLException e) {
      throw new UnavailableException(Connector.why(address, e));
    }
  }

  private Outcome outcome(boolean done) {
    return new Outcome(done, List.copyOf(said));
  }

  /** What is cancelled differs; each way says what it has done. */
  sealed interface Way permits PostgresCancel, CockroachCancel {
    /**
     * Ends what the holder's sessions execute. The holder can write nothing any more, and its lease
     * is still its own.
     *
     * @return false where something has not ended
     */
    boolean end(Activity seen) throws SQLException, InterruptedException;

    /**
     * Removes what is left of what was ended. The lease is ours.
     *
     * @return what is to be said of the step
     */
    Left clean(Activity seen) throws SQLException, InterruptedException;
  }

  /** What is left of a cancelled step. */
  enum Left {
    /** Nothing: it has failed, and the next run begins it again. */
    NOTHING,
    /** Something, or it is not known what: the next run observes it. */
    TO_BE_SEEN,
    /** It could not be cancelled, and goes on. */
    GOES_ON
  }

  private Way way() {
    return switch (kind) {
      case POSTGRESQL -> new PostgresCancel(session, PATIENCE, POLL, said);
      case COCKROACHDB -> new CockroachCancel(session, PATIENCE, POLL, said);
    };
  }

  private Outcome unlock(Activity seen) throws SQLException, InterruptedException {
    if (!silence(seen.epoch())) {
      said.add("another holds stream " + stream + " by now: look again");
      return outcome(false);
    }
    var epoch = take();
    if (epoch.isEmpty()) {
      return outcome(false);
    }
    said.add(
        "the lease of stream %s is taken away from %s (epoch %d, now %d): it can write nothing more"
            .formatted(stream, seen.holder(), seen.epoch(), epoch.get()));
    now().flatMap(Intervention::goingOn).ifPresent(said::add);
    lease.release(connection, new Fence.Holder(stream, by, epoch.get()));
    return outcome(true);
  }

  private static Optional<String> goingOn(Activity now) {
    return now.jobs().stream()
        .findFirst()
        .map(Activity.Job::describe)
        .or(() -> now.atWork().map(Activity.Backend::describe))
        .map(
            what ->
                "its statement outside a transaction goes on, and the next run follows it: "
                    + what);
  }

  private Outcome cancel() throws SQLException, InterruptedException {
    var seen = now();
    if (seen.isEmpty() || !seen.get().isAtWork() && !seen.get().alive()) {
      said.add("nothing runs for stream " + stream);
      return outcome(true);
    }
    silence(seen.get().epoch());
    var way = way();
    if (!way.end(seen.get())) {
      return outcome(false);
    }
    var epoch = take();
    if (epoch.isEmpty()) {
      return outcome(false);
    }
    var left = way.clean(seen.get());
    if (left == Left.NOTHING) {
      markFailed(seen.get(), epoch.get());
    }
    lease.release(connection, new Fence.Holder(stream, by, epoch.get()));
    return outcome(left != Left.GOES_ON);
  }

  private Optional<Activity> now() throws SQLException {
    return ActivityReader.read(connection, kind).stream()
        .filter(a -> a.stream().equals(stream))
        .findFirst();
  }

  /**
   * An expired lease is never renewed: from now on the holder's fence raises.
   *
   * @return false where the lease has another epoch
   */
  private boolean silence(long epoch) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            UPDATE pawl.heartbeat SET expires_at = least(expires_at, '1970-01-01 00:00:00+00')
             WHERE stream = ? AND epoch = ?
            """)) {
      statement.setString(1, stream);
      statement.setLong(2, epoch);
      return statement.executeUpdate() == 1;
    }
  }

  /** The lease, for ourselves; empty, with a sentence, where it cannot be had. */
  private Optional<Long> take() throws SQLException, InterruptedException {
    var until = Instant.now().plus(PATIENCE);
    while (true) {
      String why;
      try {
        switch (lease.take(connection, stream, by, TTL)) {
          case Lease.Attempt.Taken ours -> {
            return Optional.of(ours.epoch());
          }
          case Lease.Attempt.Held other -> {
            said.add(other.holder() + " has taken the lease meanwhile");
            return Optional.empty();
          }
          case Lease.Attempt.Lingering old ->
              why =
                  "backend %d of %s cannot be ended by this role: have an administrator run SELECT pg_terminate_backend(%d)"
                      .formatted(old.backend(), old.holder(), old.backend());
        }
      } catch (SQLException e) {
        if (Dialect.of(kind).verdict(e, true) != Verdict.RETRY) {
          throw e;
        }
        why = "its transaction has not ended yet: " + e.getMessage();
      }
      if (Instant.now().isAfter(until)) {
        said.add(why);
        return Optional.empty();
      }
      TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
    }
  }

  private void markFailed(Activity seen, long epoch) throws SQLException {
    var step = seen.step().filter(s -> s.phase() == Phase.APPLYING);
    if (step.isEmpty()) {
      return;
    }
    var fence =
        Fence.of(
            kind,
            new Fence.Holder(stream, by, epoch),
            new Fence.Limits(PATIENCE, Duration.ZERO, TTL.dividedBy(2)));
    var message =
        "cancelled at "
            + Activity.seconds(Instant.now())
            + " by "
            + by
            + ", and nothing is left of it: the next run begins it again";
    try {
      fence.advance(
          session::send,
          new Fence.Advance(
              step.get().version().text(),
              step.get().ordinal(),
              List.of(Phase.APPLYING.text()),
              Phase.FAILED.text(),
              0,
              null,
              null,
              "57014",
              message));
      said.add("step " + step.get().id() + " is Failed: the next run begins it again");
    } catch (SQLException e) {
      session.rollback();
      throw e;
    }
  }

  @Override
  public void close() {
    session.close();
  }
}
