package dev.pawl.engine.change;

import static dev.pawl.engine.change.Classified.cockroachdb;
import static dev.pawl.engine.change.Classified.postgresql;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.sql.QualifiedName;
import java.util.List;
import org.junit.jupiter.api.Test;

class DropTableTest {
  private static final QualifiedName T = QualifiedName.of("t");

  @Test
  void namesEveryTable() {
    assertThat(postgresql("DROP TABLE t")).isEqualTo(new DropTable(List.of(T), false));
    assertThat(cockroachdb("DROP TABLE IF EXISTS t, a.B, \"a.b\" CASCADE"))
        .isEqualTo(
            new DropTable(List.of(T, QualifiedName.of("a", "b"), QualifiedName.of("a.b")), true));
  }
}
