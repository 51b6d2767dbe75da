package dev.pawl.engine.change;

import static dev.pawl.engine.change.Classified.postgresql;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.sql.QualifiedName;
import org.junit.jupiter.api.Test;

class DetachPartitionTest {
  private static final QualifiedName T = QualifiedName.of("t");

  @Test
  void saysHow() {
    assertThat(postgresql("ALTER TABLE t DETACH PARTITION s.p"))
        .isEqualTo(new DetachPartition(T, QualifiedName.of("s", "p"), false, false));
    var concurrently = postgresql("ALTER TABLE t DETACH PARTITION p CONCURRENTLY");
    assertThat(concurrently).isEqualTo(new DetachPartition(T, QualifiedName.of("p"), true, false));
    assertThat(concurrently.transactional()).isFalse();
    assertThat(postgresql("ALTER TABLE t DETACH PARTITION p FINALIZE"))
        .isEqualTo(new DetachPartition(T, QualifiedName.of("p"), false, true));
  }
}
