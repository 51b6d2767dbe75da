package dev.pawl.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;

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
    IParameterExceptionHandler usage =
        (error, args) -> {
          var command = error.getCommandLine();
          command.getErr().println("pawl: " + withoutPasswords(error.getMessage()));
          command.usage(command.getErr());
          return CommandLine.ExitCode.USAGE;
        };
    return new CommandLine(new Pawl())
        .setParameterExceptionHandler(usage)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(sentence);
  }

  /** What was typed at a wrong place is repeated, save what may be the password of a URL. */
  private static String withoutPasswords(String message) {
    return message.replaceAll("(?s)://.*@", "://…@");
  }

  /** Runs and exits. */
  public static void main(String[] args) {
    int code = commandLine().execute(args);
    System.out.flush();
    Runtime.getRuntime().exit(code);
  }
}
