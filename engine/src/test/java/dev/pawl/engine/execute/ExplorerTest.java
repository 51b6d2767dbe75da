package dev.pawl.engine.execute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.execute.PostgresIndexUniverse.Index;
import dev.pawl.engine.execute.PostgresIndexUniverse.World;
import dev.pawl.engine.verify.Observation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two Pawls and one naive tool issue the same step, in every order of things. */
class ExplorerTest {
  private static final Course.Traits INDEX = new Course.Traits(false, false, true, true, false);
  private static final int LIMIT = 2_000_000;

  @ParameterizedTest
  @CsvSource({"2,1,1,false", "2,0,1,true", "1,2,2,true"})
  void onPostgresNothingUnfinishedIsVerifiedAndAllEnds(
      int pawls, int mishaps, int kills, boolean duplicates) {
    var report =
        Explorer.explore(
            new PostgresIndexUniverse(pawls, kills, duplicates), INDEX, pawls, mishaps, LIMIT);
    System.out.println("explored PostgreSQL's CREATE INDEX CONCURRENTLY (abstract): " + report);
    assertThat(report.violation()).isEmpty();
    assertThat(report.stuck()).isEmpty();
    assertThat(report.whole()).isTrue();
    assertThat(report.ends().keySet().toString()).contains("VERIFIED=" + pawls);
  }

  @Test
  void aPredicateByNameOnlyIsFoundOut() {
    var believes =
        new PostgresIndexUniverse(1, 1, false) {
          @Override
          Observation look(World world) {
            return world.index() == Index.ABSENT
                ? new Observation.Absent()
                : new Observation.Valid();
          }

          @Override
          boolean predicate(World world) {
            return world.index() != Index.ABSENT;
          }
        };
    var report = Explorer.explore(believes, INDEX, 1, 0, LIMIT);
    assertThat(report.violation()).isNotEmpty();
    System.out.println("a predicate by name only is found out: " + report.violation());
  }
}
