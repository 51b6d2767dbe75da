package dev.pawl.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TokenTest {
  private static Token token(String sql) {
    return Lexer.lex(sql, DatabaseKind.POSTGRESQL).getFirst();
  }

  @Test
  void aKeywordIsToldInAnyCaseAndWhole() {
    assertThat(token("Select").is("SELECT")).isTrue();
    assertThat(token("aZ").keyword()).isEqualTo("AZ");
    assertThat(token("az").is("AZ")).isTrue();
    assertThat(token("az_`").keyword()).isEqualTo("AZ_");
    assertThat(token("selec").is("SELECT")).isFalse();
    assertThat(token("selecz").is("SELECT")).isFalse();
    assertThat(token("\"SELECT\"").is("SELECT")).isFalse();
    assertThat(token("\"SELECT\"").keyword()).isEmpty();
  }

  @Test
  void aCharacterIsToldOnlyWhereItStandsForItself() {
    assertThat(token("(a").is('(')).isTrue();
    assertThat(token("*").is('*')).isTrue();
    assertThat(token("(a").is(')')).isFalse();
    assertThat(token("a").is('a')).isFalse();
    assertThat(token("**").is('*')).isFalse();
  }

  @Test
  void aDirectiveSaysWhatStandsAfterPawl() {
    var directive = token("--  pawl:  allow drop-column because y \nSELECT 1");
    assertThat(directive.directive()).isEqualTo("allow drop-column because y");
    assertThat(directive.allows()).isTrue();
    assertThat(token("-- pawl: verify none because y").allows()).isFalse();
    assertThat(token("-- pawl: allowed").allows()).isFalse();
    assertThat(token("'pawl: allow x'").allows()).isFalse();
  }

  @Test
  void itIsShownWithItsPlace() {
    var tokens = Lexer.lex("a\n  b", DatabaseKind.POSTGRESQL);
    assertThat(tokens.getLast()).hasToString("WORD@2:3 b");
  }
}
