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
  void whatIsGoneAlreadyIsVerifiedWithoutTouchingAnother() throws Exception {
    db.execute("DROP INDEX a.i");
    var result = db.run("1_x.sql", "DROP INDEX CONCURRENTLY a.i");
    assertThat(result).isInstanceOf(Result.Verified.class);
    assertThat(indexes()).containsExactly("b.i");
  }
}
