package dev.pawl.engine.execute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.testing.Recorder;
import dev.pawl.engine.testing.TestDatabase;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag(TestDatabase.SESSION)
class DropIndexTest {
  private final Recorder recorder = new Recorder();
  private TestDatabase db;

  @BeforeEach
  void database() throws Exception {
    db = TestDatabase.fresh();
    db.execute(
        "CREATE SCHEMA a",
        "CREATE SCHEMA b",
        "CREATE TABLE a.t (x int)",
        "CREATE TABLE b.t (x int)",
        "CREATE INDEX i ON a.t (x)",
        "CREATE INDEX i ON b.t (x)");
  }

  private List<String> indexes() throws Exception {
    return db.query(
        "SELECT schemaname || '.' || indexname FROM pg_indexes WHERE indexname = 'i' ORDER BY 1");
  }

  @Test
  void anIndexOfTheSameNameThatIsFoundNextIsLeftAlone() throws Exception {
    new Run(
            db.target(),
            TestDatabase.files("1_x.sql", "SET search_path = a, b;\nDROP INDEX CONCURRENTLY i"),
            TestDatabase.options(Duration.ofSeconds(3)),
            recorder)
        .run();
    assertThat(indexes()).containsExactly("b.i");
    assertThat(recorder.phases("1#1")).contains("Applied");
  }

  @Test
  void whatIsNotThereIsRefusedByTheServerHoweverOftenItIsTried() throws Exception {
    db.execute("DROP INDEX a.i");
    for (int tries = 0; tries < 2; tries++) {
      var failed = (Result.Failed) db.run("1_x.sql", "\nDROP INDEX CONCURRENTLY a.i");
      assertThat(failed.cause().sqlstate()).contains("42704");
      assertThat(failed.cause().message())
          .startsWith(
              "1_x.sql:2: index \"i\" does not exist. Correct the name, or write IF EXISTS");
      assertThat(db.query("SELECT phase FROM pawl.step")).containsExactly("Failed");
    }
    assertThat(indexes()).containsExactly("b.i");
  }

  @Test
  void whatIsGoneAlreadyIsVerifiedWhereItMayBe() throws Exception {
    db.execute("DROP INDEX a.i");
    assertThat(db.run("1_x.sql", "DROP INDEX CONCURRENTLY IF EXISTS a.i"))
        .isInstanceOf(Result.Verified.class);
    assertThat(indexes()).containsExactly("b.i");
  }

  @Test
  void whatWentWhileTheAnswerWasLostIsVerified() throws Exception {
    var sql = "DROP INDEX CONCURRENTLY a.i";
    assertThat(db.run("1_x.sql", sql)).isInstanceOf(Result.Verified.class);
    db.execute(
        "UPDATE pawl.step SET phase = 'Applying', applied_at = NULL, verified_at = NULL",
        "DELETE FROM pawl.stream");
    assertThat(db.run("1_x.sql", sql)).isInstanceOf(Result.Verified.class);
    assertThat(db.query("SELECT attempts FROM pawl.step")).containsExactly("1");
  }
}
