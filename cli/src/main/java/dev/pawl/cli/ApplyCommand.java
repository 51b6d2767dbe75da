package dev.pawl.cli;

import dev.pawl.engine.execute.Cause;
import dev.pawl.engine.execute.MigrationRun;
import dev.pawl.engine.execute.Result;
import dev.pawl.engine.execute.RunListener;
import dev.pawl.engine.execute.RunOptions;
import dev.pawl.engine.execute.StepState;
import dev.pawl.engine.fault.FailurePoints;
import dev.pawl.engine.plan.InvalidSourceException;
import dev.pawl.engine.plan.SourceReader;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Applies and verifies the pending steps of a directory. */
@Command(
    name = "apply",
    mixinStandardHelpOptions = true,
    description = "Apply and verify the pending migrations of a directory.")
final class ApplyCommand implements Callable<Integer> {
  private static final Duration LEASE = Duration.ofSeconds(15);

  @Spec CommandSpec spec;
  @Mixin OutputOption output;
  @Mixin DatabaseOptions database;
  @Mixin StreamOption stream;

  @Parameters(paramLabel = "DIR", description = "the directory of migrations")
  Path directory;

  @Option(
      names = "--to",
      paramLabel = "VERSION",
      description = "stop after this version (default: the newest)")
  String to;

  @Option(
      names = "--out-of-order",
      description = "apply a version that is older than the newest applied one")
  boolean outOfOrder;

  @Option(
      names = "--on-invalid",
      paramLabel = "ACTION",
      defaultValue = "repair",
      description = "repair or fail: an INVALID index that nobody builds (default: repair)")
  RunOptions.OnInvalid onInvalid;

  @Option(
      names = "--require-verify-files",
      description = "refuse a step that runs on its own and has no .verify.sql beside it")
  boolean requireVerifyFiles;

  @Option(
      names = "--retry-for",
      paramLabel = "SECONDS",
      defaultValue = "300",
      description = "how long locks and other passing errors are retried (default: 300)")
  int retryFor;

  @Override
  public Integer call() throws InvalidSourceException {
    armFailurePoints();
    var source = SourceReader.read(directory);
    var policy = RunOptions.Policy.DEFAULT;
    var options =
        new RunOptions(
            stream.name,
            "pawl apply " + ProcessHandle.current().pid() + " " + UUID.randomUUID(),
            Optional.ofNullable(to).map(VersionOption.of("--to")),
            LEASE,
            new RunOptions.Policy(
                outOfOrder ? RunOptions.OutOfOrder.APPLY : policy.outOfOrder(),
                onInvalid,
                requireVerifyFiles
                    ? RunOptions.MissingVerifyFile.REFUSE
                    : RunOptions.MissingVerifyFile.GENERATE,
                policy.lockTimeout(),
                policy.statementTimeout(),
                policy.waitForLease(),
                Optional.of(Duration.ofSeconds(retryFor))));
    var out = spec.commandLine().getOut();
    var begin = System.nanoTime();
    boolean terminal = System.console() != null && System.console().isTerminal();
    RunListener listener = output.json() ? new Silent() : new ProgressLine(out, terminal);
    var run = MigrationRun.of(database.target(), source, options, listener);
    var hook = new Thread(run::cancel);
    Runtime.getRuntime().addShutdownHook(hook);
    var result = run.run();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return Pawl.FOUND; // Interrupted by a signal: the process is ending.
    }
    return report(out, result, (System.nanoTime() - begin) / 1_000_000);
  }

  private static void armFailurePoints() {
    try {
      FailurePoints.armFromEnvironment();
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage());
    }
  }

  private int report(PrintWriter out, Result result, long millis) {
    var outcome = result.getClass().getSimpleName();
    var cause =
        switch (result) {
          case Result.Verified _, Result.Cancelled _ -> Optional.<Cause>empty();
          case Result.Failed r -> Optional.of(r.cause());
          case Result.Refused r -> Optional.of(r.cause());
          case Result.Unavailable r -> Optional.of(r.cause());
        };
    if (output.json()) {
      Json.print(
          out,
          json -> {
            json.writeStringField("outcome", outcome);
            if (result instanceof Result.Verified v && v.through().isPresent()) {
              json.writeStringField("through", v.through().get().text());
            }
            if (cause.isPresent()) {
              json.writeStringField("reason", cause.get().reason());
              json.writeStringField("message", cause.get().message());
              Json.optional(json, "sqlstate", cause.get().sqlstate().orElse(null));
            }
            json.writeNumberField("millis", millis);
            Json.steps(json, result.steps());
          });
    } else if (result instanceof Result.Verified v) {
      out.printf(
          "Verified%s: %d steps in %.1f s%n",
          v.through().map(t -> " through " + t).orElse(""), v.steps().size(), millis / 1000.0);
    } else {
      out.printf(
          "%s%s%n",
          outcome,
          cause
              .map(
                  c ->
                      " ("
                          + c.reason()
                          + c.sqlstate().map(s -> ", SQLSTATE " + s).orElse("")
                          + "): "
                          + c.message())
              .orElse(""));
    }
    out.flush();
    return result instanceof Result.Verified ? Pawl.DONE : Pawl.FOUND;
  }

  private static final class Silent implements RunListener {
    @Override
    public void planned(List<StepState> steps) {
      // The result has them.
    }

    @Override
    public void changed(StepState step) {
      // The result has it.
    }

    @Override
    public void waiting(Cause cause) {
      // The result has it, if it lasts.
    }

    @Override
    public void resumed() {
      // Nothing to say.
    }
  }
}
