package dev.pawl.engine.sql;

/**
 * A piece of SQL text with its place.
 *
 * @param source the whole text it was cut from
 * @param start its first character in the source
 * @param end one after its last
 * @param line of its first character, from 1
 * @param column of its first character, from 1
 */
public record Token(TokenType type, String source, int start, int end, int line, int column) {

  /** The token as written. */
  public String text() {
    return source.substring(start, end);
  }

  /** Whether it is this keyword, in any case; {@code keyword} is in ASCII capitals. */
  public boolean is(String keyword) {
    if (type != TokenType.WORD || end - start != keyword.length()) {
      return false;
    }
    for (int i = 0; i < keyword.length(); i++) {
      if (upper(source.charAt(start + i)) != keyword.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Whether it is this single character of punctuation, an operator or another one. */
  public boolean is(char c) {
    return end - start == 1
        && source.charAt(start) == c
        && (type == TokenType.PUNCTUATION || type == TokenType.OPERATOR || type == TokenType.OTHER);
  }

  /** The word in ASCII capitals; empty where it is no unquoted word. */
  public String keyword() {
    if (type != TokenType.WORD) {
      return "";
    }
    var chars = new char[end - start];
    for (int i = 0; i < chars.length; i++) {
      chars[i] = upper(source.charAt(start + i));
    }
    return new String(chars);
  }

  /** What a {@link TokenType#DIRECTIVE} says after {@code pawl:}. */
  public String directive() {
    return source.substring(source.indexOf("pawl:", start) + 5, end).strip();
  }

  /** Whether it is a directive that only silences the check: it counts for nothing else. */
  public boolean allows() {
    return type == TokenType.DIRECTIVE && directive().startsWith("allow ");
  }

  private static char upper(char c) {
    return c >= 'a' && c <= 'z' ? (char) (c - 32) : c;
  }

  @Override
  public String toString() {
    return type + "@" + line + ":" + column + " " + text();
  }
}
