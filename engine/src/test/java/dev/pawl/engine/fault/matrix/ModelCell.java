package dev.pawl.engine.fault.matrix;

import dev.pawl.engine.cockroach.CockroachModel;
import dev.pawl.engine.cockroach.ModelOptions;
import dev.pawl.engine.cockroach.world.Job;
import dev.pawl.engine.cockroach.world.ModelVersion;
import dev.pawl.engine.execute.Cause;
import dev.pawl.engine.execute.MigrationRun;
import dev.pawl.engine.execute.Phase;
import dev.pawl.engine.execute.Result;
import dev.pawl.engine.execute.RunListener;
import dev.pawl.engine.execute.StepState;
import dev.pawl.engine.fault.FailurePoint;
import dev.pawl.engine.plan.SourceFile;
import dev.pawl.engine.testing.TestDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** One place and one fault on a model of CockroachDB of its own. */
record ModelCell(Place place, ModelFault fault) {
  /** On CockroachDB nothing is passed over in a transaction, and nothing half made is left. */
  private static final Set<FailurePoint> NOT_HERE =
      EnumSet.of(FailurePoint.SKIP_LOOK, FailurePoint.REPAIR_SENT, FailurePoint.LEFTOVER);

  private static final List<SourceFile> SOURCE =
      TestDatabase.files(
          "1_column.sql", "ALTER TABLE t ADD COLUMN c INT NOT NULL DEFAULT 0",
          "2_rows.sql", "UPDATE t SET c = c + 1; INSERT INTO journal VALUES (2)",
          "3_index.sql", "CREATE INDEX i ON t (a)",
          "4_check.sql", "ALTER TABLE t ADD CONSTRAINT positive CHECK (a > 0)",
          "5_drop.sql", "DROP TABLE gone",
          "6_rows.sql", "INSERT INTO journal VALUES (6)");

  private static final int UNDISTURBED = 6;

  /** Every point that can be reached here. */
  static List<Place> places() {
    var places = new ArrayList<Place>();
    for (var point : FailurePoint.values()) {
      if (!NOT_HERE.contains(point)) {
        places.add(new Place(point, 1, ""));
        switch (point) {
          case ROW_WRITE, ROW_SENT, ROW_WRITTEN, STATEMENT, STATEMENT_SENT, STATEMENT_ANSWERED -> {
            places.add(new Place(point, 2, "2nd time"));
            places.add(new Place(point, 3, "3rd time"));
          }
          case TRANSACTION_FENCED, TRANSACTION_SENT, TRANSACTION_ANSWERED ->
              places.add(new Place(point, 2, "2nd time"));
          default -> {
            // Once is enough.
          }
        }
      }
    }
    return List.copyOf(places);
  }

  /** Sees what is unfinished at the very moment when a step is called verified. */
  private record Witness(CockroachModel model, List<String> seen) implements RunListener {
    @Override
    public void planned(List<StepState> steps) {
      // Those of before.
    }

    @Override
    public void changed(StepState step) {
      if (step.phase() == Phase.VERIFIED) {
        model.world().unfinished().stream()
            .filter(job -> job.type() != Job.Type.SCHEMA_CHANGE_GC)
            .filter(job -> !job.description().contains("pawl."))
            .forEach(job -> seen.add(step.id() + " was Verified beside " + job.description()));
      }
    }

    @Override
    public void waiting(Cause cause) {
      // It may wait.
    }

    @Override
    public void resumed() {
      // And go on.
    }
  }

  /** Tries it; again where a machine under load lost its lease before the place. */
  Cell.Outcome run() throws Exception {
    return NotReachedException.again(this::once);
  }

  private Cell.Outcome once() throws Exception {
    var options = ModelOptions.of(ModelVersion.values()[ModelVersion.values().length - 1]);
    try (var model = CockroachModel.start(place.slow() ? options.stepMillis(100) : options)) {
      execute(
          model,
          "CREATE TABLE t (id INT PRIMARY KEY, a INT)",
          "CREATE TABLE gone (id INT PRIMARY KEY)",
          "CREATE TABLE journal (step INT, id INT PRIMARY KEY DEFAULT unique_rowid())",
          "INSERT INTO t VALUES (1, 1), (2, 2)",
          "ALTER TABLE t ADD CONSTRAINT positive CHECK (a > 0) NOT VALID");
      model.settle();
      var wrong = new CopyOnWriteArrayList<String>();
      var end = first(model, wrong);
      var by = end instanceof Result.Verified ? "" : " by a successor";
      for (long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(Trap.PATIENCE_SECONDS);
          !(end instanceof Result.Verified) && System.nanoTime() < until; ) {
        if (end instanceof Result.Failed || end instanceof Result.Refused) {
          wrong.add("ended as " + end);
        }
        end = run(model, wrong).run();
      }
      if (!(end instanceof Result.Verified)) {
        return new Cell.Outcome("not done: " + end, 0, List.of(), wrong);
      }
      wrong.addAll(
          query(
              model,
              "SELECT 'step ' || version || ' is ' || phase FROM pawl.step"
                  + " WHERE phase <> 'Verified'"));
      int attempts =
          Integer.parseInt(query(model, "SELECT sum(attempts) FROM pawl.step").getFirst());
      return new Cell.Outcome("Verified" + by, attempts - UNDISTURBED, twice(model), wrong);
    } finally {
      Trap.lay(null);
    }
  }

  private MigrationRun run(CockroachModel model, List<String> wrong) {
    return MigrationRun.of(model.target(), SOURCE, Lane.options(), new Witness(model, wrong));
  }

  private Result first(CockroachModel model, List<String> wrong) throws Exception {
    var trap = new Trap(place, () -> fault.make(model), () -> model.cutConnections(0));
    var result = trap.met(run(model, wrong), wrong, () -> model.answerAgain(0));
    model.answerAgain(0);
    trap.rethrow();
    if (!trap.sprung()) {
      throw new NotReachedException(place + " was not reached: " + result);
    }
    return result;
  }

  private static List<String> twice(CockroachModel model) throws SQLException {
    var all = new ArrayList<String>();
    query(model, "SELECT step, count(*) FROM journal GROUP BY step")
        .forEach(
            row -> {
              if (!row.endsWith("|1")) {
                all.add("step " + row.replace("|", " ran, times: "));
              }
            });
    query(model, "SELECT c FROM t WHERE c <> 1").forEach(c -> all.add("c is " + c));
    for (var change : List.of("CREATE INDEX i", "DROP TABLE", "ADD COLUMN c")) {
      long done =
          model.world().jobs().values().stream()
              .filter(j -> j.status() == Job.Status.SUCCEEDED)
              .filter(j -> j.type() != Job.Type.SCHEMA_CHANGE_GC)
              .filter(j -> j.description().contains(change))
              .count();
      if (done > 1) {
        all.add(change + " " + done + " times");
      }
    }
    return all;
  }

  private static void execute(CockroachModel model, String... statements) throws SQLException {
    try (var connection = model.connect();
        var statement = connection.createStatement()) {
      for (var sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static List<String> query(CockroachModel model, String sql) throws SQLException {
    try (var connection = model.connect()) {
      return TestDatabase.rows(connection, sql);
    }
  }

  @Override
  public String toString() {
    return place + ": " + fault;
  }
}
