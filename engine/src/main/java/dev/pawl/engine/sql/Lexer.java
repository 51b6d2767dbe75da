package dev.pawl.engine.sql;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts any text into tokens whose texts, put together, are the text again. It never fails: what a
 * database would refuse becomes {@link TokenType#OTHER} or {@link TokenType#UNTERMINATED}. The
 * rules are those of PostgreSQL's scanner with standard_conforming_strings on; where CockroachDB's
 * differ, its own are used. Linear in the length of the text.
 */
public final class Lexer {
  private static final char BOM = '\uFEFF';
  private final String sql;
  private final boolean cockroach;
  private final List<Token> tokens;
  private int at;
  private int line = 1;
  private int lineStart;

  // 'b' after E'a' and a line break goes on in the escape syntax of the first.
  private boolean afterEscapeString;
  private boolean lineBreakSince;

  private Lexer(String sql, DatabaseKind kind) {
    this.sql = sql;
    this.cockroach = kind == DatabaseKind.COCKROACHDB;
    this.tokens = new ArrayList<>(sql.length() / 4 + 8);
  }

  /** All tokens of a text, in order. */
  public static List<Token> lex(String sql, DatabaseKind kind) {
    var lexer = new Lexer(sql, kind);
    if (!sql.isEmpty() && sql.charAt(0) == BOM) {
      lexer.emit(TokenType.WHITESPACE, 1);
      lexer.lineStart = 1;
    }
    while (lexer.at < sql.length()) {
      lexer.next();
    }
    return lexer.tokens;
  }

  private void next() {
    char c = sql.charAt(at);
    if (isSpace(c)) {
      int end = at + 1;
      while (end < sql.length() && isSpace(sql.charAt(end))) {
        end++;
      }
      emit(TokenType.WHITESPACE, end);
    } else if (isWordStart(c)) {
      word(c);
    } else if (isDigit(c) || c == '.' && isDigit(peek(1))) {
      number();
    } else {
      switch (c) {
        case '\'' ->
            string(
                afterEscapeString && lineBreakSince ? TokenType.ESCAPE_STRING : TokenType.STRING,
                1);
        case '"' -> quoted(TokenType.QUOTED_IDENTIFIER, 1);
        case '$' -> dollar();
        case '(', ')', '[', ']', ',', ';' -> emit(TokenType.PUNCTUATION, at + 1);
        case '.' -> {
          boolean range = peek(1) == '.';
          emit(range ? TokenType.OPERATOR : TokenType.PUNCTUATION, at + (range ? 2 : 1));
        }
        case ':' -> {
          boolean two = peek(1) == ':' || peek(1) == '=';
          emit(two ? TokenType.OPERATOR : TokenType.PUNCTUATION, at + (two ? 2 : 1));
        }
        default -> {
          if (c == '-' && peek(1) == '-') {
            lineComment();
          } else if (c == '/' && peek(1) == '*') {
            blockComment();
          } else if (isOperator(c)) {
            operator();
          } else {
            emit(TokenType.OTHER, at + 1);
          }
        }
      }
    }
  }

  private void word(char c) {
    char next = peek(1);
    if (next == '\'') {
      switch (c) {
        case 'e', 'E' -> {
          string(TokenType.ESCAPE_STRING, 2);
          return;
        }
        case 'b', 'B', 'x', 'X' -> {
          string(TokenType.BIT_STRING, 2);
          return;
        }
        case 'n', 'N' -> {
          string(TokenType.NATIONAL_STRING, 2);
          return;
        }
        default -> {}
      }
    } else if (next == '&' && (c == 'u' || c == 'U') && !cockroach) {
      if (peek(2) == '\'') {
        string(TokenType.UNICODE_STRING, 3);
        return;
      }
      if (peek(2) == '"') {
        quoted(TokenType.UNICODE_IDENTIFIER, 3);
        return;
      }
    }
    int end = at + 1;
    while (end < sql.length() && isWordPart(sql.charAt(end))) {
      end++;
    }
    emit(TokenType.WORD, end);
  }

  private void string(TokenType type, int prefix) {
    boolean escapes =
        type == TokenType.ESCAPE_STRING
            || cockroach && type == TokenType.BIT_STRING && (sql.charAt(at) | 32) == 'b';
    int end = at + prefix;
    while (end < sql.length()) {
      char c = sql.charAt(end++);
      if (c == '\\' && escapes) {
        end++;
      } else if (c == '\'') {
        if (end < sql.length() && sql.charAt(end) == '\'') {
          end++;
        } else {
          emit(type, end);
          return;
        }
      }
    }
    emit(TokenType.UNTERMINATED, sql.length());
  }

  private void quoted(TokenType type, int prefix) {
    int end = at + prefix;
    while (end < sql.length()) {
      if (sql.charAt(end++) == '"') {
        if (end < sql.length() && sql.charAt(end) == '"') {
          end++;
        } else {
          emit(type, end);
          return;
        }
      }
    }
    emit(TokenType.UNTERMINATED, sql.length());
  }

  private void dollar() {
    int end = at + 1;
    if (isDigit(peek(1))) {
      while (end < sql.length() && isDigit(sql.charAt(end))) {
        end++;
      }
      emit(TokenType.PARAMETER, end);
      return;
    }
    if (isWordStart(peek(1))) {
      while (end < sql.length() && isWordPart(sql.charAt(end)) && sql.charAt(end) != '$') {
        end++;
      }
    }
    if (end >= sql.length() || sql.charAt(end) != '$') {
      emit(TokenType.OTHER, at + 1);
      return;
    }
    var tag = sql.substring(at, end + 1);
    int close = sql.indexOf(tag, end + 1);
    if (close < 0) {
      emit(TokenType.UNTERMINATED, sql.length());
    } else {
      emit(TokenType.DOLLAR_STRING, close + tag.length());
    }
  }

  private void number() {
    int end = at;
    char second = (char) (peek(1) | 32);
    if (sql.charAt(at) == '0'
        && (second == 'x' || second == 'o' || second == 'b')
        && isHex(peek(2))) {
      end += 2;
      while (end < sql.length() && (isHex(sql.charAt(end)) || sql.charAt(end) == '_')) {
        end++;
      }
      emit(TokenType.NUMBER, end);
      return;
    }
    end = digits(end);
    if (end < sql.length()
        && sql.charAt(end) == '.'
        && !(end + 1 < sql.length() && sql.charAt(end + 1) == '.')) {
      end = digits(end + 1);
    }
    if (end < sql.length() && (sql.charAt(end) | 32) == 'e') {
      int exponent = end + 1;
      if (exponent < sql.length() && (sql.charAt(exponent) == '+' || sql.charAt(exponent) == '-')) {
        exponent++;
      }
      if (exponent < sql.length() && isDigit(sql.charAt(exponent))) {
        end = digits(exponent);
      }
    }
    emit(TokenType.NUMBER, end);
  }

  private int digits(int from) {
    int end = from;
    while (end < sql.length() && (isDigit(sql.charAt(end)) || sql.charAt(end) == '_')) {
      end++;
    }
    return end;
  }

  private void lineComment() {
    int end = at + 2;
    while (end < sql.length() && sql.charAt(end) != '\n') {
      // PostgreSQL ends a comment at a lone carriage return too: what follows is executed.
      if (sql.charAt(end) == '\r'
          && (!cockroach || end + 1 < sql.length() && sql.charAt(end + 1) == '\n')) {
        break;
      }
      end++;
    }
    int text = at + 2;
    while (text < end && (sql.charAt(text) == ' ' || sql.charAt(text) == '\t')) {
      text++;
    }
    emit(sql.startsWith("pawl:", text) ? TokenType.DIRECTIVE : TokenType.LINE_COMMENT, end);
  }

  private void blockComment() {
    boolean hint = peek(2) == '+';
    int depth = 1;
    int end = at + 2;
    while (end + 1 < sql.length()) {
      char c = sql.charAt(end);
      char next = sql.charAt(end + 1);
      if (c == '*' && next == '/') {
        end += 2;
        if (--depth == 0) {
          emit(hint ? TokenType.HINT : TokenType.BLOCK_COMMENT, end);
          return;
        }
      } else if (c == '/' && next == '*') {
        end += 2;
        depth++;
      } else {
        end++;
      }
    }
    emit(TokenType.UNTERMINATED, sql.length());
  }

  private void operator() {
    int end = at + 1;
    boolean special = isSpecial(sql.charAt(at));
    while (end < sql.length() && isOperator(sql.charAt(end))) {
      char c = sql.charAt(end);
      char next = end + 1 < sql.length() ? sql.charAt(end + 1) : 0;
      if (c == '-' && next == '-' || c == '/' && next == '*') {
        break;
      }
      special |= isSpecial(c);
      end++;
    }
    // As in the standard, so that a*-1 is not an operator *-: a trailing sign belongs to what
    // follows, unless the operator could not be the standard's.
    int run = end;
    if (!special) {
      while (end > at + 1 && (sql.charAt(end - 1) == '+' || sql.charAt(end - 1) == '-')) {
        end--;
      }
    }
    emit(TokenType.OPERATOR, end);
    while (at < run) {
      emit(TokenType.OPERATOR, at + 1);
    }
  }

  private void emit(TokenType type, int end) {
    tokens.add(new Token(type, sql, at, end, line, at - lineStart + 1));
    boolean broken = false;
    if (type != TokenType.WORD && type != TokenType.PUNCTUATION && type != TokenType.OPERATOR) {
      for (int i = at; i < end; i++) {
        char c = sql.charAt(i);
        if (c == '\n' || c == '\r' && !(i + 1 < sql.length() && sql.charAt(i + 1) == '\n')) {
          line++;
          lineStart = i + 1;
          broken = true;
        }
      }
    }
    at = end;
    switch (type) {
      case ESCAPE_STRING -> {
        afterEscapeString = true;
        lineBreakSince = false;
      }
      case WHITESPACE -> lineBreakSince |= broken;
      case LINE_COMMENT, DIRECTIVE -> {}
      default -> afterEscapeString = false;
    }
  }

  private char peek(int ahead) {
    return at + ahead < sql.length() ? sql.charAt(at + ahead) : 0;
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c >= '\t' && c <= '\r';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isHex(char c) {
    return isDigit(c) || (c | 32) >= 'a' && (c | 32) <= 'f';
  }

  private static boolean isWordStart(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= 0x80;
  }

  private static boolean isWordPart(char c) {
    return isWordStart(c) || isDigit(c) || c == '$';
  }

  private static boolean isOperator(char c) {
    return switch (c) {
      case '+', '-', '*', '/', '<', '>', '=', '~', '!', '@', '#', '%', '^', '&', '|', '`', '?' ->
          true;
      default -> false;
    };
  }

  private static boolean isSpecial(char c) {
    return switch (c) {
      case '~', '!', '@', '#', '%', '^', '&', '|', '`', '?' -> true;
      default -> false;
    };
  }
}
