package dev.pawl.engine.cockroach.world;

import java.util.Optional;

/**
 * A column of a table.
 *
 * @param type in CockroachDB's spelling: INT8, STRING, …
 * @param hidden only {@code rowid}, which a table without a primary key gets
 * @param state a column that is being added or dropped is in no catalog
 */
public record Column(
    String name,
    String type,
    boolean notNull,
    Optional<String> defaultTo,
    boolean hidden,
    State state) {
  /** How far it is. */
  public enum State {
    ADDING,
    PUBLIC,
    DROPPING
  }

  public boolean isPublic() {
    return state == State.PUBLIC;
  }

  public Column with(State other) {
    return new Column(name, type, notNull, defaultTo, hidden, other);
  }

  public Column withNotNull(boolean other) {
    return new Column(name, type, other, defaultTo, hidden, state);
  }

  public Column withDefault(Optional<String> other) {
    return new Column(name, type, notNull, other, hidden, state);
  }

  public Column withType(String other) {
    return new Column(name, other, notNull, defaultTo, hidden, state);
  }

  public Column withName(String other) {
    return new Column(other, type, notNull, defaultTo, hidden, state);
  }
}
