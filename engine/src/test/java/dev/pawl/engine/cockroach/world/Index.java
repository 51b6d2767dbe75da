package dev.pawl.engine.cockroach.world;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An index of a table.
 *
 * @param number within its table
 * @param constraint whether a UNIQUE constraint of the same name owns it
 */
public record Index(
    int number,
    String name,
    boolean unique,
    Method method,
    List<Key> keys,
    List<String> storing,
    Optional<String> predicate,
    boolean constraint,
    State state) {
  /** What kind of index. */
  public enum Method {
    PREFIX,
    INVERTED,
    VECTOR
  }

  /**
   * How far it is: CockroachDB's documentation, "Online schema changes", names delete-only,
   * write-only and public; an index being built is filled between the second and the third.
   */
  public enum State {
    DELETE_ONLY,
    WRITE_ONLY,
    PUBLIC,
    DROPPING
  }

  /**
   * A key column.
   *
   * @param column its name, or an expression's text
   * @param expression whether it is one
   */
  public record Key(String column, boolean expression, boolean descending) {
    private static final Pattern SHARD = Pattern.compile("crdb_internal_.*_shard_\\d+");

    /** Whether it is the hidden column of USING HASH. */
    public boolean isShard() {
      return SHARD.matcher(column).matches();
    }
  }

  public boolean isPublic() {
    return state == State.PUBLIC;
  }

  public boolean isAdding() {
    return state == State.DELETE_ONLY || state == State.WRITE_ONLY;
  }

  public Index with(State other) {
    return new Index(number, name, unique, method, keys, storing, predicate, constraint, other);
  }

  public Index withName(String other) {
    return new Index(number, other, unique, method, keys, storing, predicate, constraint, state);
  }
}
