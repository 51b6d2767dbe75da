package dev.pawl.engine.change;

import static dev.pawl.engine.change.Classified.cockroachdb;
import static dev.pawl.engine.change.Classified.postgresql;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.sql.QualifiedName;
import org.junit.jupiter.api.Test;

class DropConstraintTest {
  private static final QualifiedName T = QualifiedName.of("t");

  @Test
  void namesTheConstraint() {
    assertThat(postgresql("ALTER TABLE t DROP CONSTRAINT c"))
        .isEqualTo(new DropConstraint(T, "c", false, false));
    assertThat(cockroachdb("ALTER TABLE t DROP CONSTRAINT IF EXISTS \"C\" CASCADE"))
        .isEqualTo(new DropConstraint(T, "C", true, true));
  }
}
