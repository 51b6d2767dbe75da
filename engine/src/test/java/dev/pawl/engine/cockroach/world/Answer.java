package dev.pawl.engine.cockroach.world;

import java.util.List;
import java.util.Set;

/** What becomes of a statement. */
public sealed interface Answer {
  /** The world afterwards. */
  World world();

  /** A NOTICE. */
  record Notice(String state, String message) {}

  /** It is answered now. */
  record Done(World world, String tag, List<Notice> notices) implements Answer {}

  /** It is carried out; the client gets its answer when these jobs are over. */
  record Started(World world, String tag, Set<Long> jobs) implements Answer {}

  /** Nothing has happened: it waits for these jobs and leases, and is then begun anew. */
  record Blocked(World world, Set<Long> jobs, Set<Long> descriptors) implements Answer {}

  /** An error, now. */
  record Refused(World world, SqlError error) implements Answer {}
}
