package dev.pawl.operator;

import dev.pawl.operator.status.Term;
import jakarta.inject.Singleton;
import java.util.OptionalLong;
import org.jboss.logging.Logger;

/** Whether this process leads, and in which term. */
@Singleton
class Leadership implements Term {
  private static final Logger LOG = Logger.getLogger(Leadership.class);

  private volatile OptionalLong term = OptionalLong.empty();
  private volatile boolean watching;
  private volatile boolean stopping;

  @Override
  public OptionalLong current() {
    return term;
  }

  @Override
  public void overtaken(String what) {
    end(what);
  }

  synchronized void begin(long newTerm) {
    if (stopping) {
      return;
    }
    term = OptionalLong.of(newTerm);
    LOG.infof("this process leads, term %d", newTerm);
  }

  void watching() {
    watching = true;
  }

  boolean isWatching() {
    return watching;
  }

  synchronized void stopping() {
    stopping = true;
    term = OptionalLong.empty();
  }

  /**
   * No longer leading: nothing more may be written, so the process ends, unless it does already.
   */
  void end(String why) {
    term = OptionalLong.empty();
    if (!stopping) {
      LOG.errorf("leadership lost (%s): this process ends at once, its container starts anew", why);
      Runtime.getRuntime().halt(1);
    }
  }
}
