package dev.pawl.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pawl.engine.change.Classifier;
import dev.pawl.engine.change.FactJson;
import dev.pawl.engine.change.Maintenance;
import dev.pawl.engine.change.SchemaChange;
import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.Splitter;
import dev.pawl.engine.testing.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerifyFileTest {
  private static final String INDEX = "CREATE INDEX CONCURRENTLY i ON t (a)";

  /** The same index, of which the facts know other details. */
  private static final SchemaChange KNOWN_BETTER =
      Classifier.classify(
              Splitter.split("CREATE INDEX CONCURRENTLY i ON t (b)", DatabaseKind.POSTGRESQL)
                  .getFirst(),
              DatabaseKind.POSTGRESQL)
          .getFirst();

  private static String bound(String statement) {
    return "-- pawl: statement sha256:"
        + VerifyFile.checksum(Splitter.split(statement, DatabaseKind.POSTGRESQL).getFirst())
        + "\n";
  }

  private static String fact(SchemaChange change) {
    return "-- pawl: fact " + FactJson.write(change) + "\n";
  }

  private static List<Step> plan(String sql, String verify) {
    try {
      return Planner.plan(
              TestDatabase.files("1_x.sql", sql, "1_x.verify.sql", verify), DatabaseKind.POSTGRESQL)
          .steps();
    } catch (InvalidSourceException e) {
      throw new AssertionError(e.getMessage(), e);
    }
  }

  private static String refusal(String sql, String verify) {
    return refusal(sql, verify, DatabaseKind.POSTGRESQL);
  }

  private static String refusal(String sql, String verify, DatabaseKind kind) {
    var files = TestDatabase.files("1_x.sql", sql, "1_x.verify.sql", verify);
    var thrown =
        catchThrowableOfType(InvalidSourceException.class, () -> Planner.plan(files, kind));
    assertThat(thrown).as(verify).isNotNull();
    return thrown.getMessage();
  }

  @Test
  void whatTheFactSaysIsWhatTheStepDoes() {
    var step = plan(INDEX, bound(INDEX) + fact(KNOWN_BETTER) + "SELECT 1 = 1;").getFirst();
    assertThat(step.changes()).containsExactly(KNOWN_BETTER);
    assertThat(step.kind()).isEqualTo(Step.Kind.AUTOCOMMIT);
    assertThat(step.verifySql()).contains("SELECT 1 = 1");
    assertThat(step.inVerifyFile()).isTrue();
  }

  @Test
  void aFactHoldsForItsStatementAloneWhateverItsCommentsAndSpaces() {
    var verify = bound(INDEX) + fact(KNOWN_BETTER) + "SELECT true;";
    assertThat(plan("create /* x */ INDEX concurrently i\n ON t(a) -- why\n;", verify))
        .extracting(s -> s.changes().getFirst())
        .containsExactly(KNOWN_BETTER);
    assertThat(
            refusal(
                "CREATE INDEX CONCURRENTLY i ON t (b)", "-- pawl: generated postgresql\n" + verify))
        .isEqualTo(
            "1_x.verify.sql:4:1: is stale, for 1_x.sql:1 has changed since this SELECT was made:"
                + " run `pawl generate` on its folder");
    assertThat(refusal("CREATE INDEX CONCURRENTLY i ON t (b)", verify))
        .endsWith("was made: make it fit, and remove its '-- pawl:' lines");
  }

  @Test
  void factsKnowAStatementThatPawlDoesNot() {
    var sql = "FROBNICATE t";
    var verify = "-- pawl: generated postgresql\n";
    assertThat(plan(sql, verify + bound(sql) + fact(new Maintenance("VACUUM")) + "SELECT true"))
        .extracting(Step::describe)
        .containsExactly("vacuum");
    assertThat(refusal(sql, verify + "SELECT true"))
        .startsWith("1_x.sql:1:1: this statement is refused, for Pawl does not know what");
  }

  @Test
  void aGeneratedFileOfOtherStepsIsStale() {
    var generated = "-- pawl: generated postgresql\n";
    assertThat(refusal(INDEX + "; VACUUM t", generated + "SELECT true"))
        .isEqualTo(
            "1_x.verify.sql: is stale: it holds 1 SELECT, but 1_x.sql has 2 steps that run outside"
                + " a transaction: run `pawl generate` on its folder");
    var twice = bound(INDEX) + "SELECT 1;" + "\n" + bound("VACUUM t") + "SELECT 2;";
    assertThat(plan(INDEX + "; VACUUM t", generated + twice))
        .extracting(s -> s.verifySql().orElseThrow())
        .containsExactly("SELECT 1", "SELECT 2");
    assertThat(refusal("VACUUM t;" + INDEX, generated + twice))
        .contains(":3:1: is stale", ":5:1: is stale");
  }

  @Test
  void aFileForAnotherDatabaseIsRefused() {
    assertThat(
            refusal(INDEX, "-- pawl: generated postgresql\nSELECT true", DatabaseKind.COCKROACHDB))
        .isEqualTo(
            "1_x.verify.sql: was made for postgresql, and this is cockroachdb: run `pawl generate"
                + " --dialect cockroachdb` on its folder");
  }

  @Test
  void aSelectThatTellsNothingIsNotAsked() {
    var step =
        plan("VACUUM t", "-- pawl: verify none because it shows nowhere\nSELECT true").getFirst();
    assertThat(step.verifySql()).isEmpty();
    assertThat(step.inVerifyFile()).isTrue();
  }

  @Test
  void allSelectsOfAPersonsFileAreAskedOfTheOneStep() {
    assertThat(plan("SET a.b = 1; SELECT 1; " + INDEX, "SELECT 1 = 1;\nSELECT 2 = 2; -- end\n"))
        .extracting(s -> s.verifySql().orElse("-"))
        .containsExactly("-", "SELECT (\nSELECT 1 = 1\n) AND (\nSELECT 2 = 2\n)");
    assertThat(refusal(INDEX, "-- pawl: generated postgresql\nSELECT true; SELECT true"))
        .contains("is stale: it holds 2 SELECTs, but 1_x.sql has 1 step");
    assertThat(refusal(INDEX, "SELECT true;\n" + bound("VACUUM t") + "SELECT true"))
        .startsWith("1_x.verify.sql:3:1: is stale");
  }

  @Test
  void onlyAPersonsFileIsAPersonsWord() {
    assertThat(plan(INDEX, "SELECT true").getFirst().handWritten()).isTrue();
    assertThat(plan(INDEX, bound(INDEX) + "SELECT true").getFirst().handWritten()).isTrue();
    assertThat(plan(INDEX, "-- pawl: generated postgresql\nSELECT true").getFirst().handWritten())
        .isFalse();
  }

  @Test
  void linesThatSayNothingKnownAreToldWithTheirPlace() {
    assertThat(refusal(INDEX, "-- pawl: fact {}\nSELECT true"))
        .startsWith("1_x.verify.sql:1:1: a fact holds only for the statement");
    assertThat(refusal(INDEX, bound(INDEX) + "-- pawl: fact {\"change\":\"X\"}\nSELECT true"))
        .isEqualTo(
            "1_x.verify.sql:2:25: this Pawl does not know the change \"X\": remove this line, or"
                + " run `pawl generate` on its folder");
    assertThat(refusal(INDEX, bound(INDEX) + "-- pawl: fact {\"change\nSELECT true"))
        .startsWith("1_x.verify.sql:2:")
        .contains("this is not JSON");
    assertThat(refusal(INDEX, "-- pawl: statement sha256:12\nSELECT true"))
        .isEqualTo("1_x.verify.sql:1:1: after 'statement' must stand sha256: and 64 hex digits");
    assertThat(refusal(INDEX, "-- pawl: generated mysql\nSELECT true"))
        .isEqualTo("1_x.verify.sql:1:1: after 'generated' must stand postgresql or cockroachdb");
    assertThat(refusal(INDEX, "-- pawl: frobnicate\nSELECT true"))
        .startsWith("1_x.verify.sql:1:1: Pawl does not know this '-- pawl:' line");
    assertThat(refusal(INDEX, "-- pawl: verify none because\nSELECT true"))
        .startsWith("1_x.verify.sql:1:1: Pawl does not know this '-- pawl:' line");
  }

  /** A classifier with a defect. */
  private static List<Step> planWith(Error error, String sql, String verify) {
    try {
      return Planner.plan(
              TestDatabase.files("1_x.sql", sql, "1_x.verify.sql", verify),
              new BrokenClassification(error))
          .steps();
    } catch (InvalidSourceException e) {
      throw new AssertionError(e.getMessage(), e);
    }
  }

  @Test
  void aClassifierThatFailsRefusesTheStatementAndNoMore() {
    for (var defect : List.of(new IllegalStateException("x"), new StackOverflowError())) {
      var thrown =
          catchThrowableOfType(
              InvalidSourceException.class,
              () ->
                  Planner.plan(
                      TestDatabase.files("1_x.sql", "SELECT 1;\n SELECT 2"),
                      new BrokenClassification(defect)));
      assertThat(thrown.problems()).hasSize(2);
      assertThat(thrown.problems().get(1).toString())
          .startsWith(
              "1_x.sql:2:2: this statement is refused, for Pawl failed to read it ("
                  + defect.getClass().getSimpleName())
          .contains("write a 1_x.verify.sql", "'-- pawl: verify none because …'");
    }
  }

  @Test
  void aClassifierThatFailsDoesNotMatterWhereFactsAre() {
    var verify = bound(INDEX) + fact(new Maintenance("VACUUM")) + "SELECT true;";
    var steps =
        planWith(new StackOverflowError(), INDEX, "-- pawl: generated postgresql\n" + verify);
    assertThat(steps).extracting(Step::kind).containsExactly(Step.Kind.AUTOCOMMIT);
    assertThat(steps.getFirst().changes()).containsExactly(new Maintenance("VACUUM"));
  }
}
