package dev.pawl.engine.execute;

import java.util.Optional;

/**
 * Why a run waits, was refused or failed.
 *
 * @param reason one CamelCase word for a condition: ConnectionRefused, LeaseHeld, LockTimeout, …
 * @param message one sentence for a person: what happened, to which object, what to do next
 * @param sqlstate the database's code, where it gave one
 */
public record Cause(String reason, String message, Optional<String> sqlstate) {
  /** A cause that is not an error of the database. */
  public static Cause of(String reason, String message) {
    return new Cause(reason, message, Optional.empty());
  }
}
