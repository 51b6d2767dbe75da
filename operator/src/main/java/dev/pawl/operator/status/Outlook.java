package dev.pawl.operator.status;

/** How things stand with a SchemaMigration, in one word and one sentence. */
public sealed interface Outlook {
  /** For a person: what happened, to which object, what to do next. */
  String message();

  /** Everything up to the wanted version is verified. */
  record Ready(String message) implements Outlook {}

  /** Steps are being applied and verified. */
  record Progressing(String message) implements Outlook {}

  /** Steps are being applied and verified, and nothing has moved for long. */
  record Stuck(String message) implements Outlook {}

  /** A person has suspended it, and the step at work is being finished or cancelled. */
  record Suspending(String message) implements Outlook {}

  /** Something outside is missing; it goes on by itself when that comes. */
  record Retrying(String reason, String message) implements Outlook {}

  /** A person must change data, source, spec or rights. */
  record Stalled(String reason, String message) implements Outlook {}

  /**
   * A person has suspended it.
   *
   * @param ready whether everything up to the wanted version had been verified before
   */
  record Suspended(boolean ready, String message) implements Outlook {}
}
