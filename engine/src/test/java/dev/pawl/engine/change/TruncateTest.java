package dev.pawl.engine.change;

import static dev.pawl.engine.change.Classified.cockroachdb;
import static dev.pawl.engine.change.Classified.postgresql;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.sql.QualifiedName;
import java.util.List;
import org.junit.jupiter.api.Test;

class TruncateTest {
  private static final QualifiedName T = QualifiedName.of("t");

  @Test
  void namesTheTables() {
    assertThat(postgresql("TRUNCATE t")).isEqualTo(new Truncate(List.of(T)));
    assertThat(cockroachdb("TRUNCATE TABLE t, s.u CASCADE"))
        .isEqualTo(new Truncate(List.of(T, QualifiedName.of("s", "u"))));
    assertThat(postgresql("TRUNCATE ONLY t *, ONLY u RESTART IDENTITY"))
        .isEqualTo(new Truncate(List.of(T, QualifiedName.of("u"))));
  }
}
