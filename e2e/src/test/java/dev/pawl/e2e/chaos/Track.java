package dev.pawl.e2e.chaos;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When each step of one stream was done, as somebody else than Pawl has seen it in the database.
 * All times are the machine's, as the API server's audit log has them too.
 */
final class Track {
  private final Map<String, Instant> shown = new ConcurrentHashMap<>();
  private final Map<String, Instant> verified = new ConcurrentHashMap<>();
  private final Map<String, Instant> undone = new ConcurrentHashMap<>();

  /** What proves a step was committed then; only the first time counts. */
  void shown(String step, Instant committed) {
    shown.putIfAbsent(step, committed);
  }

  /** Its row in the ledger said Verified since then; only the first time counts. */
  void verified(String step, Instant committed) {
    verified.putIfAbsent(step, committed);
  }

  /** It was seen not to be done, then; only the last time counts. */
  void undone(String step, Instant seen) {
    undone.merge(step, seen, (a, b) -> a.isAfter(b) ? a : b);
  }

  Optional<Instant> shown(String step) {
    return Optional.ofNullable(shown.get(step));
  }

  Optional<Instant> verified(String step) {
    return Optional.ofNullable(verified.get(step));
  }

  Optional<Instant> undone(String step) {
    return Optional.ofNullable(undone.get(step));
  }
}
