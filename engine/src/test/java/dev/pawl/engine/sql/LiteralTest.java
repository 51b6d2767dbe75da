package dev.pawl.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LiteralTest {
  @Test
  void aTextIsQuoted() {
    assertThat(Literal.text("it's")).isEqualTo("'it''s'");
    assertThat(Literal.text("")).isEqualTo("''");
    assertThat(Literal.text(null)).isEqualTo("NULL");
  }

  @Test
  void nulIsRefusedWhereverItStands() {
    assertThatThrownBy(() -> Literal.text("\0a")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Literal.text("a\0")).isInstanceOf(IllegalArgumentException.class);
  }
}
