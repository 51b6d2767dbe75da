package dev.pawl.engine.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.change.FactJson;
import dev.pawl.engine.lint.Lint;
import dev.pawl.engine.plan.Planner;
import dev.pawl.engine.plan.SourceFile;
import dev.pawl.engine.sql.DatabaseKind;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Ten times the text takes about ten times the work, whatever the text: where it took a hundred
 * times, this fails. What is counted is the processor's time of this thread alone, so that a busy
 * machine changes nothing.
 */
@Tag("size")
@Timeout(300)
class LinearTest {
  private static final int SMALL = Integer.getInteger("pawl.fuzz.small", 10_000);

  /** Half-way between ten and a hundred, by their logarithms, and a little more. */
  private static final int MOST = 40;

  /** Below that a measurement is of the machine, not of the text. */
  private static final long LEAST_NANOS = 20_000_000;

  /** Shapes that a quadratic reader would show at. */
  enum Shape {
    STATEMENTS("", "UPDATE t SET a = 1;\n", ""),
    DDL_STATEMENTS("", "ALTER TABLE t ADD COLUMN a int;\n", ""),
    INDEXES("", "CREATE INDEX CONCURRENTLY i ON t (a);\n", ""),
    DIFFERENT_TABLES("", "CREATE TABLE t# (a int);\n", ""),
    COMMITS("", "COMMIT;\n", ""),
    UNKNOWN("", "FROB x;", ""),
    SETTINGS("", "SET a.b = 1;\n", "SELECT 1"),
    DIRECTIVES("", "-- pawl: verify none because x\n", "SELECT 1"),
    DIRECTIVES_OF_STATEMENTS("", "-- pawl: verify none because x\nSELECT 1;\n", ""),
    ALLOWANCES("-- pawl: allow a", ",a", " because x\nSELECT 1"),
    NO_ALLOWANCE("-- pawl: allow a", " , a", "\nSELECT 1"),
    ONE_LINE("SELECT ", "1 + ", "1"),
    LINES("SELECT 1", "\n", ""),
    OLD_MAC_LINES("SELECT 1", "\r", ""),
    LINE_COMMENTS("", "-- x\n", "SELECT 1"),
    NESTED_COMMENTS("", "/*", ""),
    CLOSED_COMMENTS("", "/**/", "SELECT 1"),
    ASTERISKS("/*", "*", ""),
    HINTS("", "/*+ x */", "SELECT 1"),
    PARENTHESES("SELECT ", "(", ""),
    PAIRS("SELECT ", "()", ""),
    CLOSING("SELECT ", ")", ""),
    BRACKETS("CREATE INDEX i ON t (a", "[1", ")"),
    DOLLARS_OPEN("", "$a# ", ""),
    DOLLAR_TAGS("", "$a$ ", ""),
    DOLLAR("SELECT ", "$", ""),
    QUOTES("SELECT ", "''", ""),
    QUOTED("SELECT ", "\"\"", ""),
    ESCAPE_STRINGS("SELECT ", "E'' ", ""),
    CONTINUED_STRINGS("SELECT E'a'", "\n'a'", ""),
    BACKSLASHES("SELECT E'", "\\", ""),
    OPERATORS("SELECT 1 ", "+-*/", "1"),
    MINUS("SELECT 1 ", "+", "1"),
    LONG_WORD("CREATE TABLE ", "x", " (a int)"),
    LONG_NAME("CREATE TABLE \"", "ü", "\" (a int)"),
    LONG_NUMBER("SELECT ", "1", ""),
    DOTS("SELECT a", ".a", ""),
    COLUMNS("CREATE TABLE t (a int", ", c# int NOT NULL DEFAULT 0 UNIQUE", ")"),
    ACTIONS("ALTER TABLE t ADD a int", ", ADD COLUMN IF NOT EXISTS b# int", ""),
    KEYS("CREATE INDEX CONCURRENTLY i ON t (a", ", lower(b#) DESC", ")"),
    NAMES("DROP TABLE t", ", a.b#", ""),
    LABELS("CREATE TYPE t AS ENUM ('a'", ", 'b#'", ")"),
    ROWS("INSERT INTO t VALUES (1)", ", (2, 'x')", ""),
    CASES("SELECT ", "CASE WHEN a THEN ", "1"),
    BODIES("CREATE FUNCTION f() RETURNS int BEGIN ATOMIC ", "SELECT 1; ", "END"),
    SETS_IN_PASSING("SELECT ", "set_config('a', 'b', false), ", "1"),
    CONSTRAINTS("ALTER TABLE t ADD a int", ", ADD CONSTRAINT c# CHECK (a > 0) NOT VALID", ""),
    COPY("COPY t FROM STDIN;\n", "1\t2;\n", "\\."),
    NULS("", "\0", ""),
    GOOSE("-- +goose Up\n", "-- +goose StatementBegin\nSELECT 1;\n-- +goose StatementEnd\n", ""),
    PLUSES("SELECT 1 -- ", "+g", ""),
    RENAMES("", "ALTER TABLE t# RENAME TO u#;\n", ""),
    DROPS("", "DROP TABLE IF EXISTS t#;\n", "");

    private final String head;
    private final String piece;
    private final String tail;

    Shape(String head, String piece, String tail) {
      this.head = head;
      this.piece = piece;
      this.tail = tail;
    }

    String text(int length) {
      var text = new StringBuilder(length + 100).append(head);
      for (int i = 0; text.length() < length; i++) {
        text.append(piece.replace("#", Integer.toString(i)));
      }
      return text.append(tail).toString();
    }
  }

  @ParameterizedTest
  @EnumSource
  void migrationsAreReadInLinearTime(Shape shape) {
    for (var kind : DatabaseKind.values()) {
      var small = List.of(new SourceFile("1_x.sql", shape.text(SMALL)));
      var large = List.of(new SourceFile("1_x.sql", shape.text(10 * SMALL)));
      linear("planning", () -> Planner.inspect(small, kind), () -> Planner.inspect(large, kind));
      if (kind == DatabaseKind.POSTGRESQL) {
        linear("checking", () -> Lint.check(small, kind), () -> Lint.check(large, kind));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"STATEMENTS", "DIRECTIVES_OF_STATEMENTS", "LONG_WORD", "NESTED_COMMENTS"})
  void verifyFilesAreReadInLinearTime(Shape shape) {
    var migration = new SourceFile("1_x.sql", "CREATE INDEX CONCURRENTLY i ON t (a)");
    var small = List.of(migration, new SourceFile("1_x.verify.sql", shape.text(SMALL)));
    var large = List.of(migration, new SourceFile("1_x.verify.sql", shape.text(10 * SMALL)));
    linear(
        "planning",
        () -> Planner.inspect(small, DatabaseKind.POSTGRESQL),
        () -> Planner.inspect(large, DatabaseKind.POSTGRESQL));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{\"a\":", "1", "\"", " ", "\\"})
  void factsAreReadInLinearTime(String piece) {
    linear("reading", () -> fact(piece, SMALL), () -> fact(piece, 10 * SMALL));
  }

  private static String fact(String piece, int length) {
    var json = "{\"change\":\"DropTable\",\"tables\":[\"" + piece.repeat(length / piece.length());
    try {
      return FactJson.read(json).describe();
    } catch (FactJson.MalformedException e) {
      return e.getMessage();
    }
  }

  private static void linear(String what, Runnable small, Runnable large) {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 2; i++) {
      least = Math.min(least, nanos(small));
    }
    long bound = MOST * Math.max(least, LEAST_NANOS / 10);
    long most = nanos(large);
    for (int i = 0; i < 2 && most > bound; i++) {
      most = Math.min(most, nanos(large));
    }
    assertThat(most)
        .as("%s ten times as much took %d times as long: ns", what, most / Math.max(1, least))
        .isLessThanOrEqualTo(bound);
  }

  private static long nanos(Runnable work) {
    var threads = ManagementFactory.getThreadMXBean();
    long begin = threads.getCurrentThreadCpuTime();
    work.run();
    return threads.getCurrentThreadCpuTime() - begin;
  }

  @ParameterizedTest
  @EnumSource
  void manyFilesAreArrangedInLinearTime(DatabaseKind kind) {
    linear("many files", () -> files(kind, 300), () -> files(kind, 3_000));
  }

  private static void files(DatabaseKind kind, int count) {
    var files =
        IntStream.range(0, count)
            .mapToObj(i -> new SourceFile(i + "_x.sql", "CREATE INDEX CONCURRENTLY i ON t (a)"))
            .toList();
    Lint.check(files, kind);
  }
}
