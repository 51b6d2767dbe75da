package dev.pawl.engine.change;

import static dev.pawl.engine.change.Classified.cockroachdb;
import static dev.pawl.engine.change.Classified.postgresql;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.sql.QualifiedName;
import java.util.List;
import org.junit.jupiter.api.Test;

class DropObjectTest {
  private static final QualifiedName T = QualifiedName.of("t");

  @Test
  void namesWhatHasAPlainName() {
    assertThat(postgresql("DROP VIEW IF EXISTS t, u CASCADE"))
        .isEqualTo(new DropObject("VIEW", List.of(T, QualifiedName.of("u")), true, true));
    assertThat(cockroachdb("DROP MATERIALIZED VIEW t"))
        .isEqualTo(new DropObject("MATERIALIZED VIEW", List.of(T), false, false));
    assertThat(postgresql("DROP TYPE t"))
        .isEqualTo(new DropObject("TYPE", List.of(T), false, false));
    assertThat(postgresql("DROP FOREIGN DATA WRAPPER t"))
        .isEqualTo(new DropObject("FOREIGN DATA WRAPPER", List.of(T), false, false));
  }

  @Test
  void hasNoNamesWhereTheyAreNotPlain() {
    assertThat(postgresql("DROP FUNCTION f(int), g(text)"))
        .isEqualTo(new DropObject("FUNCTION", List.of(), false, false));
    assertThat(postgresql("DROP FUNCTION f(int) CASCADE"))
        .isEqualTo(new DropObject("FUNCTION", List.of(), false, true));
    assertThat(postgresql("DROP TRIGGER IF EXISTS x ON t"))
        .isEqualTo(new DropObject("TRIGGER", List.of(), true, false));
  }

  @Test
  void isNotTransactionalWhereTheClusterIsConcerned() {
    assertThat(postgresql("DROP DATABASE t WITH (FORCE)").transactional()).isFalse();
    assertThat(postgresql("DROP DATABASE t (FORCE)").transactional()).isFalse();
    assertThat(postgresql("DROP TABLESPACE t").transactional()).isFalse();
    assertThat(postgresql("DROP SUBSCRIPTION t").transactional()).isFalse();
    assertThat(postgresql("DROP SEQUENCE t").transactional()).isTrue();
  }

  @Test
  void isUnknownOnCockroachdbWhereNothingCouldBeObserved() {
    assertThat(cockroachdb("DROP FUNCTION f")).isInstanceOf(Unclassified.class);
    assertThat(cockroachdb("DROP ROLE r")).isEqualTo(new OtherDdl("DROP ROLE", true));
  }
}
