package dev.pawl.engine.cockroach.world;

import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.Lexer;
import dev.pawl.engine.sql.Token;
import dev.pawl.engine.sql.TokenType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Statements as their tokens, without comments and white space. */
public final class Sql {
  private Sql() {}

  /** The statements of a text, each with at least one token. */
  public static List<List<Token>> split(String text) {
    var statements = new ArrayList<List<Token>>();
    var current = new ArrayList<Token>();
    int depth = 0;
    for (var token : Lexer.lex(text, DatabaseKind.COCKROACHDB)) {
      if (!token.type().grammatical()) {
        continue;
      }
      if (token.is(';') && depth == 0) {
        if (!current.isEmpty()) {
          statements.add(List.copyOf(current));
          current.clear();
        }
        continue;
      }
      if (token.is('(') || token.is('[')) {
        depth++;
      } else if (token.is(')') || token.is(']')) {
        depth--;
      }
      current.add(token);
    }
    if (!current.isEmpty()) {
      statements.add(List.copyOf(current));
    }
    return statements;
  }

  /** The text from the first token to the last, byte for byte. */
  public static String text(List<Token> tokens) {
    return tokens.isEmpty()
        ? ""
        : tokens.getFirst().source().substring(tokens.getFirst().start(), tokens.getLast().end());
  }

  /** Whether the tokens at this place are these keywords. */
  public static boolean at(List<Token> tokens, int place, String... keywords) {
    if (place < 0 || place + keywords.length > tokens.size()) {
      return false;
    }
    for (int k = 0; k < keywords.length; k++) {
      if (!tokens.get(place + k).is(keywords[k])) {
        return false;
      }
    }
    return true;
  }

  public static boolean at(List<Token> tokens, int place, char c) {
    return place >= 0 && place < tokens.size() && tokens.get(place).is(c);
  }

  /** An identifier as it is stored; empty where the token is none. */
  public static String name(Token token) {
    return switch (token.type()) {
      case WORD -> token.text().toLowerCase(Locale.ROOT);
      case QUOTED_IDENTIFIER ->
          token.text().substring(1, token.text().length() - 1).replace("\"\"", "\"");
      default -> "";
    };
  }

  /** The value of a plain or escape string; null where the token is none. */
  public static String string(Token token) {
    var text = token.text();
    return switch (token.type()) {
      case STRING -> text.substring(1, text.length() - 1).replace("''", "'");
      case ESCAPE_STRING ->
          text.substring(2, text.length() - 1)
              .replace("''", "'")
              .replace("\\'", "'")
              .replace("\\\\", "\\");
      default -> null;
    };
  }

  public static boolean isString(Token token) {
    return token.type() == TokenType.STRING || token.type() == TokenType.ESCAPE_STRING;
  }

  public static String quote(String value) {
    return value == null ? "NULL" : "'" + value.replace("'", "''") + "'";
  }
}
