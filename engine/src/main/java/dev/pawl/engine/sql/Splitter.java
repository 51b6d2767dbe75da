package dev.pawl.engine.sql;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts tokens into statements at the semicolons that end one: not those inside parentheses (CREATE
 * RULE … DO (a; b)) nor inside the BEGIN ATOMIC … END body of a routine.
 */
public final class Splitter {
  private Splitter() {}

  /** The statements of a text; empty ones are left out. */
  public static List<Statement> split(String sql, DatabaseKind kind) {
    return split(sql, Lexer.lex(sql, kind));
  }

  /** The statements of a text whose tokens are known. */
  public static List<Statement> split(String sql, List<Token> all) {
    var statements = new ArrayList<Statement>();
    var tokens = new ArrayList<Token>();
    var directives = new ArrayList<Token>();
    Token before = null;
    int depth = 0;
    var routine = Routine.START;
    boolean body = false;
    for (var token : all) {
      var type = token.type();
      if (!type.counts()) {
        continue;
      }
      if (type == TokenType.DIRECTIVE && tokens.isEmpty()) {
        directives.add(token);
        continue;
      }
      if (depth == 0 && !body && token.is(';')) {
        if (before != null) {
          statements.add(new Statement(sql, List.copyOf(tokens), List.copyOf(directives)));
          directives.clear();
        }
        tokens.clear();
        before = null;
        routine = Routine.START;
        continue;
      }
      tokens.add(token);
      if (!type.grammatical()) {
        continue;
      }
      if (token.is('(')) {
        depth++;
      } else if (token.is(')') && depth > 0) {
        depth--;
      } else if (type == TokenType.WORD) {
        if (routine == Routine.YES && depth == 0) {
          if (!body && token.is("ATOMIC") && before.is("BEGIN")) {
            body = true;
          } else if (body && token.is("END") && (before.is(';') || before.is("ATOMIC"))) {
            // Every statement of a body ends in a semicolon, so any other END is that of a CASE, or
            // a name.
            body = false;
          }
        } else {
          routine = routine.next(token);
        }
      } else if (routine != Routine.YES) {
        routine = Routine.NO;
      }
      before = token;
    }
    if (before != null) {
      while (!tokens.getLast().type().grammatical()) {
        tokens.removeLast(); // a hint or directive after the last statement belongs to none
      }
      statements.add(new Statement(sql, List.copyOf(tokens), List.copyOf(directives)));
    }
    return statements;
  }

  /** Whether a statement is CREATE [OR REPLACE] FUNCTION or PROCEDURE. */
  private enum Routine {
    START,
    CREATE,
    OR,
    YES,
    NO;

    Routine next(Token word) {
      return switch (this) {
        case START -> word.is("CREATE") ? CREATE : NO;
        case CREATE -> word.is("OR") ? OR : word.is("FUNCTION") || word.is("PROCEDURE") ? YES : NO;
        case OR -> word.is("REPLACE") ? CREATE : NO;
        case YES, NO -> this;
      };
    }
  }
}
