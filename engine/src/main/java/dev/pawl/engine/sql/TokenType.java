package dev.pawl.engine.sql;

/** What a token is. */
public enum TokenType {
  WHITESPACE(0),
  LINE_COMMENT(0),
  BLOCK_COMMENT(0),
  /** A line comment that begins with {@code pawl:}, a word to Pawl. */
  DIRECTIVE(1),
  /** A block comment that begins with a plus sign, a word to the planner of the database. */
  HINT(2),
  /** An identifier without quotes, or a keyword: only the grammar can tell. */
  WORD(3),
  QUOTED_IDENTIFIER(4),
  /** U&"…". */
  UNICODE_IDENTIFIER(5),
  STRING(6),
  /** E'…'. */
  ESCAPE_STRING(7),
  /** U&'…'. */
  UNICODE_STRING(8),
  /** B'…' and X'…'. */
  BIT_STRING(9),
  /** N'…'. */
  NATIONAL_STRING(10),
  DOLLAR_STRING(11),
  /** $1. */
  PARAMETER(12),
  NUMBER(13),
  OPERATOR(14),
  /** One of {@code ( ) [ ] , ; . :}. */
  PUNCTUATION(15),
  /** One character that begins nothing: a backslash, a brace, NUL, …. */
  OTHER(16),
  /** A string, quoted identifier or comment that never ends, up to the end of the input. */
  UNTERMINATED(17);

  /**
   * Stands for the type in checksums, which are stored: never changed, 0 where it does not count.
   */
  final int code;

  TokenType(int code) {
    this.code = code;
  }

  /** Whether the token is part of what is executed and checksummed. */
  public boolean counts() {
    return code != 0;
  }

  /** Whether a database's own grammar would see the token. */
  public boolean grammatical() {
    return code > 2;
  }
}
