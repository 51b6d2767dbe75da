package dev.pawl.engine.change;

import static dev.pawl.engine.change.Classified.cockroachdb;
import static dev.pawl.engine.change.Classified.postgresql;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.sql.QualifiedName;
import org.junit.jupiter.api.Test;

class RefreshMaterializedViewTest {
  private static final QualifiedName T = QualifiedName.of("t");

  @Test
  void namesTheView() {
    assertThat(postgresql("REFRESH MATERIALIZED VIEW CONCURRENTLY t"))
        .isEqualTo(new RefreshMaterializedView(T, true, false));
    assertThat(cockroachdb("REFRESH MATERIALIZED VIEW t WITH NO DATA"))
        .isEqualTo(new RefreshMaterializedView(T, false, true));
  }

  @Test
  void runsInATransactionEvenConcurrently() {
    assertThat(postgresql("REFRESH MATERIALIZED VIEW CONCURRENTLY t").transactional()).isTrue();
  }
}
