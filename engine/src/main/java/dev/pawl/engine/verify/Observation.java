package dev.pawl.engine.verify;

import java.util.Optional;
import java.util.OptionalInt;

/** What the database shows now of a change. It may be late, never early. */
public sealed interface Observation {
  /** Not there, and nobody is at work on it. */
  record Absent() implements Observation {}

  /**
   * Somebody's work on it has not ended.
   *
   * @param percent of the work, 0 to 100, where the database tells
   * @param job the job's id, or the backend's process id
   * @param detail what is going on, for a person
   */
  record Building(OptionalInt percent, Optional<String> job, String detail)
      implements Observation {}

  /** Finished, and as the author asked. */
  record Valid() implements Observation {}

  /** There, unusable, and nobody is at work on it. */
  record Invalid(String reason) implements Observation {}

  /** Something else has this name. */
  record Different(String found) implements Observation {}

  /** The database keeps no trace of it: only the statement's own success can tell. */
  record Unobservable() implements Observation {}
}
