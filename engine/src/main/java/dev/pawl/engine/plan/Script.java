package dev.pawl.engine.plan;

import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.Lexer;
import dev.pawl.engine.sql.Splitter;
import dev.pawl.engine.sql.Statement;
import dev.pawl.engine.sql.Token;
import dev.pawl.engine.sql.TokenType;
import java.util.List;
import java.util.Optional;

/** The statements of a file that a server could be sent as they are. */
record Script(List<Statement> statements) {

  /** Empty, with a problem added, where the text is none of SQL alone. */
  static Optional<Script> read(SourceFile file, DatabaseKind kind, List<Problem> problems) {
    var unsendable = unsendable(file);
    if (unsendable.isPresent()) {
      problems.add(unsendable.get());
      return Optional.empty();
    }
    var text = Goose.textToRun(file, problems);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    var tokens = Lexer.lex(text.get(), kind);
    var statements = Splitter.split(text.get(), tokens);
    int copy = copiesThroughClient(statements);
    int limit = copy < 0 ? text.get().length() : statements.get(copy).start();
    int before = problems.size();
    for (var token : tokens) {
      if (token.start() >= limit) {
        break;
      }
      check(token).ifPresent(message -> problems.add(at(token, file, message)));
      if (token.is('\\')) {
        break;
      }
    }
    if (problems.size() == before && copy >= 0) {
      problems.add(
          at(
              statements.get(copy).tokens().getFirst(),
              file,
              "COPY FROM STDIN and TO STDOUT need psql: write the rows as INSERT, or COPY from a"
                  + " file on the server"));
    }
    if (problems.size() == before && !statements.isEmpty()) {
      neverClosed(statements.getLast())
          .ifPresent(open -> problems.add(at(open, file, "this parenthesis is never closed")));
    }
    if (problems.size() == before) {
      checkDirectives(file, tokens, statements, problems);
    }
    return problems.size() == before ? Optional.of(new Script(statements)) : Optional.empty();
  }

  private static Problem at(Token token, SourceFile file, String message) {
    return new Problem(file.path(), token.line(), token.column(), message);
  }

  /** NUL, or half of a surrogate pair. */
  private static Optional<Problem> unsendable(SourceFile file) {
    var text = file.text();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        return Optional.of(placed(file, i, "a NUL character, which no database takes: remove it"));
      }
      if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
        if (Character.isHighSurrogate(c)
            && i + 1 < text.length()
            && Character.isLowSurrogate(text.charAt(i + 1))) {
          i++;
        } else {
          return Optional.of(
              placed(file, i, "half of a surrogate pair, which is no character: remove it"));
        }
      }
    }
    return Optional.empty();
  }

  private static Problem placed(SourceFile file, int offset, String message) {
    int line = 1;
    int lineStart = 0;
    for (int i = 0; i < offset; i++) {
      if (file.text().charAt(i) == '\n') {
        line++;
        lineStart = i + 1;
      }
    }
    return new Problem(file.path(), line, offset - lineStart + 1, message);
  }

  private static Optional<String> check(Token token) {
    return switch (token.type()) {
      case UNTERMINATED -> Optional.of("this " + opened(token) + " never ends");
      case OTHER ->
          token.is('\\')
              ? Optional.of(
                  "a backslash begins a command of psql, which no server knows: remove it")
              : Optional.empty();
      case LINE_COMMENT -> downMarker(token);
      default -> Optional.empty();
    };
  }

  private static String opened(Token token) {
    var source = token.source();
    return switch (source.charAt(token.start())) {
      case '"' -> "quoted name";
      case '/' -> "comment";
      case '$' ->
          source.substring(token.start(), source.indexOf('$', token.start() + 1) + 1) + " string";
      case 'u', 'U' -> source.charAt(token.start() + 2) == '"' ? "quoted name" : "string";
      default -> "string";
    };
  }

  /** Files of other tools hold the way back too, which must not be run. */
  private static Optional<String> downMarker(Token token) {
    int at = token.start() + 2;
    var source = token.source();
    while (at < token.end() && source.charAt(at) == ' ') {
      at++;
    }
    boolean down =
        switch (at < token.end() ? source.charAt(at) : 0) {
          case '+' -> marks(source, at, "+goose down") || marks(source, at, "+migrate down");
          case 'm' -> marks(source, at, "migrate:down");
          default -> false;
        };
    return down
        ? Optional.of("the way back begins here, and Pawl would run it: remove it from here on")
        : Optional.empty();
  }

  private static boolean marks(String source, int at, String marker) {
    return source.regionMatches(true, at, marker, 0, marker.length());
  }

  /** The first COPY that needs data from the client, or -1. */
  private static int copiesThroughClient(List<Statement> statements) {
    for (int i = 0; i < statements.size(); i++) {
      Token before = null;
      boolean copy = false;
      for (var token : statements.get(i).tokens()) {
        if (!token.type().grammatical()) {
          continue;
        }
        if (before == null) {
          copy = token.is("COPY");
          if (!copy) {
            break;
          }
        } else if (token.is("STDIN") && before.is("FROM")
            || token.is("STDOUT") && before.is("TO")) {
          return i;
        }
        before = token;
      }
    }
    return -1;
  }

  private static Optional<Token> neverClosed(Statement statement) {
    Token first = null;
    int depth = 0;
    for (var token : statement.tokens()) {
      if (token.is('(')) {
        if (depth++ == 0) {
          first = token;
        }
      } else if (token.is(')') && depth > 0) {
        depth--;
      }
    }
    return depth > 0 ? Optional.of(first) : Optional.empty();
  }

  /** A directive stands on a line of its own, with nothing but comments before its statement. */
  private static void checkDirectives(
      SourceFile file, List<Token> tokens, List<Statement> statements, List<Problem> problems) {
    int next = 0;
    for (var token : tokens) {
      if (token.type() != TokenType.DIRECTIVE) {
        continue;
      }
      while (next < statements.size() && statements.get(next).end() <= token.start()) {
        next++;
      }
      boolean before = next < statements.size() && token.end() <= statements.get(next).start();
      if (!before || !startsLine(token)) {
        problems.add(
            at(
                token,
                file,
                "a '-- pawl:' line speaks of the statement after it: put it on a line of its own"
                    + " before one"));
      }
    }
  }

  private static boolean startsLine(Token token) {
    for (int i = token.start() - 1; i >= 0; i--) {
      char c = token.source().charAt(i);
      if (c == '\n' || c == '\r') {
        return true;
      }
      if (c != ' ' && c != '\t' && c != '\uFEFF') {
        return false;
      }
    }
    return true;
  }
}
