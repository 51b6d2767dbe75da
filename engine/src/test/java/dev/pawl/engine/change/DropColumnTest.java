package dev.pawl.engine.change;

import static dev.pawl.engine.change.Classified.cockroachdb;
import static dev.pawl.engine.change.Classified.postgresql;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.sql.QualifiedName;
import org.junit.jupiter.api.Test;

class DropColumnTest {
  private static final QualifiedName T = QualifiedName.of("t");

  @Test
  void namesTheColumn() {
    assertThat(postgresql("ALTER TABLE t DROP c")).isEqualTo(new DropColumn(T, "c", false, false));
    assertThat(cockroachdb("ALTER TABLE t DROP COLUMN IF EXISTS \"C\" RESTRICT"))
        .isEqualTo(new DropColumn(T, "C", true, false));
  }
}
