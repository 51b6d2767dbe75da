package dev.pawl.engine.sql;

/**
 * Values as SQL literals, for the few places where several statements go to the server in one
 * message and so cannot have bind parameters. Holds with standard_conforming_strings on, which a
 * connection of Pawl's makes sure of.
 */
public final class Literal {
  private Literal() {}

  /**
   * A text literal, or NULL.
   *
   * @throws IllegalArgumentException for NUL, which no server accepts
   */
  public static String text(String value) {
    if (value == null) {
      return "NULL";
    }
    if (value.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a text may not contain NUL");
    }
    return "'" + value.replace("'", "''") + "'";
  }
}
