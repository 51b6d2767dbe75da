package dev.pawl.engine.change;

import static dev.pawl.engine.change.Classified.cockroachdb;
import static dev.pawl.engine.change.Classified.postgresql;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.sql.QualifiedName;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DropIndexTest {

  @Test
  void namesTheIndexes() {
    assertThat(postgresql("DROP INDEX CONCURRENTLY IF EXISTS a.I"))
        .isEqualTo(
            new DropIndex(
                List.of(QualifiedName.of("a", "i")), Optional.empty(), true, true, false));
    assertThat(postgresql("DROP INDEX CONCURRENTLY i").transactional()).isFalse();
    assertThat(postgresql("DROP INDEX i, \"J\" CASCADE"))
        .isEqualTo(
            new DropIndex(
                List.of(QualifiedName.of("i"), QualifiedName.of("J")),
                Optional.empty(),
                false,
                false,
                true));
    assertThat(postgresql("DROP INDEX i").transactional()).isTrue();
  }

  @Test
  void knowsTheTableThatCockroachdbsNameHas() {
    assertThat(cockroachdb("DROP INDEX IF EXISTS s.t@i"))
        .isEqualTo(
            new DropIndex(
                List.of(QualifiedName.of("s", "i")),
                Optional.of(QualifiedName.of("s", "t")),
                false,
                true,
                false));
    assertThat(cockroachdb("DROP INDEX t@i, u@j")).isInstanceOf(Unclassified.class);
  }
}
