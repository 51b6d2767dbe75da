package dev.pawl.engine.cockroach;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The faults still to come. */
final class Faults {
  private static final class Armed {
    private final Fault fault;
    private int seen;

    private Armed(Fault fault) {
      this.fault = fault;
    }
  }

  private final List<Armed> armed = new ArrayList<>();

  synchronized void add(Fault fault) {
    armed.add(new Armed(fault));
  }

  /** Whether all of them have struck. */
  synchronized boolean spent() {
    return armed.isEmpty();
  }

  /** The fault that strikes this statement, taken away. */
  synchronized Optional<Fault> strike(String statement) {
    for (var candidate : armed) {
      if (candidate.fault.statement().matcher(statement).find()
          && ++candidate.seen == candidate.fault.nth()) {
        armed.remove(candidate);
        return Optional.of(candidate.fault);
      }
    }
    return Optional.empty();
  }
}
