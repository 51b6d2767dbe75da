package dev.pawl.engine.change;

import static dev.pawl.engine.change.Classified.cockroachdb;
import static dev.pawl.engine.change.Classified.postgresql;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.sql.QualifiedName;
import org.junit.jupiter.api.Test;

class ValidateConstraintTest {
  private static final QualifiedName T = QualifiedName.of("t");

  @Test
  void namesTheConstraint() {
    assertThat(postgresql("ALTER TABLE t VALIDATE CONSTRAINT C"))
        .isEqualTo(new ValidateConstraint(T, "c"));
    assertThat(cockroachdb("ALTER TABLE t VALIDATE CONSTRAINT \"C\""))
        .isEqualTo(new ValidateConstraint(T, "C"));
  }
}
