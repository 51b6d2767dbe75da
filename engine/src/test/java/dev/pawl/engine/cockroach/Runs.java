package dev.pawl.engine.cockroach;

import dev.pawl.engine.execute.MigrationRun;
import dev.pawl.engine.execute.Result;
import dev.pawl.engine.execute.RunListener;
import dev.pawl.engine.execute.RunOptions;
import dev.pawl.engine.execute.Target;
import dev.pawl.engine.testing.TestDatabase;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Runs of Pawl, and what goes on beside them. */
final class Runs {
  /** As many threads as it takes. */
  static final Executor VIRTUAL = task -> Thread.ofVirtual().start(task);

  private Runs() {}

  /**
   * A run of a stream that retries for a while, with a holder of its own.
   *
   * @param files path, text, path, text, …
   */
  static MigrationRun of(
      Target target, String stream, Duration retryFor, RunListener listener, String... files) {
    var like = TestDatabase.options(retryFor);
    var options =
        new RunOptions(stream, like.holder(), like.through(), like.leaseTtl(), like.policy());
    return MigrationRun.of(target, TestDatabase.files(files), options, listener);
  }

  static CompletableFuture<Result> inBackground(MigrationRun run) {
    return CompletableFuture.supplyAsync(run::run, VIRTUAL);
  }
}
