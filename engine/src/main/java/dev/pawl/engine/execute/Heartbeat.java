package dev.pawl.engine.execute;

import dev.pawl.engine.dialect.Dialect;
import dev.pawl.engine.fault.FailurePoint;
import dev.pawl.engine.ledger.Fence;
import dev.pawl.engine.ledger.Lease;
import dev.pawl.engine.verify.Observation;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a lease alive on a connection of its own, and tells when it is lost. The same connection
 * answers the small questions asked while the working one is busy.
 */
final class Heartbeat implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

  private final Target target;
  private final String stream;
  private final Duration ttl;
  private final String identity;
  private final Runnable abort;
  private final CountDownLatch end = new CountDownLatch(1);
  private Session session;
  private Fence.Holder holder;
  private volatile long freshUntil;
  private volatile boolean stopped;
  private volatile Optional<String> failedOver = Optional.empty();
  private volatile boolean taken;

  /**
   * @param identity of the one server whose lease it keeps
   * @param abort cuts the working session; called on a thread of its own when the lease is lost,
   *     and when that session is cut off from the server
   */
  Heartbeat(Target target, String stream, Duration ttl, String identity, Runnable abort) {
    this.target = target;
    this.stream = stream;
    this.ttl = ttl;
    this.identity = identity;
    this.abort = abort;
  }

  /** Asks for the lease once; when it is taken, it is kept from now on. */
  synchronized Lease.Attempt take(String name) throws SQLException {
    FailurePoint.LEASE_TAKE.reached();
    long asked = System.nanoTime();
    var attempt = lease().take(session().connection, stream, name, ttl);
    if (attempt instanceof Lease.Attempt.Taken ours) {
      holder = new Fence.Holder(stream, name, ours.epoch());
      freshUntil = asked + ttl.toNanos();
      taken = true;
      FailurePoint.LEASE_TAKEN.reached();
      Thread.ofVirtual().name("heartbeat-" + stream).start(this::beat);
    }
    return attempt;
  }

  /** Who has taken it, at which epoch. */
  Fence.Holder holder() {
    return holder;
  }

  /** That the address leads to another server than that of the lease, in a sentence. */
  Optional<String> failedOver() {
    return failedOver;
  }

  /** Whether the lease cannot have expired yet, by this process's own monotonic clock. */
  boolean fresh() {
    return !stopped && System.nanoTime() - freshUntil < 0;
  }

  /**
   * Names the backend that a successor must end before it writes.
   *
   * @return whether the lease is still ours
   */
  synchronized boolean register(Optional<Integer> backend) throws SQLException {
    return lease().register(session().connection, holder, backend);
  }

  /** How far a backend's work has come; empty also where the question failed. */
  synchronized Optional<Observation.Building> progress(Dialect dialect, int backend) {
    try {
      return dialect.progress(session().connection, backend);
    } catch (SQLException e) {
      LOG.debug("no progress of backend {}: {}", backend, e.getMessage());
      return Optional.empty();
    }
  }

  private Session session() throws SQLException {
    if (session == null || !session.usable()) {
      if (session != null) {
        session.abort();
      }
      var opened = open();
      try {
        Identity.mustBe(identity, opened);
      } catch (SQLException e) {
        opened.close();
        throw e;
      }
      session = opened;
    }
    return session;
  }

  private Session open() throws SQLException {
    return Connector.open(target, ttl.dividedBy(2));
  }

  private Lease lease() throws SQLException {
    return Lease.of(session().greeting.kind());
  }

  private void beat() {
    while (!stopped) {
      try {
        // Not an interrupt: that would close the socket under a question being asked.
        if (end.await(ttl.toMillis() / 4, TimeUnit.MILLISECONDS)) {
          return;
        }
      } catch (InterruptedException e) {
        return;
      }
      renew();
      if (!stopped && !fresh()) {
        stopped = true;
        LOG.warn("the lease of stream {} at epoch {} is lost", stream, holder.epoch());
        abort.run();
        return;
      }
      if (unheard()) {
        LOG.warn("the working session of stream {} is cut off: it is opened anew", stream);
        abort.run();
      }
    }
  }

  private synchronized void renew() {
    FailurePoint.HEARTBEAT.reached();
    long asked = System.nanoTime();
    try {
      if (!stopped && renewed(session().connection)) {
        freshUntil = asked + ttl.toNanos();
      } else if (!stopped) {
        freshUntil = asked;
      }
    } catch (SQLException e) {
      if (Identity.ANOTHER.equals(e.getSQLState())) {
        failedOver = Optional.of(e.getMessage());
        freshUntil = asked; // whatever the old server still answers
      }
      LOG.debug("heartbeat of stream {} missed: {}", stream, e.getMessage());
    }
  }

  /**
   * Whether the server has been done with all that the working session sent for so long that its
   * answer, or the question, must have been lost on the way. Keep-alive does not see that: behind a
   * proxy, or with data on the way, it does not even begin.
   */
  private synchronized boolean unheard() {
    try {
      return !stopped && lease().unheard(session().connection, holder, ttl.multipliedBy(2));
    } catch (SQLException e) {
      LOG.debug("nothing is known of the session of stream {}: {}", stream, e.getMessage());
      return false;
    }
  }

  private boolean renewed(Connection connection) throws SQLException {
    try (var _ = FailurePoint.HEARTBEAT_SENT.atAnswer()) {
      return lease().renew(connection, holder, ttl);
    }
  }

  /** On a new connection where this one is gone, wherever it leads: only ours is given back. */
  private void giveBack() throws SQLException {
    var lease = Lease.of(session.greeting.kind());
    try {
      lease.release(session.connection, holder);
    } catch (SQLException e) {
      session.abort();
      session = open();
      lease.release(session.connection, holder);
    }
  }

  /** Gives the lease back, if it is ours, and ends. */
  @Override
  public void close() {
    boolean held = taken && (fresh() || failedOver.isPresent());
    stopped = true;
    end.countDown();
    synchronized (this) {
      if (session == null) {
        return;
      }
      try {
        if (held) {
          FailurePoint.LEASE_RELEASE.reached();
          giveBack();
        }
      } catch (SQLException e) {
        LOG.debug("the lease of stream {} was not given back: {}", stream, e.getMessage());
      }
      session.close();
    }
  }
}
