package dev.pawl.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;

/** The command line. Exit codes: 0 done, 1 a finding or a failure, 2 usage. */
@Command(
    name = "pawl",
    description = "Database schema migrations that cannot be half-finished.",
    mixinStandardHelpOptions = true,
    version = "pawl " + Pawl.VERSION,
    subcommands = {
      CheckCommand.class,
      PlanCommand.class,
      GenerateCommand.class,
      ApplyCommand.class,
      StatusCommand.class,
      VerifyCommand.class,
      UnlockCommand.class,
      CancelCommand.class
    })
public final class Pawl {
  static final String VERSION = "0.1.0";

  /** Done. */
  static final int DONE = 0;

  /** A finding, a refusal or a failure. */
  static final int FOUND = 1;

  private Pawl() {}

  /** The command line without the exit, for tests. */
  static CommandLine commandLine() {
    IExecutionExceptionHandler sentence =
        (error, command, parsed) -> {
          command.getErr().println("pawl: " + error.getMessage());
          return error instanceof UsageException ? CommandLine.ExitCode.USAGE : FOUND;
        };
    return new CommandLine(new Pawl())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(sentence);
  }

  /** Runs and exits. */
  public static void main(String[] args) {
    int code = commandLine().execute(args);
    System.out.flush();
    Runtime.getRuntime().exit(code);
  }
}
