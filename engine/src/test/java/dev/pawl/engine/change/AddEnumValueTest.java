package dev.pawl.engine.change;

import static dev.pawl.engine.change.Classified.cockroachdb;
import static dev.pawl.engine.change.Classified.postgresql;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.sql.QualifiedName;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AddEnumValueTest {
  private static final QualifiedName T = QualifiedName.of("t");

  @Test
  void readsTheLabel() {
    assertThat(postgresql("ALTER TYPE t ADD VALUE IF NOT EXISTS 'it''s' BEFORE 'b'"))
        .isEqualTo(new AddEnumValue(T, "it's", Optional.of("b"), Optional.empty(), true));
    assertThat(cockroachdb("ALTER TYPE s.t ADD VALUE 'x' AFTER 'y'"))
        .isEqualTo(
            new AddEnumValue(
                QualifiedName.of("s", "t"), "x", Optional.empty(), Optional.of("y"), false));
  }

  @Test
  void isNotEveryAlterType() {
    assertThat(postgresql("ALTER TYPE t ADD ATTRIBUTE a int"))
        .isEqualTo(new OtherDdl("ALTER TYPE", true));
    assertThat(cockroachdb("ALTER TYPE t DROP VALUE 'a'")).isInstanceOf(Unclassified.class);
  }
}
