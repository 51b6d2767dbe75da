package dev.pawl.engine.change;

import static dev.pawl.engine.change.Classified.cockroachdb;
import static dev.pawl.engine.change.Classified.postgresql;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.sql.QualifiedName;
import org.junit.jupiter.api.Test;

class CreateMaterializedViewTest {
  private static final QualifiedName T = QualifiedName.of("t");

  @Test
  void saysWhetherItIsFilled() {
    assertThat(postgresql("CREATE MATERIALIZED VIEW t AS SELECT 1"))
        .isEqualTo(new CreateMaterializedView(T, false, false, "AS SELECT 1"));
    assertThat(cockroachdb("CREATE MATERIALIZED VIEW IF NOT EXISTS t AS SELECT 1 WITH NO DATA"))
        .isEqualTo(new CreateMaterializedView(T, true, true, "AS SELECT 1"));
    assertThat(postgresql("CREATE MATERIALIZED VIEW t AS SELECT 1 WITH DATA"))
        .isEqualTo(new CreateMaterializedView(T, false, false, "AS SELECT 1"));
  }

  @Test
  void keepsItsQueryWithoutHowItIsStored() {
    assertThat(
            postgresql(
                "CREATE MATERIALIZED VIEW t (a, b) USING heap WITH (fillfactor = 70)"
                    + " AS SELECT 1, 2 WITH DATA"))
        .isEqualTo(new CreateMaterializedView(T, false, false, "(a, b) AS SELECT 1, 2"));
  }
}
