package dev.pawl.engine.execute;

import dev.pawl.engine.plan.Version;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is known of a step now: its ledger row, and what only the runner sees.
 *
 * @param attempts how often its statement has been sent
 * @param verifications how often it has been observed or its predicate asked
 * @param percent of the database's asynchronous work, 0 to 100, where the database tells
 * @param job the id of the job, or the process id of the backend, that does the work now
 * @param sqlstate of the last failure
 * @param message for a person: what happens, or what failed and what to do
 */
public record StepState(
    Version version,
    int ordinal,
    String file,
    Phase phase,
    int attempts,
    int verifications,
    OptionalInt percent,
    Optional<String> job,
    Optional<String> sqlstate,
    Optional<String> message,
    Optional<Instant> startedAt,
    Optional<Instant> appliedAt,
    Optional<Instant> verifiedAt) {

  /** The step's id, as {@link dev.pawl.engine.plan.Step#id()}. */
  public String id() {
    return version + "#" + ordinal;
  }
}
