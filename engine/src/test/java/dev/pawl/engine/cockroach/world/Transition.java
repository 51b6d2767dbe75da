package dev.pawl.engine.cockroach.world;

/** What happens inside the cluster, or by an operator's hand, besides clients' statements. */
public sealed interface Transition {
  /** A job takes its next step. */
  record Advance(long job) implements Transition {}

  /** Its work on rows fails for good: it begins to revert. */
  record Fail(long job, SqlError error) implements Transition {}

  /** Something passing goes wrong: it will be tried again. */
  record Stumble(long job) implements Transition {}

  /** Its revert fails for good. */
  record FailRevert(long job) implements Transition {}

  record Pause(long job) implements Transition {}

  record Resume(long job) implements Transition {}

  record Cancel(long job) implements Transition {}

  /** A node lets go of its lease on an old version, and reads the newest from now on. */
  record DrainLease(int node, long descriptor) implements Transition {}
}
