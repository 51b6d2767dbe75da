package dev.pawl.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pawl.engine.sql.DatabaseKind;
import java.util.List;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Files with goose's annotations: the way there is run as its author wrote it, no way back. */
class GooseTest {
  private static List<SourceFile> file(String text) {
    return List.of(new SourceFile("00001_x.sql", text));
  }

  private static List<Step> steps(String text) {
    try {
      return Planner.plan(file(text), DatabaseKind.POSTGRESQL).steps();
    } catch (InvalidSourceException e) {
      throw new AssertionError(e.getMessage(), e);
    }
  }

  private static List<String> refusals(String text) {
    var refused =
        catchThrowableOfType(
            InvalidSourceException.class, () -> Planner.plan(file(text), DatabaseKind.POSTGRESQL));
    assertThat(refused).as("the file is refused").isNotNull();
    return refused.problems().stream().map(Problem::toString).toList();
  }

  private static final String FUNCTION =
      """
      CREATE FUNCTION f() RETURNS void AS $$
      BEGIN
        PERFORM 1;  -- with a semicolon
      END $$ LANGUAGE plpgsql\
      """;

  @Test
  void onlyTheUpPartIsRun() {
    var text =
        """
        -- +goose NO TRANSACTION
        -- a licence
        -- +goose Up
        CREATE TABLE a (b int);

        -- +goose StatementBegin
        %s;
        -- +goose StatementEnd

        CREATE INDEX CONCURRENTLY i ON a (b);
        -- +goose Down
        DROP INDEX i;
        DROP TABLE 'it is not even SQL;
        """
            .formatted(FUNCTION);
    var steps = steps(text);
    assertThat(steps).hasSize(2);
    assertThat(steps.getFirst().line()).isEqualTo(4);
    assertThat(steps.getFirst().sql()).startsWith("CREATE TABLE a (b int);").endsWith(FUNCTION);
    assertThat(text).contains(steps.getFirst().sql());
    assertThat(steps.getLast().line()).isEqualTo(13);
    assertThat(steps.getLast().sql()).isEqualTo("CREATE INDEX CONCURRENTLY i ON a (b)");
  }

  @Test
  void withoutAWayBackTheRestOfTheFileIsTheWayThere() {
    assertThat(
            steps(
                    "\uFEFF--+goose up\r\nSELECT 1;\r\n  -- +GOOSE statementbegin\r\nSELECT 2;\r\n"
                        + "-- +goose StatementEnd\r\n")
                .getFirst()
                .sql())
        .startsWith("SELECT 1;")
        .endsWith("SELECT 2");
  }

  @Test
  void anAnnotationBehindAStatementIsNone() {
    assertThat(steps("SELECT 1; -- see +goose Up").getFirst().sql()).isEqualTo("SELECT 1");
    assertThat(steps("SELECT '+goose Up'").getFirst().sql()).isEqualTo("SELECT '+goose Up'");
  }

  @Test
  void aProblemIsToldWithItsLineInTheFile() {
    assertThat(refusals("-- +goose Up\n\nSELECT 'x\n;\n-- +goose Down\n'"))
        .containsExactly("00001_x.sql:3:8: this string never ends");
  }

  @Test
  void annotationsThatAreWrongAreRefused() {
    assertThat(refusals("-- +goose Up\nSELECT 1;\n-- +goose ENVSUB ON\nSELECT '$X';"))
        .containsExactly(
            "00001_x.sql:3: Pawl does not put environment variables into SQL, for what was applied"
                + " must be seen in the file: write the values themselves, and remove this line");
    assertThat(refusals("-- +goose Down\nDROP TABLE a;\n-- +goose Up\nSELECT 1;"))
        .contains(
            "00001_x.sql:1: the way back comes before the way there: put '-- +goose Up' first");
    assertThat(refusals("-- +goose StatementBegin\nSELECT 1;\n-- +goose StatementEnd"))
        .containsExactly(
            "00001_x.sql: has lines of goose's, but none that says '-- +goose Up': write it at the"
                + " top");
    assertThat(refusals("SET a = 1;\n-- +goose Up\nSELECT 1;"))
        .containsExactly(
            "00001_x.sql:1: stands before '-- +goose Up', and would not be run: move it below");
    assertThat(refusals("-- +goose Up\nSELECT 1;\n-- +goose Up\nSELECT 2;"))
        .containsExactly(
            "00001_x.sql:3: a second part begins here: one Up, and after it one Down, is a file");
    assertThat(refusals("-- +goose Up\nSELECT 1;\n-- +goose Down\n-- +goose Down\n"))
        .containsExactly(
            "00001_x.sql:4: a second part begins here: one Up, and after it one Down, is a file");
    assertThat(refusals("-- +goose Up\n-- +goose StatementBegin\nSELECT 1;\n-- +goose Down"))
        .containsExactly(
            "00001_x.sql:2: this StatementBegin has no StatementEnd: add '-- +goose StatementEnd'");
    assertThat(refusals("-- +goose Up\n-- +goose StatementBegin\nSELECT 1;"))
        .containsExactly(
            "00001_x.sql:2: this StatementBegin has no StatementEnd: add '-- +goose StatementEnd'");
    assertThat(
            refusals("-- +goose Up\n-- +goose StatementBegin\n-- +goose StatementBegin\nSELECT 1;"))
        .contains("00001_x.sql:3: line 2 has begun a statement: end that one first");
    assertThat(refusals("-- +goose Up\nSELECT 1;\n-- +goose StatementEnd"))
        .containsExactly("00001_x.sql:3: no statement was begun: remove this line");
    assertThat(refusals("-- +goose Up\nSELECT 1;\n-- +goose Upward"))
        .containsExactly(
            "00001_x.sql:3: Pawl knows no such line of goose's: it may say Up, Down,"
                + " StatementBegin, StatementEnd or NO TRANSACTION");
    assertThat(refusals("-- +goose Up\n-- +goose Down\nDROP TABLE a;"))
        .containsExactly(
            "00001_x.sql: is empty: write what it is to do, or a comment that says why it does"
                + " nothing");
  }

  @Provide
  Arbitrary<String> annotated() {
    return Arbitraries.of(
            "-- +goose Up\n",
            "-- +goose Down\n",
            "-- +goose StatementBegin\n",
            "-- +goose StatementEnd\r\n",
            "  -- +goose NO TRANSACTION\n",
            "SELECT 1;\n",
            "SELECT 'a\nb';",
            "\n",
            "x",
            "'",
            "\uFEFF")
        .list()
        .ofMaxSize(9)
        .map(parts -> String.join("", parts));
  }

  private static int line(String text, String annotation) {
    var found = Pattern.compile("(?m)^[ \uFEFF]*-- \\+goose " + annotation + "$").matcher(text);
    return found.find() ? found.start() : -1;
  }

  @Property
  void whatIsRunStandsBetweenUpAndDown(@ForAll("annotated") String text) {
    List<Step> steps;
    try {
      steps = Planner.plan(file(text), DatabaseKind.POSTGRESQL).steps();
    } catch (InvalidSourceException e) {
      assertThat(e.problems()).isNotEmpty();
      return;
    }
    int up = line(text, "Up");
    int down = line(text, "Down");
    for (var step : steps) {
      if (step.sql().isEmpty()) {
        continue; // of comments: it stands nowhere
      }
      int at = text.indexOf(step.sql(), Math.max(up, 0));
      assertThat(at).isGreaterThanOrEqualTo(up);
      assertThat(at + step.sql().length()).isLessThanOrEqualTo(down < 0 ? text.length() : down);
      assertThat(text.substring(0, at).chars().filter(c -> c == '\n').count() + 1)
          .isEqualTo(step.line());
    }
  }
}
