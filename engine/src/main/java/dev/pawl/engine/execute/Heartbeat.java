package dev.pawl.engine.execute;

import dev.pawl.engine.dialect.Dialect;
import dev.pawl.engine.fault.FailurePoint;
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
  private final Runnable lost;
  private final CountDownLatch end = new CountDownLatch(1);
  private Session session;
  private long epoch;
  private volatile long freshUntil;
  private volatile boolean stopped;
  private volatile boolean taken;

  Heartbeat(Target target, String stream, Duration ttl, Runnable lost) {
    this.target = target;
    this.stream = stream;
    this.ttl = ttl;
    this.lost = lost;
  }

  /** Asks for the lease once; when it is taken, it is kept from now on. */
  synchronized Lease.Attempt take(String holder) throws SQLException {
    FailurePoint.LEASE_TAKE.reached();
    long asked = System.nanoTime();
    var attempt = lease().take(session().connection, stream, holder, ttl);
    if (attempt instanceof Lease.Attempt.Taken ours) {
      epoch = ours.epoch();
      freshUntil = asked + ttl.toNanos();
      taken = true;
      FailurePoint.LEASE_TAKEN.reached();
      Thread.ofVirtual().name("heartbeat-" + stream).start(this::beat);
    }
    return attempt;
  }

  long epoch() {
    return epoch;
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
    return lease().register(session().connection, stream, epoch, backend);
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
      session = Connector.open(target, ttl.dividedBy(2));
    }
    return session;
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
        LOG.warn("the lease of stream {} at epoch {} is lost", stream, epoch);
        lost.run();
        return;
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
      LOG.debug("heartbeat of stream {} missed: {}", stream, e.getMessage());
    }
  }

  private boolean renewed(Connection connection) throws SQLException {
    try (var _ = FailurePoint.HEARTBEAT_SENT.atAnswer()) {
      return lease().renew(connection, stream, epoch, ttl);
    }
  }

  /** Gives the lease back, if it is ours, and ends. */
  @Override
  public void close() {
    boolean held = taken && fresh();
    stopped = true;
    end.countDown();
    synchronized (this) {
      if (session == null) {
        return;
      }
      try {
        if (held) {
          FailurePoint.LEASE_RELEASE.reached();
          lease().release(session().connection, stream, epoch);
        }
      } catch (SQLException e) {
        LOG.debug("the lease of stream {} was not given back: {}", stream, e.getMessage());
      }
      session.close();
    }
  }
}
