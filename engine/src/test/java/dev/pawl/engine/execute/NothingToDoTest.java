package dev.pawl.engine.execute;

import static dev.pawl.engine.testing.TestDatabase.files;
import static dev.pawl.engine.testing.TestDatabase.options;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.cockroach.CockroachModel;
import dev.pawl.engine.cockroach.ModelOptions;
import dev.pawl.engine.cockroach.world.ModelVersion;
import dev.pawl.engine.plan.Planner;
import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.testing.Recorder;
import dev.pawl.engine.testing.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A file of comments: a version with nothing to do, which real histories have. */
@Timeout(60)
class NothingToDoTest {
  private static final String[] SOURCE = {
    "1_a.sql", "CREATE TABLE t (a int)", "2_b.sql", "-- NOOP: done by hand\n/* see 1 */;\n"
  };

  @Test
  void isAStepThatIsVerifiedAndRemembered() throws Exception {
    var db = TestDatabase.fresh();
    var heard = new Recorder();
    var result = MigrationRun.of(db.target(), files(SOURCE), options(), heard).run();
    assertThat(((Result.Verified) result).through()).hasToString("Optional[2]");
    assertThat(heard.phases("2#1")).endsWith("Verified");
    assertThat(db.query("SELECT version, phase FROM pawl.step ORDER BY version"))
        .containsExactly("1|Verified", "2|Verified");
    assertThat(db.run(SOURCE)).isInstanceOf(Result.Verified.class);
    assertThat(Verifier.verify(db.target(), files(SOURCE), "test").findings()).isEmpty();
  }

  @Test
  void otherCommentsAreNoChangeAndAStatementIs() throws Exception {
    var db = TestDatabase.fresh();
    assertThat(db.run(SOURCE)).isInstanceOf(Result.Verified.class);
    var source = SOURCE.clone();
    source[3] = "-- nothing\n";
    assertThat(db.run(source)).isInstanceOf(Result.Verified.class);
    source[3] = "-- nothing\nCREATE TABLE u (a int)";
    var refused = (Result.Refused) db.run(source);
    assertThat(refused.cause().reason()).isEqualTo("Changed");
    assertThat(refused.cause().message()).contains("2_b.sql");
    assertThat(db.query("SELECT to_regclass('u') IS NULL")).containsExactly("t");
  }

  @Test
  void isShownAsSuch() throws Exception {
    var steps = Planner.plan(files(SOURCE), DatabaseKind.POSTGRESQL).steps();
    assertThat(steps.getLast().describe()).isEqualTo("nothing");
    assertThat(steps.getLast().id()).isEqualTo("2#1");
  }

  @Test
  void onTheCockroachModelToo() throws Exception {
    try (var model = CockroachModel.start(ModelOptions.of(ModelVersion.V26_1))) {
      var result =
          MigrationRun.of(
                  model.target(),
                  files("1_a.sql", "-- NOOP"),
                  TestDatabase.options(),
                  new Recorder())
              .run();
      assertThat(result).isInstanceOf(Result.Verified.class);
    }
  }
}
