package dev.pawl.cli;

/** The command was given wrongly: what to write instead. Exit code 2. */
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
