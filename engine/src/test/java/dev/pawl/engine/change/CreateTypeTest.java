package dev.pawl.engine.change;

import static dev.pawl.engine.change.Classified.cockroachdb;
import static dev.pawl.engine.change.Classified.postgresql;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.sql.QualifiedName;
import java.util.List;
import org.junit.jupiter.api.Test;

class CreateTypeTest {
  private static final QualifiedName T = QualifiedName.of("t");

  @Test
  void readsTheLabelsOfAnEnum() {
    assertThat(postgresql("CREATE TYPE s.Mood AS ENUM ('sad', 'it''s', E'a\\tb')"))
        .isEqualTo(
            new CreateType(
                QualifiedName.of("s", "mood"),
                List.of("sad", "it's", "a\tb"),
                "AS ENUM ('sad', 'it''s', E'a\\tb')",
                false));
    assertThat(cockroachdb("CREATE TYPE IF NOT EXISTS t AS ENUM ()"))
        .isEqualTo(new CreateType(T, List.of(), "AS ENUM ()", true));
  }

  @Test
  void hasNoLabelsWhereItIsNoEnum() {
    assertThat(postgresql("CREATE TYPE t AS (a int, b text)"))
        .isEqualTo(new CreateType(T, List.of(), "AS (a int, b text)", false));
    assertThat(postgresql("CREATE TYPE t")).isEqualTo(new CreateType(T, List.of(), "", false));
  }
}
