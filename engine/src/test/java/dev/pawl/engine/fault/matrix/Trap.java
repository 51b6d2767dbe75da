package dev.pawl.engine.fault.matrix;

import dev.pawl.engine.execute.MigrationRun;
import dev.pawl.engine.execute.Result;
import dev.pawl.engine.fault.FailurePoint;
import dev.pawl.engine.testing.Clients;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** Waits at a place of one run, and springs there once; other runs of this process pass by. */
final class Trap {
  /** The trap of the run that this thread, or the one that started it, belongs to. */
  private static final InheritableThreadLocal<Trap> HERE = new InheritableThreadLocal<>();

  private static final long HELD_SECONDS = 10;

  /** How long a run may take to end, or its successors to come to the end, on a slow machine. */
  static final long PATIENCE_SECONDS = 120;

  /** What happens when it springs. */
  interface Act {
    void run() throws Exception;
  }

  private final Place place;
  private final Act act;
  private final Act loseSession;
  private final AtomicInteger times = new AtomicInteger();
  private final AtomicInteger statements = new AtomicInteger();
  private final CountDownLatch next = new CountDownLatch(1);
  private volatile boolean holdHeart;
  private volatile boolean sprung;
  private volatile boolean acted;
  private volatile Exception error;

  /**
   * A trap.
   *
   * @param loseSession ends the working session: without that none is ever replaced
   */
  Trap(Place place, Act act, Act loseSession) {
    this.place = place;
    this.act = act;
    this.loseSession = loseSession;
  }

  /**
   * Once it has sprung, the heart does not beat before the run has come to its next point: so a run
   * that is stale is not told so by its own heart in time, which is the worst case.
   */
  Trap holdingTheHeart() {
    holdHeart = true;
    return this;
  }

  /** Runs that this thread starts from now on meet it; null for none. */
  static void lay(Trap trap) {
    FailurePoint.arm(
        point -> {
          var here = HERE.get();
          if (here != null) {
            here.reached(point);
          }
        });
    HERE.set(trap);
  }

  /**
   * What a run ends with that meets this trap.
   *
   * @param wrong is told when it does not end by itself; then it is cancelled
   * @param heal takes away what may hold it up even then
   */
  Result met(MigrationRun run, List<String> wrong, Act heal) throws Exception {
    lay(this);
    var end = Clients.start(run);
    lay(null);
    try {
      return end.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      wrong.add("the run did not end within " + PATIENCE_SECONDS + " s");
      run.cancel();
      heal.run();
      return end.get();
    }
  }

  private void reached(FailurePoint point) {
    try {
      if (place.point() == FailurePoint.RECONNECT
          && point == FailurePoint.STATEMENT
          && statements.incrementAndGet() == 1) {
        loseSession.run();
      }
      if (holdHeart && sprung) {
        if (point == FailurePoint.HEARTBEAT) {
          next.await(HELD_SECONDS, TimeUnit.SECONDS);
        } else if (acted) {
          next.countDown();
        }
      }
      if (point == place.point() && times.incrementAndGet() == place.nth()) {
        sprung = true;
        act.run();
        acted = true;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      error = e;
    }
  }

  /** Whether the run has come to the place. */
  boolean sprung() {
    return sprung;
  }

  /**
   * Raises what went wrong with the fault itself.
   *
   * @throws IllegalStateException the test is broken, not Pawl
   */
  void rethrow() {
    if (error != null) {
      throw new IllegalStateException("the fault at " + place + " could not be made", error);
    }
  }
}
