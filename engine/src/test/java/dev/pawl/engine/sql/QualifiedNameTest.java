package dev.pawl.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class QualifiedNameTest {
  @Test
  void isQuotedPartByPart() {
    assertThat(QualifiedName.of("a", "B.c", "d\"e").quoted()).isEqualTo("\"a\".\"B.c\".\"d\"\"e\"");
  }

  @Test
  void refusesWhatCouldNotBeQuoted() {
    assertThatThrownBy(() -> QualifiedName.quote("")).hasMessageContaining("may not be empty");
    assertThatThrownBy(() -> QualifiedName.quote("a\0")).hasMessageContaining("NUL");
    assertThatThrownBy(() -> QualifiedName.quote("\0")).hasMessageContaining("NUL");
    assertThatThrownBy(() -> new QualifiedName(List.of())).hasMessageContaining("not 0");
    assertThatThrownBy(() -> QualifiedName.of("a", "b", "c", "d")).hasMessageContaining("not 4");
  }

  @Test
  void knowsItsSchemaAndItsSiblings() {
    assertThat(QualifiedName.of("t").schema()).isEmpty();
    assertThat(QualifiedName.of("s", "t").name()).isEqualTo("t");
    assertThat(QualifiedName.of("db", "s", "t").schema()).contains("s");
    assertThat(QualifiedName.of("db", "s", "t").sibling("i"))
        .isEqualTo(QualifiedName.of("db", "s", "i"));
    assertThat(QualifiedName.of("db", "s", "t")).hasToString("db.s.t");
  }
}
