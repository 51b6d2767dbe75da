package dev.pawl.engine.cockroach.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The model's core, without server, thread or clock. */
class WorldTest {
  private static final Caller CALLER = new Caller(0, "root");
  private static final Name T = Name.of("t");
  private static final SqlError OUT_OF_MEMORY = new SqlError("53200", "memory budget exceeded");

  private World world = World.empty(ModelVersion.V25_2, 2, false);

  /** Carries it out to the end, all going well. */
  private void done(String sql) {
    var answer = world.execute(CALLER, sql);
    assertThat(answer).isNotInstanceOfAny(Answer.Refused.class, Answer.Blocked.class);
    world = answer.world();
    if (answer instanceof Answer.Started started) {
      finish(started.jobs());
    }
  }

  private void finish(Set<Long> jobs) {
    while (world.outcome(jobs).isEmpty()) {
      world =
          world.apply(
              world.enabled().stream()
                  .filter(t -> t instanceof Transition.DrainLease || isOf(t, jobs))
                  .findFirst()
                  .orElseThrow());
    }
  }

  private static boolean isOf(Transition transition, Set<Long> jobs) {
    return transition instanceof Transition.Advance(long job) && jobs.contains(job);
  }

  private long started(String sql) {
    var answer = world.execute(CALLER, sql);
    assertThat(answer).isInstanceOf(Answer.Started.class);
    world = answer.world();
    return ((Answer.Started) answer).jobs().iterator().next();
  }

  private void advanceTo(long job, Job.Stage stage) {
    while (world.jobs().get(job).stage() != stage) {
      world = world.apply(new Transition.Advance(job));
    }
  }

  private String refused(String sql) {
    var answer = world.execute(CALLER, sql);
    assertThat(answer).as(sql).isInstanceOf(Answer.Refused.class);
    return ((Answer.Refused) answer).error().state();
  }

  private Optional<Index> index(String name) {
    return world.table(T).orElseThrow().index(name);
  }

  @ParameterizedTest
  @EnumSource(ModelVersion.class)
  void theSecondCallerOfIfNotExistsGetsSuccessForAnIndexThatThenVanishes(ModelVersion version) {
    world = World.empty(version, 2, false);
    done("CREATE TABLE t (a INT PRIMARY KEY, b INT)");
    long job = started("CREATE INDEX IF NOT EXISTS i ON t (b)");
    advanceTo(job, Job.Stage.BACKFILL);
    assertThat(world.execute(CALLER, "CREATE INDEX IF NOT EXISTS i ON t (b)"))
        .isInstanceOf(Answer.Done.class);
    assertThat(index("i").orElseThrow().isPublic()).isFalse();

    world = world.apply(new Transition.Fail(job, OUT_OF_MEMORY));
    assertThat(world.jobs().get(job).status()).isEqualTo(Job.Status.REVERTING);
    assertThat(world.outcome(Set.of(job))).isEmpty();
    world = world.apply(new Transition.Advance(job));

    assertThat(index("i")).isEmpty();
    assertThat(world.outcome(Set.of(job)).orElseThrow().error()).contains(OUT_OF_MEMORY);
    assertThat(world.jobs().values())
        .anySatisfy(j -> assertThat(j.type()).isEqualTo(Job.Type.SCHEMA_CHANGE_GC));
  }

  @Test
  void aDroppedTableHoldsItsNameUntilItsJobIsOver() {
    done("CREATE TABLE t (a INT PRIMARY KEY)");
    long job = started("DROP TABLE t");
    assertThat(world.table(T)).isEmpty();
    assertThat(refused("CREATE TABLE t (a INT PRIMARY KEY)")).isEqualTo("55000");
    assertThat(refused("CREATE TABLE IF NOT EXISTS t (a INT PRIMARY KEY)")).isEqualTo("55000");
    finish(Set.of(job));
    done("CREATE TABLE t (a INT PRIMARY KEY)");
  }

  @Test
  void aNodeGoesOnWithTheOldVersionUntilItsLeaseIsDrained() {
    world = World.empty(ModelVersion.V26_1, 2, true);
    done("CREATE TABLE t (a INT PRIMARY KEY, b INT)");
    long job = started("CREATE INDEX i ON t (b)");
    long table = world.table(T).orElseThrow().id();
    world = world.apply(new Transition.Advance(job)); // it runs
    assertThat(world.enabled())
        .containsExactlyInAnyOrder(
            new Transition.DrainLease(0, table), new Transition.DrainLease(1, table));
    world = world.apply(new Transition.DrainLease(0, table));
    assertThat(((Descriptor.Table) world.catalog(0).get(table)).index("i")).isPresent();
    assertThat(((Descriptor.Table) world.catalog(1).get(table)).index("i")).isEmpty();
    assertThat(world.enabled()).doesNotContain(new Transition.Advance(job));
    world = world.apply(new Transition.DrainLease(1, table));
    assertThat(world.enabled()).contains(new Transition.Advance(job));
  }

  @Test
  void anotherChangeOfTheTableWaitsForTheFirst() {
    done("CREATE TABLE t (a INT PRIMARY KEY, b INT)");
    long job = started("ALTER TABLE t ADD COLUMN c INT");
    var answer = world.execute(CALLER, "ALTER TABLE t ADD COLUMN IF NOT EXISTS c INT");
    assertThat(answer).isInstanceOf(Answer.Blocked.class);
    assertThat(((Answer.Blocked) answer).jobs()).containsExactly(job);
    assertThat(answer.world()).isEqualTo(world);
    finish(Set.of(job));
    assertThat(world.execute(CALLER, "ALTER TABLE t ADD COLUMN IF NOT EXISTS c INT"))
        .isInstanceOfSatisfying(
            Answer.Done.class,
            d -> assertThat(d.notices().getFirst().message()).contains("already exists, skipping"));
  }

  @Test
  void aConstraintIsValidatedAfterItWasPublished() {
    done("CREATE TABLE t (a INT PRIMARY KEY)");
    long job = started("ALTER TABLE t ADD CONSTRAINT positive CHECK (a > 0)");
    assertThat(world.table(T).orElseThrow().constraint("positive").orElseThrow().state())
        .isEqualTo(Constraint.State.VALIDATING);
    assertThat(
            world.execute(
                CALLER, "ALTER TABLE t ADD CONSTRAINT IF NOT EXISTS positive CHECK (a > 0)"))
        .isInstanceOf(Answer.Done.class);
    finish(Set.of(job));
    assertThat(world.table(T).orElseThrow().constraint("positive").orElseThrow().state())
        .isEqualTo(Constraint.State.VALIDATED);
    done("ALTER TABLE t ADD CONSTRAINT big CHECK (a > 9) NOT VALID");
    assertThat(world.table(T).orElseThrow().constraint("big").orElseThrow().state())
        .isEqualTo(Constraint.State.UNVALIDATED);
    done("ALTER TABLE t VALIDATE CONSTRAINT big");
    assertThat(world.table(T).orElseThrow().constraint("big").orElseThrow().state())
        .isEqualTo(Constraint.State.VALIDATED);
  }

  @Test
  void aNewPrimaryKeyKeepsTheOldOneAsAnIndex() {
    done("CREATE TABLE t (a INT PRIMARY KEY, b INT NOT NULL)");
    done("ALTER TABLE t ALTER PRIMARY KEY USING COLUMNS (b)");
    var table = world.table(T).orElseThrow();
    assertThat(table.primary().keys()).containsExactly(new Index.Key("b", false, false));
    assertThat(table.index("t_a_key").orElseThrow().unique()).isTrue();
  }

  @Test
  void aValueOfAnEnumerationIsReadOnlyUntilItIsPromoted() {
    done("CREATE TYPE mood AS ENUM ('sad')");
    long job = started("ALTER TYPE mood ADD VALUE 'happy'");
    assertThat(label("happy").readOnly()).isTrue();
    finish(Set.of(job));
    assertThat(label("happy").readOnly()).isFalse();
  }

  private Descriptor.EnumType.Label label(String text) {
    return world.descriptors().values().stream()
        .filter(Descriptor.EnumType.class::isInstance)
        .flatMap(t -> ((Descriptor.EnumType) t).labels().stream())
        .filter(l -> l.text().equals(text))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aJobIsPausedResumedAndCancelled() {
    done("CREATE TABLE t (a INT PRIMARY KEY, b INT)");
    long job = started("CREATE INDEX i ON t (b)");
    world = world.execute(CALLER, "PAUSE JOB " + job).world();
    assertThat(world.jobs().get(job).status()).isEqualTo(Job.Status.PAUSE_REQUESTED);
    world = world.apply(new Transition.Advance(job));
    assertThat(world.outcome(Set.of(job)).orElseThrow().error().orElseThrow().message())
        .contains("was paused before it completed");
    assertThat(world.enabled()).doesNotContain(new Transition.Advance(job));
    world = world.execute(CALLER, "RESUME JOB " + job).world();
    world = world.execute(CALLER, "CANCEL JOB " + job).world();
    assertThat(world.jobs().get(job).status()).isEqualTo(Job.Status.CANCEL_REQUESTED);
    finish(Set.of(job));
    assertThat(world.jobs().get(job).status()).isEqualTo(Job.Status.CANCELED);
    assertThat(index("i")).isEmpty();
  }

  @Test
  void aDropCannotBeCancelled() {
    done("CREATE TABLE t (a INT PRIMARY KEY)");
    long job = started("DROP TABLE t");
    assertThat(refused("CANCEL JOB " + job)).isEqualTo("XXUUU");
  }

  @Test
  void descriptionsHaveFullNames() {
    done("CREATE SCHEMA s");
    done("CREATE TABLE s.t (a INT PRIMARY KEY, \"B\" INT)");
    long job = started("create  index i\n on s.t (\"B\"  DESC)");
    assertThat(world.jobs().get(job).description())
        .isEqualTo("create index i on defaultdb.s.t (\"B\" DESC)");
  }

  @Test
  void equalHistoriesAreEqualWorlds() {
    var first = World.empty(ModelVersion.V25_2, 2, true);
    var second = World.empty(ModelVersion.V25_2, 2, true);
    for (var sql : List.of("CREATE TABLE t (a INT)", "CREATE INDEX i ON t (a)")) {
      first = first.execute(CALLER, sql).world();
      second = second.execute(CALLER, sql).world();
    }
    assertThat(first).isEqualTo(second).hasSameHashCodeAs(second);
    assertThat(first.apply(first.enabled().getFirst())).isNotEqualTo(second);
  }

  @Test
  void whatItDoesNotKnowIsALoudError() {
    assertThat(refused("ALTER TABLE t SPLIT AT VALUES (1)")).isIn("0A000", "42P01");
    assertThat(refused("CREATE EXTERNAL CONNECTION c AS 'x'")).isEqualTo("0A000");
    assertThat(refused("SELECT 1")).isEqualTo("0A000");
  }
}
