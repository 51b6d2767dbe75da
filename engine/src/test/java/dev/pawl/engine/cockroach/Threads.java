package dev.pawl.engine.cockroach;

import java.util.concurrent.Executor;

/** Threads for what goes on beside a test: as many as it takes. */
final class Threads {
  static final Executor VIRTUAL = task -> Thread.ofVirtual().start(task);

  private Threads() {}
}
