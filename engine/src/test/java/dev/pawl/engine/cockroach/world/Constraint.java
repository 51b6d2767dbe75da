package dev.pawl.engine.cockroach.world;

import java.util.List;

/**
 * A CHECK or FOREIGN KEY of a table; UNIQUE and PRIMARY KEY are told by their indexes.
 *
 * @param details its definition, as SHOW CONSTRAINTS has it
 */
public record Constraint(
    String name, Kind kind, List<String> columns, String details, State state) {
  /** What it demands. */
  public enum Kind {
    CHECK,
    FOREIGN_KEY
  }

  /** How far it is. */
  public enum State {
    /** New rows are checked; the old ones are being looked at. */
    VALIDATING,
    /** Asked for with NOT VALID. */
    UNVALIDATED,
    VALIDATED,
    DROPPING
  }

  public Constraint with(State other) {
    return new Constraint(name, kind, columns, details, other);
  }

  public Constraint withName(String other) {
    return new Constraint(other, kind, columns, details, state);
  }
}
