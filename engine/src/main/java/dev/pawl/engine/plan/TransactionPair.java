package dev.pawl.engine.plan;

import dev.pawl.engine.change.SessionSetting;
import dev.pawl.engine.sql.Statement;
import dev.pawl.engine.sql.Token;
import java.util.ArrayList;
import java.util.List;

/** Takes off the one BEGIN … COMMIT that may stand around a file, and refuses every other. */
final class TransactionPair {
  /**
   * The statements to execute.
   *
   * @param explicit the author asked for one transaction
   */
  record Stripped(List<Statement> inside, boolean explicit) {}

  private enum Control {
    NONE,
    BEGIN,
    COMMIT,
    /** BEGIN or SET TRANSACTION with an isolation level or the like. */
    MODE,
    OTHER
  }

  private final SourceFile file;
  private final Classification classification;
  private final List<Problem> problems;

  TransactionPair(SourceFile file, Classification classification, List<Problem> problems) {
    this.file = file;
    this.classification = classification;
    this.problems = problems;
  }

  Stripped strip(List<Statement> statements) {
    int begin = -1;
    int commit = -1;
    int last = -1;
    boolean wrong = false;
    for (int i = 0; i < statements.size(); i++) {
      var statement = statements.get(i);
      var control = control(statement);
      if (control != Control.NONE && !statement.directives().isEmpty()) {
        wrong = true;
        problem(
            statement,
            "a '-- pawl:' line stands before "
                + first(statement).keyword()
                + ": move it to just before the statement that it speaks of");
      }
      switch (control) {
        case NONE -> {
          if (!isSetting(statement)) {
            last = i;
            if (begin < 0) {
              begin = -2; // too late for one around the whole
            }
          }
        }
        case BEGIN -> {
          if (begin == -1) {
            begin = i;
          } else {
            wrong = true;
            refuse(statement);
          }
        }
        case COMMIT -> {
          if (begin >= 0 && commit < 0) {
            commit = i;
          } else {
            wrong = true;
            refuse(statement);
          }
        }
        case MODE -> {
          wrong = true;
          problem(
              statement,
              "Pawl runs migrations READ COMMITTED, in transactions that it opens itself: remove"
                  + " this, or write BEGIN alone");
        }
        case OTHER -> {
          wrong = true;
          refuse(statement);
        }
      }
    }
    if (wrong) {
      return new Stripped(List.of(), true);
    }
    if (begin >= 0 && commit < 0) {
      problem(statements.get(begin), "this BEGIN has no COMMIT: add one at the end, or remove it");
      return new Stripped(List.of(), true);
    }
    if (begin >= 0 && last > commit) {
      problem(
          statements.get(commit),
          "a statement follows this COMMIT: only one BEGIN … COMMIT around the whole file is"
              + " allowed; split the file here");
      return new Stripped(List.of(), true);
    }
    if (begin < 0) {
      return new Stripped(statements, false);
    }
    var inside = new ArrayList<>(statements);
    inside.remove(commit);
    inside.remove(begin);
    return new Stripped(inside, true);
  }

  private boolean isSetting(Statement statement) {
    var first = first(statement);
    if (!first.is("SET") && !first.is("RESET") && !first.is("USE")) {
      return false;
    }
    return classification.of(statement).getFirst() instanceof SessionSetting;
  }

  private static Token first(Statement statement) {
    for (var token : statement.tokens()) {
      if (token.type().grammatical()) {
        return token;
      }
    }
    throw new IllegalArgumentException("a statement has a token");
  }

  private static Control control(Statement statement) {
    return switch (first(statement).keyword()) {
      case "BEGIN", "START" -> plain(statement) ? Control.BEGIN : Control.MODE;
      case "COMMIT", "END" -> plain(statement) ? Control.COMMIT : Control.OTHER;
      case "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE" -> Control.OTHER;
      case "PREPARE" -> second(statement, "TRANSACTION") ? Control.OTHER : Control.NONE;
      case "SET" ->
          second(statement, "TRANSACTION")
                  || third(statement, "LOCAL", "TRANSACTION")
                  || third(statement, "SESSION", "CHARACTERISTICS")
              ? Control.MODE
              : Control.NONE;
      default -> Control.NONE;
    };
  }

  /** Nothing after the keyword but WORK or TRANSACTION. */
  private static boolean plain(Statement statement) {
    var words = grammatical(statement);
    return words.size() == 1
        || words.size() == 2 && (words.get(1).is("WORK") || words.get(1).is("TRANSACTION"));
  }

  private static boolean second(Statement statement, String keyword) {
    var words = grammatical(statement);
    return words.size() > 1 && words.get(1).is(keyword);
  }

  private static boolean third(Statement statement, String second, String third) {
    var words = grammatical(statement);
    return words.size() > 2 && words.get(1).is(second) && words.get(2).is(third);
  }

  private static List<Token> grammatical(Statement statement) {
    var tokens = new ArrayList<Token>(3);
    for (var token : statement.tokens()) {
      if (token.type().grammatical()) {
        tokens.add(token);
        if (tokens.size() == 3) {
          break;
        }
      }
    }
    return tokens;
  }

  private void refuse(Statement statement) {
    problem(
        statement,
        first(statement).keyword()
            + " inside a migration: Pawl opens and commits the transaction itself; remove it (one"
            + " BEGIN … COMMIT around the whole file is allowed)");
  }

  private void problem(Statement statement, String message) {
    problems.add(new Problem(file.path(), statement.line(), statement.column(), message));
  }
}
