package dev.pawl.engine.change;

import static dev.pawl.engine.change.Classified.cockroachdb;
import static dev.pawl.engine.change.Classified.postgresql;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.sql.QualifiedName;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReindexTest {
  private static final QualifiedName T = QualifiedName.of("t");

  @Test
  void saysWhatAndHow() {
    assertThat(postgresql("REINDEX INDEX t"))
        .isEqualTo(new Reindex(Reindex.Kind.INDEX, Optional.of(T), false));
    assertThat(postgresql("REINDEX (VERBOSE) TABLE CONCURRENTLY s.t"))
        .isEqualTo(new Reindex(Reindex.Kind.TABLE, Optional.of(QualifiedName.of("s", "t")), true));
    assertThat(postgresql("REINDEX (CONCURRENTLY, TABLESPACE x) INDEX t"))
        .isEqualTo(new Reindex(Reindex.Kind.INDEX, Optional.of(T), true));
    assertThat(postgresql("REINDEX (\"concurrently\" 1) INDEX t"))
        .isEqualTo(new Reindex(Reindex.Kind.INDEX, Optional.of(T), true));
    assertThat(postgresql("REINDEX (CONCURRENTLY off) INDEX t"))
        .isEqualTo(new Reindex(Reindex.Kind.INDEX, Optional.of(T), false));
    assertThat(postgresql("REINDEX DATABASE"))
        .isEqualTo(new Reindex(Reindex.Kind.DATABASE, Optional.empty(), false));
  }

  @Test
  void cannotRunInATransactionConcurrentlyNorOverManyTables() {
    assertThat(postgresql("REINDEX INDEX t").transactional()).isTrue();
    assertThat(postgresql("REINDEX INDEX CONCURRENTLY t").transactional()).isFalse();
    assertThat(postgresql("REINDEX SCHEMA t").transactional()).isFalse();
    assertThat(postgresql("REINDEX SYSTEM t").transactional()).isFalse();
  }

  @Test
  void isNotGuessed() {
    assertThat(postgresql("REINDEX t")).isInstanceOf(Unclassified.class);
    assertThat(cockroachdb("REINDEX INDEX t")).isInstanceOf(Unclassified.class);
  }
}
