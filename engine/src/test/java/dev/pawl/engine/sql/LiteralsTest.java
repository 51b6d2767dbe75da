package dev.pawl.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class LiteralsTest {
  private static Token only(String sql, DatabaseKind kind) {
    var tokens = Lexer.lex(sql, kind);
    assertThat(tokens).as(sql).hasSize(1);
    return tokens.getFirst();
  }

  private static Optional<String> name(String sql) {
    return Literals.identifier(only(sql, DatabaseKind.POSTGRESQL), '\\', DatabaseKind.POSTGRESQL);
  }

  private static Optional<String> string(String sql) {
    return Literals.string(only(sql, DatabaseKind.POSTGRESQL));
  }

  @Property
  void anyNameQuotedIsReadAsItself(
      @ForAll @StringLength(min = 1, max = 15) String name, @ForAll DatabaseKind kind) {
    Assume.that(name.indexOf('\0') < 0);
    assertThat(Literals.identifier(only(QualifiedName.quote(name), kind), '\\', kind))
        .contains(name);
  }

  @Property
  void anyStringQuotedIsReadAsItself(@ForAll String text) {
    assertThat(string("'" + text.replace("'", "''") + "'")).contains(text);
    assertThat(string("E'" + text.replace("'", "''").replace("\\", "\\\\") + "'")).contains(text);
  }

  @Test
  void unquotedNamesAreFolded() {
    assertThat(name("MyTable")).contains("mytable");
    assertThat(name("ÄB")).contains("Äb");
    assertThat(
            Literals.identifier(
                only("ÄB", DatabaseKind.COCKROACHDB), '\\', DatabaseKind.COCKROACHDB))
        .contains("äb");
    assertThat(name("AZ")).contains("az");
    assertThat(name("Z")).contains("z");
    assertThat(
            Literals.identifier(
                only("Ä", DatabaseKind.COCKROACHDB), '\\', DatabaseKind.COCKROACHDB))
        .contains("ä");
    assertThat(name("\"My\"\"Table\"")).contains("My\"Table");
    assertThat(name("\"\"\"a\"")).contains("\"a");
  }

  @Test
  void namesAreCutAtACharacterWithin63Bytes() {
    assertThat(name("a".repeat(63))).contains("a".repeat(63));
    assertThat(name("a".repeat(64))).contains("a".repeat(63));
    assertThat(name("\"" + "a".repeat(62) + "é\"")).contains("a".repeat(62));
    assertThat(name("\"" + "é".repeat(40) + "\"")).contains("é".repeat(31));
  }

  @Test
  void unicodeEscapesAreRead() {
    assertThat(name("U&\"d\\0061t\\+000061\\\\\"")).contains("data\\");
    assertThat(string("U&'\\00e9'")).contains("é");
    assertThat(string("U&'\\zz'")).contains("\\zz");
    assertThat(string("U&'plain'")).contains("plain");
    assertThat(string("U&'\\0000\\+10FFFFx'")).contains("\0\uDBFF\uDFFFx");
  }

  @Test
  void whatIsNoUnicodeEscapeIsLeftAsItStands() {
    assertThat(string("U&'a\\'")).contains("a\\");
    assertThat(string("U&'\\+'")).contains("\\+");
    assertThat(string("U&'\\00'")).contains("\\00");
    assertThat(string("U&'\\zzzz'")).contains("\\zzzz");
    assertThat(string("U&'\\００６１'")).contains("\\００６１");
    assertThat(string("U&'\\+110000'")).contains("\\+110000");
  }

  @Test
  void escapesAreRead() {
    assertThat(string("E'a\\n\\t\\\\\\'\\u00e9\\q'''")).contains("a\n\t\\'éq'");
    assertThat(string("E'\\b\\f\\r\\u0000\\U0010FFFF'")).contains("\b\f\r\0\uDBFF\uDFFF");
    assertThat(string("E'\\U00110000\\u00'")).contains("U00110000u00");
    assertThat(string("N'x'")).contains("x");
    assertThat(string("$a$it's $$ $a$")).contains("it's $$ ");
  }

  @Test
  void isEmptyForWhatIsNoneOfThem() {
    assertThat(name("1")).isEmpty();
    assertThat(name("\"\"")).isEmpty();
    assertThat(name("\"a\0\"")).isEmpty();
    assertThat(name("\"\0a\"")).isEmpty();
    assertThat(name("'a'")).isEmpty();
    assertThat(string("a")).isEmpty();
    assertThat(string("B'0'")).isEmpty();
  }
}
