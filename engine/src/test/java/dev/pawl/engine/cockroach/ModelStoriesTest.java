package dev.pawl.engine.cockroach;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.cockroach.world.Descriptor;
import dev.pawl.engine.cockroach.world.Index;
import dev.pawl.engine.cockroach.world.Job;
import dev.pawl.engine.cockroach.world.ModelVersion;
import dev.pawl.engine.cockroach.world.Name;
import dev.pawl.engine.cockroach.world.SqlError;
import dev.pawl.engine.execute.Result;
import dev.pawl.engine.testing.Recorder;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The stories that Pawl was begun for, on the model: only there can a backfill be made to fail. */
@Timeout(300)
class ModelStoriesTest {
  private static final String INDEX = "CREATE INDEX IF NOT EXISTS i ON t (b);";
  private CockroachModel model;

  @AfterEach
  void end() {
    if (model != null) {
      model.close();
    }
  }

  private void execute(String... statements) throws SQLException {
    model.execute(statements);
  }

  private record Running(Recorder recorder, CompletableFuture<Result> result) {}

  private Running run(String stream, String... files) {
    var recorder = new Recorder();
    var run = Runs.of(model.target(), stream, Duration.ofSeconds(60), recorder, files);
    return new Running(recorder, Runs.inBackground(run));
  }

  private void awaitJobs(int count, Job.Status status) throws InterruptedException {
    while (model.world().jobs().values().stream().filter(j -> j.status() == status).count()
        < count) {
      Thread.sleep(5);
    }
  }

  private static boolean isWhole(Descriptor.Table table) {
    return table.index("i").filter(Index::isPublic).isPresent();
  }

  @ParameterizedTest
  @EnumSource(ModelVersion.class)
  void threeClientsAskForAnIndexWhoseBackfillRunsOutOfMemory(ModelVersion version)
      throws Exception {
    model = CockroachModel.start(ModelOptions.of(version));
    execute("CREATE TABLE t (a INT PRIMARY KEY, b INT)", "INSERT INTO t VALUES (1, 1), (2, 2)");
    model.breakBackfills("INDEX", new SqlError("53200", "root: memory budget exceeded"));
    model.hold(job -> job.stage() == Job.Stage.BACKFILL);

    var first = run("first", "1_i.sql", INDEX);
    awaitJobs(1, Job.Status.RUNNING);
    var second = run("second", "1_i.sql", INDEX);
    var naive = CompletableFuture.supplyAsync(this::naive, Runs.VIRTUAL);
    // It is told success at once, for an index that is only being built.
    assertThat(naive.get(60, TimeUnit.SECONDS)).isEqualTo("success");
    assertThat(isWhole(model.world().table(Name.of("t")).orElseThrow())).isFalse();

    model.holdAfterFailures(2); // of which a step makes a few tries at most
    awaitJobs(2, Job.Status.FAILED); // it was retried
    assertThat(first.result()).isNotDone();
    assertThat(second.result()).isNotDone();
    for (var each : List.of(first, second)) {
      assertThat(each.recorder().phases("1#1")).doesNotContain("Verified");
    }

    model.healBackfills();
    model.release();
    assertThat(first.result().get(60, TimeUnit.SECONDS)).isInstanceOf(Result.Verified.class);
    assertThat(second.result().get(60, TimeUnit.SECONDS)).isInstanceOf(Result.Verified.class);
    assertThat(isWhole(model.world().table(Name.of("t")).orElseThrow())).isTrue();
  }

  private String naive() {
    try {
      execute(INDEX);
      return "success";
    } catch (SQLException e) {
      return e.getMessage();
    }
  }

  @ParameterizedTest
  @EnumSource(ModelVersion.class)
  void aTableIsDroppedByAClientThatIsKilledAndThenMadeAnew(ModelVersion version) throws Exception {
    model = CockroachModel.start(ModelOptions.of(version));
    execute("CREATE TABLE t (a INT PRIMARY KEY)");
    String[] history = {
      "1_drop.sql", "DROP TABLE t;", "2_create.sql", "CREATE TABLE t (a INT PRIMARY KEY, b STRING);"
    };
    model.hold(_ -> true);
    model.inject(Fault.cut(Fault.Kind.CUT_DURING, "^DROP TABLE"));
    var run = run("one", history);
    awaitJobs(1, Job.Status.PENDING);
    assertThat(model.world().table(Name.of("t"))).isEmpty();
    while (!model.faultsSpent()) {
      Thread.sleep(5);
    }
    // Its name is held: nothing may be made of that name, and nothing of the run be verified.
    Thread.sleep(500);
    assertThat(run.result()).isNotDone();
    assertThat(run.recorder().phases("1#1")).doesNotContain("Verified");
    model.release();
    assertThat(run.result().get(60, TimeUnit.SECONDS)).isInstanceOf(Result.Verified.class);
    assertThat(run.recorder().phases("1#1")).contains("Verified");
    var table = model.world().table(Name.of("t")).orElseThrow();
    assertThat(table.column("b")).isPresent();
    assertThat(
            model.world().jobs().values().stream()
                .filter(j -> j.description().contains("DROP TABLE"))
                .filter(j -> j.type() != Job.Type.SCHEMA_CHANGE_GC))
        .hasSize(1);
  }
}
