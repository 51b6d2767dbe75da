package dev.pawl.engine.execute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.change.SchemaChange;
import dev.pawl.engine.cockroach.CockroachModel;
import dev.pawl.engine.cockroach.ModelOptions;
import dev.pawl.engine.cockroach.world.Answer;
import dev.pawl.engine.cockroach.world.Caller;
import dev.pawl.engine.cockroach.world.Column;
import dev.pawl.engine.cockroach.world.Constraint;
import dev.pawl.engine.cockroach.world.Descriptor;
import dev.pawl.engine.cockroach.world.Index;
import dev.pawl.engine.cockroach.world.ModelVersion;
import dev.pawl.engine.cockroach.world.Name;
import dev.pawl.engine.cockroach.world.World;
import dev.pawl.engine.dialect.Dialect;
import dev.pawl.engine.verify.Observation;
import dev.pawl.engine.verify.VerifyQuery;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Pawls and a naive tool issue the same step on the CockroachDB model, in every order of things:
 * jobs go on, fail, are paused and cancelled, leases lag, each Pawl crashes or loses its
 * connection.
 */
class ModelExplorerTest {
  private static final int LIMIT = 1_500_000;
  private static final String TABLE =
      "CREATE TABLE t (id INT8 PRIMARY KEY, a INT8, b INT8 NOT NULL)";

  private static World settled(World begin, String... statements) {
    var world = begin;
    for (var sql : statements) {
      var answer = world.execute(new Caller(0, "root"), sql);
      assertThat(answer).as(sql).isNotInstanceOf(Answer.Refused.class);
      world = answer.world();
      while (!world.enabled().isEmpty()) {
        world = world.apply(world.enabled().getFirst());
      }
    }
    return world.forgetFinished();
  }

  private static Predicate<World> table(Predicate<Descriptor.Table> wanted) {
    return world ->
        world.unfinished().isEmpty() && world.table(Name.of("t")).filter(wanted).isPresent();
  }

  private static Predicate<World> index(String name, boolean unique) {
    return table(
        t ->
            t.index(name)
                .filter(Index::isPublic)
                .filter(i -> i.unique() == unique)
                .filter(i -> i.keys().stream().map(Index.Key::column).toList().equals(List.of("a")))
                .isPresent());
  }

  private static Arguments step(String statement, Predicate<World> truth, String... before) {
    return Arguments.of(statement, truth, List.of(before));
  }

  static List<Arguments> steps() {
    return List.of(
        step("CREATE INDEX IF NOT EXISTS i ON t (a)", index("i", false), TABLE),
        step("CREATE INDEX i ON t (a)", index("i", false), TABLE),
        step("CREATE UNIQUE INDEX IF NOT EXISTS i ON t (a)", index("i", true), TABLE),
        step("ALTER TABLE t ADD CONSTRAINT u UNIQUE (a)", index("u", true), TABLE),
        step(
            "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)",
            table(
                t ->
                    t.constraint("c")
                        .filter(c -> c.state() == Constraint.State.VALIDATED)
                        .isPresent()),
            TABLE),
        step(
            "ALTER TABLE t ALTER PRIMARY KEY USING COLUMNS (b)",
            table(
                t ->
                    t.primary().keys().stream()
                        .map(Index.Key::column)
                        .toList()
                        .equals(List.of("b"))),
            TABLE),
        step(
            "ALTER TABLE t ADD COLUMN n INT8",
            table(t -> t.column("n").filter(Column::isPublic).isPresent()),
            TABLE),
        step(
            "ALTER TABLE t ALTER COLUMN a SET NOT NULL",
            table(t -> t.column("a").filter(Column::notNull).isPresent()),
            TABLE),
        step(
            "DROP INDEX IF EXISTS t@i",
            table(t -> t.index("i").isEmpty()),
            TABLE,
            "CREATE INDEX i ON t (a)"),
        step(
            "DROP TABLE t",
            world ->
                world.unfinished().isEmpty()
                    && world.descriptors().values().stream()
                        .noneMatch(d -> d.name().equals(Name.of("t"))),
            TABLE));
  }

  private static CockroachUniverse.Scenario scenario(
      ModelVersion version,
      String statement,
      Predicate<World> truth,
      List<String> before,
      int pawls,
      int failures,
      int pauses) {
    var begin = settled(World.empty(version, 2, true), before.toArray(String[]::new));
    return new CockroachUniverse.Scenario(
        begin, statement, statement, truth, pawls, failures, pauses);
  }

  private static Explorer.Report explore(
      ModelVersion version, CockroachUniverse.Scenario scenario, int mishaps, String predicate)
      throws SQLException {
    try (var model = CockroachModel.start(ModelOptions.of(version).nodes(2).still());
        var universe = universe(model, scenario, predicate)) {
      boolean idempotent = scenario.statement().contains("EXISTS");
      boolean demanding = !idempotent && scenario.statement().startsWith("DROP");
      var report =
          Explorer.explore(
              universe,
              new Course.Traits(false, false, idempotent, true, demanding),
              scenario.pawls(),
              mishaps,
              LIMIT);
      System.out.printf(
          "explored on the model of CockroachDB %s, %d Pawl(s) and a naive client: %s: %s%n",
          version, scenario.pawls(), scenario.statement(), report);
      return report;
    }
  }

  /** The real dialect, or with a predicate one that believes just that. */
  private static CockroachUniverse universe(
      CockroachModel model, CockroachUniverse.Scenario scenario, String predicate)
      throws SQLException {
    return predicate == null
        ? new CockroachUniverse(model, scenario)
        : new CockroachUniverse(model, scenario) {
          @Override
          Observation observe(Connection connection, Dialect dialect, SchemaChange change)
              throws SQLException {
            return VerifyQuery.ask(connection, predicate).verified()
                ? new Observation.Valid()
                : new Observation.Absent();
          }

          @Override
          String predicate(Dialect dialect, SchemaChange change) {
            return predicate;
          }
        };
  }

  private static void holds(Explorer.Report report) {
    assertThat(report.violation()).isEmpty();
    assertThat(report.stuck()).isEmpty();
    assertThat(report.whole()).isTrue();
    assertThat(report.ends().keySet().toString()).contains("VERIFIED=");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("steps")
  void nothingUnfinishedIsVerifiedAndAllEnds(
      String statement, Predicate<World> truth, List<String> before) throws Exception {
    for (var version : List.of(ModelVersion.V22_1, ModelVersion.V26_1)) {
      holds(explore(version, scenario(version, statement, truth, before, 1, 1, 1), 1, null));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("steps")
  void twoPawlsThatDoNotKnowOfEachOtherVerifyNothingUnfinished(
      String statement, Predicate<World> truth, List<String> before) throws Exception {
    var version = ModelVersion.V26_1;
    holds(explore(version, scenario(version, statement, truth, before, 2, 1, 0), 0, null));
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "CREATE INDEX IF NOT EXISTS i ON t (a)",
        "ALTER TABLE t ADD CONSTRAINT u UNIQUE (a)"
      })
  void twoPawlsThatCrashAtEveryPointVerifyNothingUnfinished(String statement) throws Exception {
    var version = ModelVersion.V26_1;
    var truth = index(statement.startsWith("CREATE") ? "i" : "u", !statement.startsWith("CREATE"));
    holds(explore(version, scenario(version, statement, truth, List.of(TABLE), 2, 1, 0), 1, null));
  }

  private static final String NO_JOB_CHECK =
      """
      SELECT count(*) = 1 FROM [SHOW INDEXES FROM t]
       WHERE index_name = 'i' AND column_name = 'a' AND NOT storing AND NOT implicit
      """;

  @Test
  void withoutTheJobCheckTheExplorerFindsIt() throws Exception {
    var version = ModelVersion.V26_1;
    var scenario =
        scenario(
            version,
            "CREATE INDEX IF NOT EXISTS i ON t (a)",
            index("i", false),
            List.of(TABLE),
            1,
            1,
            0);
    assertThat(explore(version, scenario, 0, NO_JOB_CHECK).violation()).isNotEmpty();
  }

  @Test
  void aPredicateByNameOnlyIsFoundByTheExplorer() throws Exception {
    var version = ModelVersion.V26_1;
    var whole =
        scenario(
            version,
            "CREATE INDEX IF NOT EXISTS i ON t (a)",
            index("i", false),
            List.of(TABLE),
            1,
            0,
            0);
    var other =
        new CockroachUniverse.Scenario(
            whole.begin(), whole.statement(), "CREATE INDEX i ON t (b)", whole.truth(), 1, 0, 0);
    var byName =
        """
        SELECT EXISTS (SELECT 1 FROM [SHOW INDEXES FROM t] WHERE index_name = 'i')
           AND NOT EXISTS (
             SELECT 1 FROM [SHOW JOBS]
              WHERE job_type LIKE '%SCHEMA CHANGE'
                AND status NOT IN ('succeeded', 'failed', 'canceled', 'revert-failed'))
        """;
    assertThat(explore(version, other, 0, byName).violation()).isNotEmpty();
    assertThat(explore(version, other, 0, null).violation()).isEmpty();
  }

  @Test
  void showConstraintsForUniqueIsFoundByTheExplorer() throws Exception {
    var version = ModelVersion.V26_1;
    var scenario =
        scenario(
            version,
            "ALTER TABLE t ADD CONSTRAINT u UNIQUE (a)",
            index("u", true),
            List.of(TABLE),
            1,
            1,
            0);
    var shown =
        """
        SELECT EXISTS (SELECT 1 FROM [SHOW CONSTRAINTS FROM t]
                        WHERE constraint_name = 'u' AND validated)
        """;
    assertThat(explore(version, scenario, 0, shown).violation()).isNotEmpty();
  }
}
