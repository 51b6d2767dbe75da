package dev.pawl.engine.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The annotations of goose: lines like {@code -- +goose Up}. Only the part between Up and Down is
 * run. Which statements need no transaction, and where one ends, Pawl sees for itself.
 */
final class Goose {
  private static final String MARK = "+goose";

  private final SourceFile file;
  private final List<Problem> problems;
  private int up = -1;
  private int down = -1;
  private int begun;

  private Goose(SourceFile file, List<Problem> problems) {
    this.file = file;
    this.problems = problems;
  }

  /**
   * The text to run: that of a file without annotations as it is; else with blanks for everything
   * but the Up part, so that every character stays at its place.
   *
   * @return empty, with a problem added, where the annotations are wrong
   */
  static Optional<String> textToRun(SourceFile file, List<Problem> problems) {
    if (!mentioned(file.text())) {
      return Optional.of(file.text());
    }
    var goose = new Goose(file, new ArrayList<>());
    boolean annotated = goose.read();
    problems.addAll(goose.problems);
    if (!goose.problems.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(annotated ? goose.upPart() : file.text());
  }

  private static boolean mentioned(String text) {
    int at = text.indexOf(MARK.charAt(0));
    while (at >= 0 && !marks(text, at)) {
      at = text.indexOf(MARK.charAt(0), at + 1);
    }
    return at >= 0;
  }

  private static boolean marks(String text, int at) {
    return text.regionMatches(true, at, MARK, 0, MARK.length());
  }

  /** Whether there is an annotation at all. */
  private boolean read() {
    var text = file.text();
    boolean annotated = false;
    int line = 0;
    for (int start = 0; start < text.length(); ) {
      line++;
      int end = text.indexOf('\n', start);
      end = end < 0 ? text.length() : end + 1;
      var annotation = annotation(text.substring(start, end));
      if (annotation.isPresent()) {
        annotated = true;
        read(annotation.get(), line, start, end);
      }
      start = end;
    }
    if (annotated && problems.isEmpty()) {
      checkWhole();
    }
    return annotated;
  }

  private static Optional<String> annotation(String line) {
    var comment = withoutMark(line.strip());
    if (!comment.startsWith("--")) {
      return Optional.empty();
    }
    var words = comment.substring(2).strip();
    return marks(words, 0)
        ? Optional.of(words.substring(MARK.length()).strip().toUpperCase(Locale.ROOT))
        : Optional.empty();
  }

  /** Without the byte order mark that a file may begin with. */
  private static String withoutMark(String line) {
    return line.startsWith("\uFEFF") ? line.substring(1).strip() : line;
  }

  private void read(String annotation, int line, int start, int end) {
    switch (annotation) {
      case "UP" -> {
        if (up >= 0 || down >= 0) {
          problem(line, "a second part begins here: one Up, and after it one Down, is a file");
        }
        up = end;
      }
      case "DOWN" -> {
        if (up < 0) {
          problem(line, "the way back comes before the way there: put '-- +goose Up' first");
        } else if (down >= 0) {
          problem(line, "a second part begins here: one Up, and after it one Down, is a file");
        } else if (begun > 0) {
          problem(begun, "this StatementBegin has no StatementEnd: add '-- +goose StatementEnd'");
        }
        down = down < 0 ? start : down;
        begun = 0;
      }
      case "STATEMENTBEGIN" -> {
        if (begun > 0) {
          problem(line, "line " + begun + " has begun a statement: end that one first");
        }
        begun = line;
      }
      case "STATEMENTEND" -> {
        if (begun == 0) {
          problem(line, "no statement was begun: remove this line");
        }
        begun = 0;
      }
      case "NO TRANSACTION", "ENVSUB OFF" -> {}
      case "ENVSUB ON", "ENVSUB" ->
          problem(
              line,
              "Pawl does not put environment variables into SQL, for what was applied must be seen"
                  + " in the file: write the values themselves, and remove this line");
      default ->
          problem(
              line,
              "Pawl knows no such line of goose's: it may say Up, Down, StatementBegin,"
                  + " StatementEnd or NO TRANSACTION");
    }
  }

  private void checkWhole() {
    if (up < 0) {
      problem(0, "has lines of goose's, but none that says '-- +goose Up': write it at the top");
      return;
    }
    if (begun > 0 && down < 0) {
      problem(begun, "this StatementBegin has no StatementEnd: add '-- +goose StatementEnd'");
    }
    int line = 0;
    for (var before : file.text().substring(0, up).split("\n", -1)) {
      line++;
      var text = withoutMark(before.strip());
      if (!text.isEmpty() && !text.startsWith("--")) {
        problem(line, "stands before '-- +goose Up', and would not be run: move it below");
        return;
      }
    }
  }

  private String upPart() {
    var text = new StringBuilder(file.text());
    blank(text, 0, up);
    blank(text, down < 0 ? text.length() : down, text.length());
    return text.toString();
  }

  private static void blank(StringBuilder text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (text.charAt(i) != '\n' && text.charAt(i) != '\r') {
        text.setCharAt(i, ' ');
      }
    }
  }

  private void problem(int line, String message) {
    problems.add(new Problem(file.path(), line, 0, message));
  }
}
