package dev.pawl.engine.cockroach;

import dev.pawl.engine.cockroach.world.SqlError;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Something that goes wrong once, with the nth statement whose text matches.
 *
 * @param statement found anywhere in the statement's text, in any case
 * @param nth from 1
 * @param other the statement that comes first
 */
public record Fault(Pattern statement, int nth, Kind kind, SqlError error, Optional<String> other) {
  /** What goes wrong. */
  public enum Kind {
    /** The error is answered, nothing was executed. */
    ERROR_BEFORE,
    /** It is executed, and yet the error is answered: an ambiguous result. */
    ERROR_AFTER,
    /** The connection is cut, nothing was executed. */
    CUT_BEFORE,
    /** The connection is cut once the statement has begun; what it began goes on. */
    CUT_DURING,
    /** It is executed, and the connection is cut before the answer. */
    CUT_AFTER,
    /** Another client's statement comes first; then it is executed. */
    OVERTAKEN
  }

  private static Pattern pattern(String statement) {
    return Pattern.compile(statement, Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  }

  /** The first statement that matches is answered with this SQLSTATE, and not executed. */
  public static Fault error(String statement, String state, String message) {
    return new Fault(
        pattern(statement), 1, Kind.ERROR_BEFORE, new SqlError(state, message), Optional.empty());
  }

  /** The first statement that matches is executed, and answered with this SQLSTATE. */
  public static Fault errorAfter(String statement, String state, String message) {
    return new Fault(
        pattern(statement), 1, Kind.ERROR_AFTER, new SqlError(state, message), Optional.empty());
  }

  /** The connection that sends it first is cut. */
  public static Fault cut(Kind kind, String statement) {
    return new Fault(pattern(statement), 1, kind, new SqlError("08006", "cut"), Optional.empty());
  }

  /** Before the first statement that matches, one of the user "other" is executed to its end. */
  public static Fault overtaken(String statement, String other) {
    return new Fault(
        pattern(statement), 1, Kind.OVERTAKEN, new SqlError("00000", ""), Optional.of(other));
  }

  /** The same with another statement than the first that matches. */
  public Fault at(int place) {
    return new Fault(statement, place, kind, error, other);
  }
}
