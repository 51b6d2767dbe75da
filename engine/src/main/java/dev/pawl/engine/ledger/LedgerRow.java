package dev.pawl.engine.ledger;

import java.time.Instant;
import java.util.Optional;

/** One row of {@code pawl.step}: what the ledger remembers of a step. */
public record LedgerRow(
    String version,
    int ordinal,
    String file,
    String kind,
    String checksum,
    String phase,
    long epoch,
    int attempts,
    Optional<Instant> startedAt,
    Optional<Instant> appliedAt,
    Optional<Instant> verifiedAt,
    Optional<String> before,
    Optional<String> job,
    Optional<String> sqlstate,
    Optional<String> message) {}
