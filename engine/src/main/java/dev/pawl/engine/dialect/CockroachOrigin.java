package dev.pawl.engine.dialect;

import dev.pawl.engine.change.SchemaChange;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is known of how that came to be which is looked at. It may be another's; or the author's, of
 * a statement that was sent when there was nothing of the name; or it was verified once, and later
 * migrations may have changed some of it.
 *
 * @param note what {@link CockroachDialect#before} noted when the statement was sent
 */
record CockroachOrigin(boolean verified, Optional<String> note) {
  /** The note of a moment. */
  static Optional<String> note(String micros, SchemaChange change) {
    return Optional.of(micros + " " + change.describe());
  }

  /** It was there before a statement of Pawl's was sent, if any was: another may have made it. */
  boolean others() {
    return !verified && note.isEmpty();
  }

  /** Whether something was noted for just this change, and not for another of its statement. */
  boolean noted(SchemaChange change) {
    return note.filter(n -> n.endsWith(" " + change.describe())).isPresent();
  }

  /** When the statement was sent, in microseconds; empty where it never was, or not for this. */
  OptionalLong sentAt(SchemaChange change) {
    return noted(change)
        ? OptionalLong.of(Long.parseLong(note.get().substring(0, note.get().indexOf(' '))))
        : OptionalLong.empty();
  }
}
