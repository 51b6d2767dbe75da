package dev.pawl.engine.execute;

import static dev.pawl.engine.testing.TestDatabase.files;
import static dev.pawl.engine.testing.TestDatabase.options;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.cockroach.CockroachModel;
import dev.pawl.engine.cockroach.Fault;
import dev.pawl.engine.cockroach.ModelOptions;
import dev.pawl.engine.cockroach.world.Job;
import dev.pawl.engine.cockroach.world.ModelVersion;
import dev.pawl.engine.cockroach.world.SqlError;
import dev.pawl.engine.cockroach.world.Transition;
import dev.pawl.engine.plan.SourceFile;
import dev.pawl.engine.testing.Patience;
import dev.pawl.engine.testing.Recorder;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole runs on the model of CockroachDB. */
@Timeout(300)
class ModelApplyTest {
  private CockroachModel model;

  @AfterEach
  void end() {
    if (model != null) {
      model.close();
    }
  }

  private void start(ModelVersion version) {
    model = CockroachModel.start(ModelOptions.of(version));
  }

  private Result run(String... source) {
    return MigrationRun.of(model.target(), files(source), options(), new Recorder()).run();
  }

  private Result run(String user, String[] source) {
    return MigrationRun.of(model.target(0, user), files(source), options(), new Recorder()).run();
  }

  private CompletableFuture<Result> inBackground(MigrationRun run) {
    var end = new CompletableFuture<Result>();
    Thread.ofVirtual().start(() -> end.complete(run.run()));
    return end;
  }

  private MigrationRun later(Recorder recorder, String... source) {
    return MigrationRun.of(model.target(), files(source), options(), recorder);
  }

  private void execute(String... statements) throws SQLException {
    model.execute(statements);
  }

  private List<String> query(String sql) throws SQLException {
    return model.query(sql);
  }

  private void await(BooleanSupplier what) throws InterruptedException {
    Patience.until(what, this::said);
  }

  private Recorder last = new Recorder();

  private String said() {
    return last.messages("1#1") + " " + last.causes() + " " + model.world().jobs();
  }

  private boolean jobAt(Job.Stage stage) {
    return model.world().unfinished().stream().anyMatch(j -> j.stage() == stage);
  }

  /** Why it is not verified; empty where it is. */
  private static String why(Result result) {
    return switch (result) {
      case Result.Verified _ -> "";
      case Result.Failed f -> f.cause().toString();
      case Result.Refused r -> r.cause().toString();
      case Result.Unavailable u -> u.cause().toString();
      case Result.Cancelled _ -> "cancelled";
    };
  }

  private static final String[] HISTORY = {
    "01_schema.sql", "CREATE SCHEMA app",
    "02_type.sql", "CREATE TYPE app.mood AS ENUM ('sad', 'happy')",
    "03_table.sql",
        "CREATE TABLE app.t (id INT PRIMARY KEY, b STRING NOT NULL, c INT DEFAULT 3,"
            + " CHECK (c >= 0))",
    "04_r.sql", "CREATE TABLE IF NOT EXISTS app.r (id INT PRIMARY KEY, t INT)",
    "05_rows.sql",
        "INSERT INTO app.t (id, b) VALUES (1, 'x'), (2, 'y');\n"
            + "UPDATE app.t SET c = 4 WHERE id = 2;",
    "06_index.sql", "CREATE UNIQUE INDEX IF NOT EXISTS t_b ON app.t (b DESC) STORING (c)",
    "07_partial.sql", "CREATE INDEX t_c ON app.t (c) WHERE b = 'x'",
    "08_column.sql", "ALTER TABLE app.t ADD COLUMN d INT NOT NULL DEFAULT 7",
    "09_check.sql", "ALTER TABLE app.t ADD CONSTRAINT d_small CHECK (d < 100)",
    "10_notvalid.sql", "ALTER TABLE app.t ADD CONSTRAINT d_big CHECK (d > 1) NOT VALID",
    "11_validate.sql", "ALTER TABLE app.t VALIDATE CONSTRAINT d_big",
    "12_fk.sql", "ALTER TABLE app.r ADD CONSTRAINT r_t FOREIGN KEY (t) REFERENCES app.t (id)",
    "13_unique.sql", "ALTER TABLE app.r ADD CONSTRAINT r_u UNIQUE (t)",
    "14_notnull.sql", "ALTER TABLE app.r ALTER COLUMN t SET NOT NULL",
    "15_pk.sql", "ALTER TABLE app.r ALTER PRIMARY KEY USING COLUMNS (t)",
    "16_label.sql", "ALTER TYPE app.mood ADD VALUE 'calm'",
    "17_use.sql", "ALTER TABLE app.t ADD COLUMN m app.mood DEFAULT 'calm'",
    "18_ctas.sql", "CREATE TABLE app.s AS SELECT id, b FROM app.t",
    "19_view.sql", "CREATE MATERIALIZED VIEW app.v AS SELECT id FROM app.t",
    "20_refresh.sql", "REFRESH MATERIALIZED VIEW app.v",
    "21_truncate.sql", "TRUNCATE TABLE app.s",
    "22_dropindex.sql", "DROP INDEX app.t@t_c",
    "23_dropconstraint.sql", "ALTER TABLE app.t DROP CONSTRAINT d_small",
    "24_dropcolumn.sql", "ALTER TABLE app.t DROP COLUMN c",
    "25_rename.sql", "ALTER TABLE app.s RENAME TO s2",
    "26_renamecolumn.sql", "ALTER TABLE app.t RENAME COLUMN d TO e",
    "27_dropview.sql", "DROP MATERIALIZED VIEW app.v",
    "28_droptable.sql", "DROP TABLE app.s2",
    "29_again.sql", "CREATE TABLE app.s2 (z INT PRIMARY KEY)",
    "30_sequence.sql", "CREATE SEQUENCE app.q",
    "31_dropsequence.sql", "DROP SEQUENCE app.q",
    "32_two.sql", "ALTER TABLE app.t ADD COLUMN f INT, ADD COLUMN g STRING",
    "33_default.sql", "ALTER TABLE app.t ALTER COLUMN e DROP DEFAULT",
    "34_default.sql", "ALTER TABLE app.t ALTER COLUMN g SET DEFAULT 'x'",
    "35_move.sql", "ALTER TABLE app.s2 SET SCHEMA public",
  };

  @ParameterizedTest
  @EnumSource(ModelVersion.class)
  void aWholeHistoryIsAppliedAndVerifiedAndThereIsNothingLeftToDo(ModelVersion version)
      throws Exception {
    start(version);
    var result = run(HISTORY);
    assertThat(why(result)).isEmpty();
    assertThat(query("SELECT version FROM pawl.step WHERE phase <> 'Verified' OR attempts <> 1"))
        .isEmpty();
    assertThat(why(run(HISTORY))).isEmpty();
    assertThat(query("SELECT id, b, e, m FROM app.t ORDER BY id"))
        .containsExactly("1|x|7|calm", "2|y|7|calm");
    var report = Verifier.verify(model.target(), files(HISTORY), "test");
    assertThat(report.findings()).isEmpty();
    assertThat(report.steps()).isEqualTo(35);
  }

  @Test
  void anotherSessionsRunningJobIsFollowedAndNothingIsSentAgain() throws Exception {
    start(ModelVersion.V25_2);
    execute("CREATE TABLE t (a INT PRIMARY KEY, b INT)");
    model.hold(j -> j.stage() == Job.Stage.BACKFILL);
    model.inject(Fault.cut(Fault.Kind.CUT_DURING, "CREATE INDEX i"));
    try {
      execute("CREATE INDEX i ON t (b)");
    } catch (SQLException e) {
      assertThat(e.getSQLState()).startsWith("08");
    }
    await(() -> jobAt(Job.Stage.BACKFILL));
    var recorder = new Recorder();
    last = recorder;
    var end = inBackground(later(recorder, "1_i.sql", "CREATE INDEX i ON t (b)"));
    await(() -> recorder.phases("1#1").contains("Applying"));
    Thread.sleep(700);
    assertThat(end).isNotDone();
    model.release();
    assertThat(why(end.get(60, TimeUnit.SECONDS))).isEmpty();
    assertThat(query("SELECT attempts FROM pawl.step")).containsExactly("0");
    assertThat(model.world().jobs().values()).hasSize(1);
  }

  @Test
  void anIfNotExistsAnsweredEarlyIsNotBelievedAndAppliedAgainWhenTheBackfillReverts()
      throws Exception {
    start(ModelVersion.V22_1);
    execute("CREATE TABLE t (a INT PRIMARY KEY, b INT)");
    model.hold(j -> j.stage() == Job.Stage.BACKFILL);
    var other =
        CompletableFuture.runAsync(
            () -> {
              try {
                execute("CREATE INDEX IF NOT EXISTS i ON t (b)");
              } catch (SQLException e) {
                // Its backfill fails.
              }
            });
    await(() -> jobAt(Job.Stage.BACKFILL));
    var recorder = new Recorder();
    last = recorder;
    var end = inBackground(later(recorder, "1_i.sql", "CREATE INDEX IF NOT EXISTS i ON t (b)"));
    await(() -> recorder.phases("1#1").contains("Applying"));
    model.breakBackfills("CREATE INDEX", new SqlError("53200", "memory budget exceeded"));
    model.holdAfterFailures(1); // of which a step makes a few tries at most
    other.get(60, TimeUnit.SECONDS);
    model.healBackfills();
    model.release();
    assertThat(why(end.get(60, TimeUnit.SECONDS))).isEmpty();
    assertThat(query("SELECT column_name FROM [SHOW INDEXES FROM t] WHERE index_name = 'i'"))
        .startsWith("b");
  }

  @Test
  void aDuplicateFailsTheStepWithItsJobsErrorUntilTheRowsAreMended() throws Exception {
    start(ModelVersion.V25_2);
    execute("CREATE TABLE t (a INT PRIMARY KEY, b INT)", "INSERT INTO t VALUES (1, 7), (2, 7)");
    var failed = (Result.Failed) run("1_i.sql", "CREATE UNIQUE INDEX i ON t (b)");
    assertThat(failed.cause().sqlstate()).contains("23505");
    assertThat(failed.cause().message()).startsWith("1_i.sql:1").contains("\"i\"");
    execute("DELETE FROM t WHERE a = 2");
    assertThat(why(run("1_i.sql", "CREATE UNIQUE INDEX i ON t (b)"))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.Kind.class,
      names = {"CUT_BEFORE", "CUT_DURING", "CUT_AFTER"})
  void aStatementWhoseConnectionIsCutIsObservedAndRunOnce(Fault.Kind kind) throws Exception {
    start(ModelVersion.V26_1);
    execute("CREATE TABLE t (a INT PRIMARY KEY, b INT)");
    for (var sql :
        List.of(
            "CREATE INDEX i ON t (b)",
            "ALTER TABLE t ADD COLUMN c INT",
            "ALTER TABLE t ADD CONSTRAINT k CHECK (b > 0)",
            "CREATE TABLE u (x INT PRIMARY KEY, y STRING)",
            "CREATE TABLE w AS SELECT a FROM t",
            "CREATE MATERIALIZED VIEW v AS SELECT a FROM t",
            "TRUNCATE TABLE u",
            "ALTER TABLE t RENAME COLUMN b TO bb",
            "DROP TABLE w")) {
      var name = "stream-" + UUID.randomUUID();
      model.inject(Fault.cut(kind, "^" + Pattern.quote(sql)));
      var result =
          MigrationRun.of(model.target(), files("1_x.sql", sql), stream(name), new Recorder())
              .run();
      if (sql.startsWith("TRUNCATE") && kind == Fault.Kind.CUT_BEFORE) {
        // No job of it: it may still be on its way, and twice it could take new rows away.
        assertThat(why(result))
            .contains("OutcomeUnknown")
            .contains("no job tells what came of it")
            .doesNotContain("backend");
        continue;
      }
      assertThat(why(result)).as(sql).isEmpty();
      assertThat(model.faultsSpent()).as(sql).isTrue();
      assertThat(query("SELECT attempts FROM pawl.step WHERE stream = '" + name + "'"))
          .as(sql)
          .containsExactly(kind == Fault.Kind.CUT_BEFORE ? "2" : "1");
    }
  }

  private static RunOptions stream(String name) {
    var o = options();
    return new RunOptions(name, o.holder(), Optional.empty(), o.leaseTtl(), o.policy());
  }

  @Test
  void twoStreamsChangeTheSchemaOneAfterTheOther() throws Exception {
    start(ModelVersion.V25_2);
    execute("CREATE TABLE t (a INT PRIMARY KEY, b INT)");
    Collection<SourceFile> one =
        files("1_a.sql", "CREATE INDEX i ON t (b)", "2_b.sql", "ALTER TABLE t ADD COLUMN c INT");
    Collection<SourceFile> two =
        files("1_a.sql", "CREATE INDEX j ON t (b)", "2_b.sql", "ALTER TABLE t ADD COLUMN d INT");
    var ends =
        List.of(
            inBackground(MigrationRun.of(model.target(), one, stream("one"), new Recorder())),
            inBackground(MigrationRun.of(model.target(), two, stream("two"), new Recorder())));
    for (var end : ends) {
      assertThat(why(end.get(60, TimeUnit.SECONDS))).isEmpty();
    }
    assertThat(query("SELECT DISTINCT phase, attempts FROM pawl.step"))
        .containsExactly("Verified|1");
  }

  @Test
  void aKilledPawlsJobIsFollowedByTheNext() throws Exception {
    start(ModelVersion.V23_2);
    execute("CREATE TABLE t (a INT PRIMARY KEY, b INT)");
    model.hold(j -> j.stage() == Job.Stage.BACKFILL);
    var first = later(new Recorder(), "1_i.sql", "CREATE INDEX i ON t (b)");
    var end = inBackground(first);
    await(() -> jobAt(Job.Stage.BACKFILL));
    first.cancel();
    end.get(60, TimeUnit.SECONDS);
    var recorder = new Recorder();
    var next = inBackground(later(recorder, "1_i.sql", "CREATE INDEX i ON t (b)"));
    await(() -> recorder.messages("1#1").stream().anyMatch(m -> m.contains("following: job")));
    model.release();
    assertThat(why(next.get(60, TimeUnit.SECONDS))).isEmpty();
    assertThat(query("SELECT attempts FROM pawl.step")).containsExactly("1");
  }

  @Test
  void aDropHoldsItsNameUntilItsJobIsOver() throws Exception {
    start(ModelVersion.V25_2);
    execute("CREATE TABLE t (a INT PRIMARY KEY)");
    model.hold(_ -> true);
    model.inject(Fault.cut(Fault.Kind.CUT_DURING, "^DROP TABLE"));
    var recorder = new Recorder();
    last = recorder;
    var end =
        inBackground(
            later(
                recorder,
                "1_drop.sql",
                "DROP TABLE t",
                "2_make.sql",
                "CREATE TABLE t (b INT PRIMARY KEY)"));
    await(() -> recorder.messages("1#1").stream().anyMatch(m -> m.contains("following: job")));
    Thread.sleep(700);
    assertThat(recorder.phases("1#1")).doesNotContain("Verified");
    model.release();
    assertThat(why(end.get(60, TimeUnit.SECONDS))).isEmpty();
    assertThat(query("SELECT attempts FROM pawl.step ORDER BY version")).containsExactly("1", "1");
  }

  @Test
  void aPausedJobAsksForAPersonAndGoesOnWhenResumed() throws Exception {
    start(ModelVersion.V25_2);
    execute("CREATE TABLE t (a INT PRIMARY KEY, b INT)");
    model.hold(j -> j.stage() == Job.Stage.BACKFILL);
    model.inject(Fault.cut(Fault.Kind.CUT_DURING, "CREATE INDEX i"));
    try {
      execute("CREATE INDEX i ON t (b)");
    } catch (SQLException e) {
      assertThat(e.getSQLState()).startsWith("08");
    }
    await(() -> jobAt(Job.Stage.BACKFILL));
    long id = model.world().unfinished().getFirst().id();
    model.apply(new Transition.Pause(id));
    model.apply(new Transition.Advance(id));
    var failed = (Result.Failed) run("1_i.sql", "CREATE INDEX i ON t (b)");
    assertThat(failed.human()).isTrue();
    assertThat(failed.cause().reason()).isEqualTo("NeedsPerson");
    assertThat(failed.cause().message()).contains("RESUME JOB " + id);
    model.apply(new Transition.Resume(id));
    model.release();
    assertThat(why(run("1_i.sql", "CREATE INDEX i ON t (b)"))).isEmpty();
    assertThat(query("SELECT attempts FROM pawl.step")).containsExactly("0");
  }

  @ParameterizedTest
  @EnumSource(ModelVersion.class)
  void whoDoesNotSeeOthersJobsIsToldWhatToGrant(ModelVersion version) throws Exception {
    model =
        CockroachModel.start(
            ModelOptions.of(version)
                .user("plain")
                .user("controller", "CONTROLJOB")
                .user("viewer", "VIEWJOB")
                .user("boss", "ADMIN"));
    var source = new String[] {"1_t.sql", "CREATE TABLE t (a INT PRIMARY KEY)"};
    boolean grantable = version.since(23, 1);
    for (var user : List.of("plain", "controller")) {
      var refused = (Result.Refused) run(user, source);
      assertThat(refused.cause().message())
          .contains((grantable ? "GRANT SYSTEM VIEWJOB TO \"" : "GRANT admin TO \"") + user + "\"");
    }
    assertThat(query("SELECT phase FROM pawl.step")).containsExactly("Pending");
    assertThat(query("SHOW TABLES")).noneMatch(t -> t.contains("public"));
    assertThat(why(run(grantable ? "viewer" : "boss", source))).isEmpty();
  }

  @Test
  void dataNeedsNoRightToSeeJobs() throws Exception {
    model = CockroachModel.start(ModelOptions.of(ModelVersion.V25_2).user("plain"));
    execute("CREATE TABLE t (a INT PRIMARY KEY)");
    assertThat(why(run("plain", new String[] {"1_t.sql", "INSERT INTO t VALUES (1)"}))).isEmpty();
  }

  @Test
  void somethingElseUnderTheNameIsLeftUntouched() throws Exception {
    start(ModelVersion.V25_2);
    execute(
        "CREATE TABLE t (a INT PRIMARY KEY, b INT, c INT)",
        "CREATE INDEX i ON t (c)",
        "CREATE INDEX p ON t (b) WHERE c > 1",
        "CREATE UNIQUE INDEX u ON t (b)",
        "ALTER TABLE t ADD CONSTRAINT k CHECK (b > 0)",
        "CREATE TABLE o (a INT PRIMARY KEY, b INT UNIQUE)",
        "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES o (b) ON DELETE CASCADE");
    for (var sql :
        List.of(
            "CREATE INDEX IF NOT EXISTS i ON t (b)",
            "CREATE INDEX IF NOT EXISTS i ON t (c DESC)",
            "CREATE UNIQUE INDEX IF NOT EXISTS i ON t (c)",
            "CREATE INDEX IF NOT EXISTS i ON t (c) STORING (b)",
            "CREATE INDEX IF NOT EXISTS i ON t (c) WHERE b > 1",
            "CREATE INDEX IF NOT EXISTS p ON t (b)",
            "CREATE INDEX IF NOT EXISTS p ON t (b) WHERE c > 2",
            "CREATE INDEX IF NOT EXISTS u ON t (b)",
            "ALTER TABLE t ADD CONSTRAINT IF NOT EXISTS k CHECK (b > 5)",
            "ALTER TABLE t ADD COLUMN IF NOT EXISTS b STRING",
            "ALTER TABLE t ADD COLUMN IF NOT EXISTS b INT NOT NULL DEFAULT 1",
            "CREATE TABLE IF NOT EXISTS t (a INT PRIMARY KEY, b STRING)",
            "CREATE TABLE IF NOT EXISTS t (x INT PRIMARY KEY)",
            "ALTER TABLE t ADD CONSTRAINT IF NOT EXISTS f FOREIGN KEY (b) REFERENCES o (a)"
                + " ON DELETE CASCADE",
            "ALTER TABLE t ADD CONSTRAINT IF NOT EXISTS f FOREIGN KEY (b) REFERENCES o (b)",
            "ALTER TABLE t ADD CONSTRAINT IF NOT EXISTS f FOREIGN KEY (b) REFERENCES t (b)"
                + " ON DELETE CASCADE",
            "ALTER TABLE t ADD CONSTRAINT IF NOT EXISTS f FOREIGN KEY (c) REFERENCES o (b)"
                + " ON DELETE CASCADE",
            "CREATE TABLE IF NOT EXISTS t (b INT)")) {
      var result =
          MigrationRun.of(
                  model.target(),
                  files("1_x.sql", sql),
                  stream("stream-" + UUID.randomUUID()),
                  new Recorder())
              .run();
      assertThat(result).as(sql).isInstanceOf(Result.Failed.class);
      assertThat(((Result.Failed) result).cause().reason()).as(sql).isEqualTo("Different");
    }
  }

  @Test
  void whatIsThereAsAskedForIsAdopted() throws Exception {
    start(ModelVersion.V25_2);
    execute(
        "CREATE TABLE t (a INT PRIMARY KEY, b INT, c STRING)",
        "CREATE INDEX i ON t (c, b DESC) STORING (a)",
        "CREATE INDEX p ON t (b) WHERE c = 'x'",
        "ALTER TABLE t ADD CONSTRAINT k CHECK (b > 0)",
        "CREATE TABLE o (a INT PRIMARY KEY, b INT UNIQUE)",
        "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES o (b) ON DELETE CASCADE");
    assertThat(
            why(
                run(
                    "1_t.sql",
                    "CREATE TABLE IF NOT EXISTS t (a INT8 PRIMARY KEY, b INT, c TEXT)",
                    "2_p.sql",
                    "CREATE INDEX IF NOT EXISTS p ON t (b) WHERE c = 'x'",
                    "3_k.sql",
                    "ALTER TABLE t ADD CONSTRAINT IF NOT EXISTS k CHECK (b > 0)",
                    "4_c.sql",
                    "ALTER TABLE t ADD COLUMN IF NOT EXISTS c STRING",
                    "5_f.sql",
                    "ALTER TABLE t ADD CONSTRAINT IF NOT EXISTS f FOREIGN KEY (b)"
                        + " REFERENCES public.o (b) ON DELETE CASCADE")))
        .isEmpty();
    assertThat(query("SELECT sum(attempts) FROM pawl.step")).containsExactly("0");
  }

  @Test
  void aNameThatMeansTwoTablesOfTheSearchPathIsNotFollowedFromOneToTheOther() throws Exception {
    start(ModelVersion.V25_2);
    execute(
        "CREATE SCHEMA app",
        "CREATE TABLE app.t (a INT PRIMARY KEY)",
        "CREATE TABLE t (a INT PRIMARY KEY, b INT)");
    for (var sql : List.of("DROP TABLE t", "ALTER TABLE t ADD COLUMN b INT")) {
      var failed = (Result.Failed) run("1_x.sql", "SET search_path = app, public;\n" + sql);
      assertThat(failed.human()).as(sql).isTrue();
      assertThat(failed.cause().message()).as(sql).contains("(app, public)");
    }
    assertThat(query("SELECT table_schema FROM information_schema.tables WHERE table_name = 't'"))
        .containsExactlyInAnyOrder("app", "public");
  }

  @Test
  void howLongAnIntIsDependsOnTheSession() throws Exception {
    start(ModelVersion.V25_2);
    execute("CREATE TABLE t (a INT PRIMARY KEY, b INT4)");
    var sql = "ALTER TABLE t ADD COLUMN IF NOT EXISTS b INT";
    assertThat(why(run("1_x.sql", sql))).contains("Different");
    assertThat(why(run("1_x.sql", "SET default_int_size = 4;\n" + sql))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = ModelVersion.class,
      names = {"V23_2", "V26_1"})
  void threeNodesWithLeasesOfTheirOwnAndARoleWithLittleRights(ModelVersion version)
      throws Exception {
    model =
        CockroachModel.start(
            ModelOptions.of(version).nodes(3).withLeaseLag().user("viewer", "VIEWJOB"));
    var node = 0;
    var files = new ArrayList<String>();
    for (int k = 0; k < HISTORY.length; k += 2) {
      files.add(HISTORY[k]);
      files.add(HISTORY[k + 1]);
      if (k % 8 == 6 || k == HISTORY.length - 2) {
        var result =
            MigrationRun.of(
                    model.target(node++ % 3, "viewer"),
                    files(files.toArray(String[]::new)),
                    options(),
                    new Recorder())
                .run();
        assertThat(why(result)).as(files.getLast()).isEmpty();
      }
    }
    assertThat(query("SELECT DISTINCT phase, attempts FROM pawl.step"))
        .containsExactly("Verified|1");
  }

  @Test
  void aLedgerThatCannotBeWrittenForAMomentHoldsUpTheStepAndNothingElse() throws Exception {
    start(ModelVersion.V25_2);
    execute("CREATE TABLE t (a INT PRIMARY KEY, b INT)");
    for (var fault :
        List.of(
            Fault.error("UPDATE pawl.step", "40001", "restart transaction"),
            Fault.errorAfter("UPDATE pawl.step", "40003", "result is ambiguous"),
            Fault.cut(Fault.Kind.CUT_BEFORE, "UPDATE pawl.step").at(2),
            Fault.errorAfter("^COMMIT", "40003", "result is ambiguous").at(3),
            Fault.cut(Fault.Kind.CUT_AFTER, "^COMMIT").at(3),
            Fault.cut(Fault.Kind.CUT_AFTER, "^COMMIT").at(4),
            Fault.error("SHOW JOBS", "40001", "restart transaction").at(2),
            Fault.cut(Fault.Kind.CUT_BEFORE, "SHOW INDEXES").at(2))) {
      var name = "stream-" + UUID.randomUUID();
      model.inject(fault);
      var index = "i" + name.substring(7).replace("-", "");
      var result =
          MigrationRun.of(
                  model.target(),
                  files("1_x.sql", "CREATE INDEX " + index + " ON t (b)"),
                  stream(name),
                  new Recorder())
              .run();
      assertThat(why(result)).as(fault.toString()).isEmpty();
      assertThat(model.faultsSpent()).as(fault.toString()).isTrue();
      assertThat(query("SELECT count(*) FROM [SHOW JOBS] WHERE description LIKE '%" + index + "%'"))
          .as(fault.toString())
          .containsExactly("1");
    }
  }
}
