package dev.pawl.operator.reconcile;

import dev.pawl.engine.execute.MigrationRun;
import dev.pawl.engine.execute.RunListener;
import dev.pawl.engine.execute.RunOptions;
import dev.pawl.engine.execute.Target;
import dev.pawl.engine.plan.SourceFile;
import java.util.Collection;

/** Makes runs: {@link MigrationRun#of}, or a test's own. */
@FunctionalInterface
interface RunStarter {
  MigrationRun run(
      Target target, Collection<SourceFile> source, RunOptions options, RunListener listener);
}
