package dev.pawl.engine.execute;

import dev.pawl.engine.plan.SourceFile;
import java.util.Collection;

/**
 * One run of a source against a database: takes the lease, applies and verifies the pending steps
 * one after another, ends. Blocking; meant for a virtual thread of its own.
 */
public interface MigrationRun {
  /** A run, not yet started. The database's kind, which the plan depends on, is asked of it. */
  static MigrationRun of(
      Target target, Collection<SourceFile> source, RunOptions options, RunListener listener) {
    return new Run(target, source, options, listener);
  }

  /** Runs to its end; never throws for what a database or a source does. */
  Result run();

  /** Asks it to end before its next step: the one at work is finished. Any thread. */
  void finish();

  /** Asks it to stop: at once, by dropping its connections. Any thread. */
  void cancel();
}
