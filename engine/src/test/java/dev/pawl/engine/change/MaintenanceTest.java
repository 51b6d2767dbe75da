package dev.pawl.engine.change;

import static dev.pawl.engine.change.Classified.cockroachdb;
import static dev.pawl.engine.change.Classified.postgresql;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MaintenanceTest {

  @Test
  void isWhatLeavesNothingBehind() {
    assertThat(postgresql("VACUUM (FULL) t")).isEqualTo(new Maintenance("VACUUM"));
    assertThat(postgresql("ANALYSE t")).isEqualTo(new Maintenance("ANALYZE"));
    assertThat(postgresql("CLUSTER")).isEqualTo(new Maintenance("CLUSTER"));
    assertThat(cockroachdb("ANALYZE t")).isEqualTo(new Maintenance("ANALYZE"));
    assertThat(cockroachdb("VACUUM")).isInstanceOf(Unclassified.class);
  }

  @Test
  void runsInATransactionOnlyWhereItAnalyses() {
    assertThat(postgresql("VACUUM").transactional()).isFalse();
    assertThat(postgresql("CLUSTER t USING i").transactional()).isFalse();
    assertThat(postgresql("ANALYZE").transactional()).isTrue();
  }
}
