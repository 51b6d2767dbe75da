package dev.pawl.engine.cockroach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.pawl.engine.change.Classifier;
import dev.pawl.engine.change.SchemaChange;
import dev.pawl.engine.cockroach.world.Answer;
import dev.pawl.engine.cockroach.world.Caller;
import dev.pawl.engine.cockroach.world.ModelVersion;
import dev.pawl.engine.cockroach.world.SqlError;
import dev.pawl.engine.cockroach.world.Transition;
import dev.pawl.engine.cockroach.world.World;
import dev.pawl.engine.dialect.Dialect;
import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.Splitter;
import dev.pawl.engine.verify.Observation;
import dev.pawl.engine.verify.VerifyQuery;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The dialect beside another's schema change, in every state that the model can get into between
 * the statement and the end of its job: never finished before the job has succeeded. Only a model
 * can be stopped at each of them.
 */
@Timeout(300)
class DialectOnModelTest {
  private static final Dialect DIALECT = Dialect.of(DatabaseKind.COCKROACHDB);
  private static final SqlError NO_MEMORY = new SqlError("53200", "memory budget exceeded");
  private static final Caller OTHER = new Caller(1, "root");

  /** Versions, and statements on what they need. */
  static Stream<Arguments> changes() {
    var table = "CREATE TABLE s.t (a INT8 PRIMARY KEY, b STRING NOT NULL, c INT8)";
    var statements =
        List.of(
            List.of("CREATE INDEX i ON s.t (b DESC)", table),
            List.of("CREATE INDEX IF NOT EXISTS i ON s.t (b) STORING (c)", table),
            List.of("CREATE UNIQUE INDEX i ON s.t (b)", table),
            List.of("DROP INDEX s.t@i", table, "CREATE INDEX i ON s.t (b)"),
            List.of("ALTER TABLE s.t ADD CONSTRAINT k UNIQUE (b)", table),
            List.of("ALTER TABLE s.t ADD CONSTRAINT k CHECK (c > 0)", table),
            List.of("ALTER TABLE s.t ADD CONSTRAINT IF NOT EXISTS k CHECK (c > 0)", table),
            List.of(
                "ALTER TABLE s.t VALIDATE CONSTRAINT k",
                table,
                "ALTER TABLE s.t ADD CONSTRAINT k CHECK (c > 0) NOT VALID"),
            List.of(
                "ALTER TABLE s.t DROP CONSTRAINT k",
                table,
                "ALTER TABLE s.t ADD CONSTRAINT k CHECK (c > 0)"),
            List.of("ALTER TABLE s.t ALTER PRIMARY KEY USING COLUMNS (b)", table),
            List.of("ALTER TABLE s.t ADD COLUMN d STRING", table),
            List.of("ALTER TABLE s.t DROP COLUMN c", table),
            List.of("ALTER TABLE s.t ALTER COLUMN c SET NOT NULL", table),
            List.of("DROP TABLE s.t", table),
            List.of("ALTER TABLE s.t RENAME TO u", table),
            List.of("ALTER TABLE s.t RENAME COLUMN c TO d", table),
            List.of("ALTER TABLE s.t ALTER COLUMN b DROP NOT NULL", table),
            List.of("CREATE MATERIALIZED VIEW s.m AS SELECT 'x' AS y", table),
            List.of("DROP VIEW s.v", "CREATE VIEW s.v AS SELECT 1"),
            List.of("DROP SEQUENCE s.q", "CREATE SEQUENCE s.q"),
            List.of("ALTER TYPE s.mood ADD VALUE 'glad'", "CREATE TYPE s.mood AS ENUM ('sad')"),
            List.of("DROP TYPE s.mood", "CREATE TYPE s.mood AS ENUM ('sad')"),
            List.of("DROP SCHEMA s CASCADE", table));
    return Stream.of(ModelVersion.values())
        .flatMap(
            version ->
                statements.stream()
                    .map(all -> Arguments.of(version, all.getFirst(), all.subList(1, all.size()))));
  }

  private static SchemaChange change(String sql) {
    var statement = Splitter.split(sql, DatabaseKind.COCKROACHDB).getFirst();
    return Classifier.classify(statement, DatabaseKind.COCKROACHDB).getFirst();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("changes")
  void nothingIsFinishedBeforeItsJob(ModelVersion version, String sql, List<String> setup)
      throws SQLException {
    try (var model =
            CockroachModel.start(ModelOptions.of(version).nodes(2).withLeaseLag().still());
        var connection = model.connect()) {
      execute(model, "CREATE SCHEMA s");
      for (var statement : setup) {
        execute(model, statement);
      }
      if (!(model.world().execute(OTHER, sql) instanceof Answer.Started started)) {
        throw new AssertionError("it should have a job: " + sql);
      }
      var change = change(sql);
      var states = new HashSet<World>();
      var waiting = new ArrayDeque<World>(List.of(started.world()));
      boolean ended = false;
      while (!waiting.isEmpty()) {
        var world = waiting.poll();
        if (!states.add(world)) {
          continue;
        }
        model.restore(world);
        ended |= look(connection, change, world, started.jobs());
        next(world, started.jobs()).forEach(waiting::add);
      }
      assertThat(ended).as("it is finished in one of " + states.size() + " states").isTrue();
    }
  }

  /** All that may come next but what becomes of old data. */
  private static Stream<World> next(World world, Set<Long> jobs) {
    return Stream.of(
            world.enabled().stream()
                .filter(t -> !(t instanceof Transition.Advance(long job)) || jobs.contains(job)),
            world.failures(NO_MEMORY).stream().filter(t -> !(t instanceof Transition.FailRevert)),
            world.interventions().stream().filter(t -> !(t instanceof Transition.Pause)))
        .flatMap(s -> s)
        .map(world::apply);
  }

  /** Whether it is finished; it may not be while its job is not, nor when that has failed. */
  private static boolean look(
      Connection connection, SchemaChange change, World world, Set<Long> jobs) throws SQLException {
    var observed = DIALECT.observe(connection, change, Optional.empty());
    boolean verified =
        VerifyQuery.ask(connection, DIALECT.predicate(change).orElseThrow()).verified();
    var outcome = world.outcome(jobs);
    if (outcome.isEmpty()) {
      assertThat(observed).as(world.toString()).isInstanceOf(Observation.Building.class);
      assertThat(verified).as(world.toString()).isFalse();
      return false;
    }
    if (outcome.get().error().isPresent()) {
      assertThat(observed).as(world.toString()).isNotInstanceOf(Observation.Valid.class);
      assertThat(verified).as(world.toString()).isFalse();
      return false;
    }
    // What is made anew and cannot be compared is told by its own statement's answer.
    assertThat(observed)
        .as(world.toString())
        .isInstanceOfAny(
            Observation.Valid.class, Observation.Unobservable.class, Observation.Different.class);
    assertThat(verified).as(world.toString()).isTrue();
    return true;
  }

  private static void execute(CockroachModel model, String sql) {
    switch (model.world().execute(OTHER, sql)) {
      case Answer.Done done -> model.restore(done.world());
      case Answer.Started started -> {
        model.restore(started.world());
        model.settle();
      }
      default -> fail(sql);
    }
  }
}
