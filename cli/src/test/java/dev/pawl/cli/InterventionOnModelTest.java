package dev.pawl.cli;

import static dev.pawl.engine.testing.TestDatabase.files;
import static dev.pawl.engine.testing.TestDatabase.options;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.cockroach.CockroachModel;
import dev.pawl.engine.cockroach.ModelOptions;
import dev.pawl.engine.cockroach.world.Job;
import dev.pawl.engine.cockroach.world.ModelVersion;
import dev.pawl.engine.execute.MigrationRun;
import dev.pawl.engine.execute.Result;
import dev.pawl.engine.plan.SourceFile;
import dev.pawl.engine.testing.Clients;
import dev.pawl.engine.testing.Recorder;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** unlock and cancel, as a person uses them while a run is at work; on the model of CockroachDB. */
@Timeout(120)
class InterventionOnModelTest {
  private static final String INDEX = "CREATE INDEX i ON t (a)";
  private static final List<SourceFile> BUILD = files("0001_i.sql", INDEX);
  private static final List<SourceFile> DROP = files("0001_d.sql", "DROP TABLE t");
  private static final List<SourceFile> ROWS =
      files("0001_r.sql", "INSERT INTO t SELECT 7, 7 FROM pg_sleep(60)");

  private CockroachModel model;
  private String user = "root";
  private String out;
  private String err;

  @BeforeEach
  void table() throws Exception {
    model =
        CockroachModel.start(
            ModelOptions.of(ModelVersion.V25_2)
                .user("viewer", "VIEWJOB")
                .user("controller", "VIEWJOB", "CONTROLJOB"));
    execute("CREATE TABLE t (id INT PRIMARY KEY, a INT)", "INSERT INTO t VALUES (1, 1)");
  }

  @AfterEach
  void end() {
    model.close();
  }

  private void execute(String... statements) throws SQLException {
    model.execute(statements);
  }

  private List<String> query(String sql) throws SQLException {
    return model.query(sql);
  }

  private void hold() {
    model.hold(job -> !job.cancelled());
  }

  private static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private CompletableFuture<Result> start(List<SourceFile> source) {
    return Clients.start(MigrationRun.of(model.target(0, user), source, options(), new Recorder()));
  }

  private Job awaitJob() throws InterruptedException {
    await("a job", () -> !model.world().unfinished().isEmpty());
    return model.world().unfinished().iterator().next();
  }

  private static Result end(CompletableFuture<Result> run) throws Exception {
    return run.get(60, TimeUnit.SECONDS);
  }

  private int pawl(String... words) {
    var all = new ArrayList<>(List.of(words));
    all.addAll(
        List.of(
            "--stream",
            "test",
            "--url",
            "postgres://" + user + "@localhost:" + model.port(0) + "/defaultdb?sslmode=disable",
            "--by",
            "ann"));
    var ran = Ran.pawl(all.toArray(String[]::new));
    out = ran.out();
    err = ran.err();
    return ran.code();
  }

  private String step() throws SQLException {
    return query("SELECT phase, attempts, sqlstate, message FROM pawl.step").getFirst();
  }

  @Test
  void unlockShowsALiveHolderWithItsJobAndLeavesItAlone() throws Exception {
    hold();
    var run = start(BUILD);
    var job = awaitJob();
    assertThat(pawl("unlock", "--yes")).as(err).isEqualTo(1);
    assertThat(out)
        .contains("holder     holder-", ", since 20", "heartbeat  alive")
        .contains("step       1#1 (0001_i.sql) is Applying")
        .contains("session    session ", "(root, pawl test), active: " + INDEX)
        .containsPattern("job        job " + job.id() + " is (pending|running), 0 %: CREATE INDEX")
        .contains("nothing was done, for the holder is alive");
    assertThat(run).isNotDone();
    model.release();
    assertThat(end(run)).isInstanceOf(Result.Verified.class);
    assertThat(pawl("unlock", "--yes")).as(out).isZero();
    assertThat(out).contains("the lease was given back", "nothing is locked");
  }

  @Test
  void unlockByForceLetsAJobGoOnToBeFollowed() throws Exception {
    hold();
    var run = start(BUILD);
    var job = awaitJob();
    assertThat(pawl("unlock", "--force", "--yes")).as(out + err).isZero();
    assertThat(out)
        .contains("is taken away from holder-")
        .contains("goes on, and the next run follows it: job " + job.id());
    var second = start(BUILD);
    await("the second to follow", () -> phase().equals("Applying"));
    model.release();
    assertThat(end(second)).isInstanceOf(Result.Verified.class);
    end(run);
    assertThat(step()).startsWith("Verified|1|");
    assertThat(jobs("CREATE INDEX")).as("jobs of the index").isEqualTo(1);
  }

  private String phase() {
    try {
      return query("SELECT phase FROM pawl.step").getFirst();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private long jobs(String description) {
    return model.world().jobs().values().stream()
        .filter(j -> j.description().startsWith(description))
        .count();
  }

  @Test
  void cancelEndsTheJobAndTheNextRunBeginsItAgain() throws Exception {
    hold();
    var run = start(BUILD);
    var job = awaitJob();
    assertThat(pawl("cancel")).as("without --yes").isEqualTo(1);
    assertThat(run).isNotDone();

    assertThat(pawl("cancel", "--yes")).as(out + err).isZero();
    assertThat(out)
        .contains("ended: session ", "cancelled and reverted: job " + job.id())
        .contains("step 1#1 is Failed");
    assertThat(end(run)).isNotInstanceOf(Result.Verified.class);
    assertThat(model.world().jobs().get(job.id()).status()).isEqualTo(Job.Status.CANCELED);
    assertThat(query("SELECT 1 FROM [SHOW INDEXES FROM t] WHERE index_name = 'i'")).isEmpty();
    assertThat(step()).startsWith("Failed|1|57014|cancelled at 20").contains("cancel by ann");

    model.release();
    assertThat(end(start(BUILD))).isInstanceOf(Result.Verified.class);
    assertThat(step()).startsWith("Verified|2|");
  }

  @Test
  void whatCannotBeCancelledGoesOnAndIsFollowed() throws Exception {
    hold();
    var run = start(DROP);
    var job = awaitJob();
    assertThat(pawl("cancel", "--yes")).as(out).isEqualTo(1);
    assertThat(out)
        .contains("job " + job.id() + " cannot be cancelled: ", "the next run follows it");
    assertThat(end(run)).isNotInstanceOf(Result.Verified.class);
    assertThat(step()).startsWith("Applying|1|");
    model.release();
    assertThat(end(start(DROP))).isInstanceOf(Result.Verified.class);
    assertThat(step()).startsWith("Verified|1|");
  }

  @Test
  void cancelNeedsTheRoleOptionControlJobAndSaysSo() throws Exception {
    user = "viewer";
    hold();
    var run = start(BUILD);
    var job = awaitJob();
    assertThat(pawl("cancel", "--yes")).as(out).isEqualTo(1);
    assertThat(out)
        .contains("job " + job.id() + " cannot be cancelled", "CONTROLJOB")
        .contains("or CANCEL JOB " + job.id());
    assertThat(end(run)).isNotInstanceOf(Result.Verified.class);
    assertThat(step()).startsWith("Applying|1|");
    model.release();
    assertThat(end(start(BUILD))).isInstanceOf(Result.Verified.class);
  }

  @Test
  void withItCancelNeedsNoAdmin() throws Exception {
    user = "controller";
    hold();
    var run = start(BUILD);
    awaitJob();
    assertThat(pawl("cancel", "--yes")).as(out + err).isZero();
    assertThat(end(run)).isNotInstanceOf(Result.Verified.class);
    assertThat(step()).startsWith("Failed|1|57014|");
  }

  @Test
  void anothersJobThatIsFollowedIsLeftAlone() throws Exception {
    hold();
    var build =
        CompletableFuture.runAsync(
            () -> {
              try (var connection = model.connect(0, "controller");
                  var statement = connection.createStatement()) {
                statement.execute(INDEX);
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
            },
            task -> Thread.ofVirtual().start(task));
    var job = awaitJob();
    var run = start(files("0001_i.sql", "CREATE INDEX IF NOT EXISTS i ON t (a)"));
    await("it to be followed", () -> hasStep() && phase().equals("Applying"));
    assertThat(pawl("cancel", "--yes")).as(out + err).isZero();
    assertThat(out).contains("not Pawl's, and left alone: job " + job.id());
    assertThat(end(run)).isNotInstanceOf(Result.Verified.class);
    assertThat(model.world().jobs().get(job.id()).over()).isFalse();
    model.release();
    build.get(30, TimeUnit.SECONDS);
  }

  private boolean hasStep() {
    try {
      return !query("SELECT 1 FROM pawl.step").isEmpty();
    } catch (SQLException e) {
      return false; // no ledger yet
    }
  }

  @Test
  void cancelRollsATransactionBack() throws Exception {
    var run = start(ROWS);
    await(
        "its statement to run",
        () -> {
          try {
            return !query(
                    "SELECT 1 FROM [SHOW SESSIONS] WHERE application_name = 'pawl test'"
                        + " AND active_queries LIKE 'INSERT%'")
                .isEmpty();
          } catch (SQLException e) {
            throw new IllegalStateException(e);
          }
        });
    assertThat(pawl("cancel", "--yes")).as(out + err).isZero();
    assertThat(out).contains("ended: session ", "INSERT INTO t");
    assertThat(end(run)).isNotInstanceOf(Result.Verified.class);
    assertThat(query("SELECT count(*) FROM t WHERE a = 7")).containsExactly("0");
    assertThat(phase()).isEqualTo("Pending");
  }

  @Test
  void cancelWhereNothingRunsSaysSo() throws Exception {
    assertThat(end(start(BUILD))).isInstanceOf(Result.Verified.class);
    assertThat(pawl("cancel", "--yes")).as(out + err).isZero();
    assertThat(out).contains("nothing runs for stream test");
    assertThat(phase()).isEqualTo("Verified");
  }
}
