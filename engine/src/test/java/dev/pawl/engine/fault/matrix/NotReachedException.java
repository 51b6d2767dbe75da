package dev.pawl.engine.fault.matrix;

import java.util.concurrent.Callable;

/**
 * A run ended before it came to the place of the fault: on a machine under load its short lease may
 * have been lost. Nothing is shown then.
 */
final class NotReachedException extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int TRIES = 5;

  NotReachedException(String message) {
    super(message);
  }

  /** What comes of the first try that reaches its place. */
  static <T> T again(Callable<T> cell) throws Exception {
    for (int tries = 1; ; tries++) {
      try {
        return cell.call();
      } catch (NotReachedException e) {
        if (tries == TRIES) {
          throw e;
        }
      }
    }
  }
}
