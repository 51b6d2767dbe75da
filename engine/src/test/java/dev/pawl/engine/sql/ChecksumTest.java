package dev.pawl.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ChecksumTest {
  private static String of(String sql) {
    var checksum = new Checksum();
    Splitter.split(sql, DatabaseKind.POSTGRESQL).forEach(checksum::add);
    return checksum.hex();
  }

  @Provide
  Arbitrary<String> sql() {
    return SqlSoup.statements().map(list -> String.join(";\n", list));
  }

  @Provide
  Arbitrary<List<String>> noise() {
    return Arbitraries.of("", " ", "\t\r\n ", " /* ; ' */ ", " -- it's\n", "/* /* */ */")
        .list()
        .ofMinSize(1)
        .ofMaxSize(20);
  }

  @Property
  void doesNotCountCommentsWhitespaceAndCase(
      @ForAll("sql") String sql, @ForAll("noise") List<String> noise, @ForAll boolean upper) {
    var changed = new StringBuilder();
    int i = 0;
    for (var token : Lexer.lex(sql, DatabaseKind.POSTGRESQL)) {
      changed.append(noise.get(i++ % noise.size()));
      var text = token.text();
      boolean word = token.type() == TokenType.WORD;
      changed.append(
          !word ? text : upper ? text.toUpperCase(Locale.ROOT) : text.toLowerCase(Locale.ROOT));
    }
    assertThat(of(changed.toString())).isEqualTo(of(sql));
  }

  @Property
  void countsEveryOtherToken(@ForAll("sql") String sql, @ForAll @IntRange(max = 500) int which) {
    var tokens =
        Lexer.lex(sql, DatabaseKind.POSTGRESQL).stream()
            .filter(t -> t.type().grammatical() && !t.is(';'))
            .toList();
    Assume.that(!tokens.isEmpty());
    var token = tokens.get(which % tokens.size());
    var before = sql.substring(0, token.start());
    var after = sql.substring(token.end());
    assertThat(of(before + " " + after)).as("without it").isNotEqualTo(of(sql));
    assertThat(of(before + " other " + after)).as("another").isNotEqualTo(of(sql));
    assertThat(of(before + token.text() + " " + token.text() + after))
        .as("twice")
        .isNotEqualTo(of(sql));
  }

  @Test
  void tellsApartWhatOnlyLooksTheSame() {
    var different =
        List.of(
            "SELECT a",
            "SELECT \"a\"",
            "SELECT 'a'",
            "SELECT E'a'",
            "SELECT $$a$$",
            "SELECT $x$a$x$",
            "SELECTa",
            "SELECT; a",
            "SELECT /*+ a */",
            "SELECT -- pawl: a\n 1",
            "-- pawl: a\nSELECT 1",
            "SELECT Ä",
            "SELECT ä",
            "SELECT 'A'",
            "SELECT ' a'");
    assertThat(different.stream().map(ChecksumTest::of)).doesNotHaveDuplicates();
  }

  /** As the ledgers of all users hold it: written down here a second time, by other means. */
  private static String written(String sql) throws Exception {
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    for (var statement : Splitter.split(sql, DatabaseKind.POSTGRESQL)) {
      var tokens = new ArrayList<>(statement.directives());
      tokens.removeIf(directive -> directive.text().contains("pawl: allow "));
      tokens.addAll(statement.tokens());
      for (var token : tokens) {
        var text = token.text();
        if (token.type() == TokenType.WORD) {
          text = text.chars().mapToObj(ChecksumTest::folded).collect(Collectors.joining());
        }
        var utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.writeByte(token.type().code);
        out.writeInt(utf8.length);
        out.write(utf8);
      }
      out.writeByte(0);
    }
    var sha256 = MessageDigest.getInstance("SHA-256");
    return HexFormat.of().formatHex(sha256.digest(bytes.toByteArray()));
  }

  private static String folded(int c) {
    return Character.toString(c >= 'A' && c <= 'Z' ? c + 32 : c);
  }

  @Test
  void theByteFormIsAsItWasWritten() throws Exception {
    var long1 = "x".repeat(1018);
    for (var sql :
        List.of(
            "SELECT 1",
            "-- pawl: verify none because x\n"
                + "SELECT aZ, \"aZ\", 'AZ@[`{'; CREATE TABLE Größe (ÄZ INT)",
            "-- pawl: allow drop-column because y\nALTER TABLE a DROP COLUMN b",
            "SELECT 'é' || 'AZ', AZé_AZaz@[`{",
            "SELECT '" + long1 + "'",
            "SELECT '" + "y".repeat(70_000) + "é'",
            "SELECT " + "AÄ".repeat(300) + ", " + "b".repeat(3000))) {
      assertThat(of(sql)).as(sql.substring(0, Math.min(40, sql.length()))).isEqualTo(written(sql));
    }
    assertThat(of("SELECT 1"))
        .isEqualTo("d0f14fcee093bdae6ea4b1489f27c33f1a85b9dacc04b4c967762f2f4b9f97b2");
  }

  @Test
  void growsWithItsInput() {
    var big = "SELECT '" + "x".repeat(100_000) + "é" + "y".repeat(100_000) + "'";
    assertThat(of(big)).isNotEqualTo(of(big.replace('y', 'z')));
    assertThat(new Checksum().raw("a"))
        .isEqualTo("ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb");
  }

  @Test
  void beginsAnewAfterEach() {
    var checksum = new Checksum();
    var statement = Splitter.split("SELECT 1", DatabaseKind.POSTGRESQL).getFirst();
    assertThat(checksum.add(statement).hex()).isEqualTo(checksum.add(statement).hex());
  }
}
