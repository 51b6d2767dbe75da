package dev.pawl.engine.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.Lexer;
import dev.pawl.engine.sql.QualifiedName;
import dev.pawl.engine.sql.Splitter;
import dev.pawl.engine.sql.SqlSoup;
import dev.pawl.engine.sql.TokenType;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class FactJsonTest {
  @Provide
  Arbitrary<String> anything() {
    return SqlSoup.anything();
  }

  @Provide
  Arbitrary<List<String>> statements() {
    return SqlSoup.statements();
  }

  private static void comesBack(SchemaChange change) throws Exception {
    var json = FactJson.write(change);
    assertThat(FactJson.read(json)).isEqualTo(change);
    assertThat(FactJson.write(FactJson.read(json))).isEqualTo(json);
    for (var kind : DatabaseKind.values()) {
      var tokens = Lexer.lex("-- pawl: fact " + json, kind);
      assertThat(tokens).as(json).hasSize(1);
      assertThat(tokens.getFirst().type()).isEqualTo(TokenType.DIRECTIVE);
    }
  }

  @Property
  void whateverTheClassifierMakesComesBack(@ForAll("anything") String sql, @ForAll DatabaseKind on)
      throws Exception {
    for (var statement : Splitter.split(sql, on)) {
      for (var change : Classifier.classify(statement, on)) {
        comesBack(change);
      }
    }
  }

  @Property
  void everyKnownStatementComesBack(@ForAll("statements") List<String> all, @ForAll DatabaseKind on)
      throws Exception {
    for (var sql : all) {
      for (var change : Classified.all(on, sql)) {
        comesBack(change);
      }
    }
  }

  @Test
  void aFactIsOneShortLineInTheOrderOfTheRecord() {
    assertThat(
            FactJson.write(
                Classified.postgresql(
                    "CREATE UNIQUE INDEX CONCURRENTLY \"I d\" ON a.b (c DESC, lower(d)) WHERE"
                        + " e>0")))
        .isEqualTo(
            "{\"change\":\"CreateIndex\",\"name\":\"I d\",\"table\":[\"a\",\"b\"],\"unique\":true,"
                + "\"concurrently\":true,\"keys\":[{\"column\":\"c\",\"expression\":\"c\","
                + "\"descending\":true},{\"expression\":\"lower(d)\"}],\"predicate\":\"e>0\","
                + "\"body\":\"(c DESC, lower(d)) WHERE e>0\"}");
    assertThat(FactJson.write(new DropTable(List.of(QualifiedName.of("t")), false, false)))
        .isEqualTo("{\"change\":\"DropTable\",\"tables\":[[\"t\"]]}");
  }

  @Test
  void whatAReviewerCouldNotSeeIsEscaped() throws Exception {
    var change =
        new AddEnumValue(
            QualifiedName.of("ü\u202E", "a\nb"),
            "\uD800\r\0\u2028\uFEFF😀",
            Optional.empty(),
            Optional.empty(),
            false);
    assertThat(FactJson.write(change))
        .isEqualTo(
            "{\"change\":\"AddEnumValue\",\"type\":[\"ü\\u202E\",\"a\\nb\"],"
                + "\"label\":\"\\uD800\\r\\u0000\\u2028\\uFEFF😀\"}");
    comesBack(change);
  }

  @Test
  void anEmptyTextIsAnotherThanNone() throws Exception {
    var table = QualifiedName.of("t");
    comesBack(new AlterColumn(table, "c", AlterColumn.Action.OTHER, Optional.of("")));
    comesBack(new AlterColumn(table, "c", AlterColumn.Action.OTHER, Optional.empty()));
  }

  private static String wrong(String json) {
    var thrown = catchThrowableOfType(FactJson.MalformedException.class, () -> FactJson.read(json));
    assertThat(thrown).as(json).isNotNull();
    return thrown.column() + ": " + thrown.getMessage();
  }

  @Test
  void whatIsNoFactIsToldWithItsPlace() {
    assertThat(wrong("[]"))
        .isEqualTo("1: a fact is a JSON object, as in {\"change\":\"DropTable\",…}");
    assertThat(wrong("{}")).isEqualTo("2: a fact begins with \"change\"");
    assertThat(wrong("{\"change\":\"Frobnicate\"}"))
        .isEqualTo("11: this Pawl does not know the change \"Frobnicate\"");
    assertThat(wrong("{\"change\":7}")).isEqualTo("11: \"change\" must be a string");
    assertThat(wrong("{\"change\":\"Dml\",\"keyword\":\"SELECT\",\"x\":1}"))
        .isEqualTo("36: a Dml has no \"x\", but keyword");
    assertThat(wrong("{\"change\":\"Dml\"}")).isEqualTo("16: \"keyword\" is missing");
    assertThat(wrong("{\"change\":\"Dml\",\"keyword\":\"A\"} x"))
        .startsWith("32: this is not JSON: Unrecognized token 'x'");
    assertThat(wrong("{\"change\":\"Dml\",\"keyword\":\"A\"}{}"))
        .isEqualTo("31: nothing may follow the fact");
    assertThat(wrong("{\"change\":\"Dml\",\"keyword\":\"A\",\"keyword\":\"B\"}"))
        .contains("Duplicate field");
    assertThat(wrong("{\"change\":\"Dml\",")).contains("this is not JSON: Unexpected end");
    assertThat(wrong("")).startsWith("0: a fact is a JSON object");
    assertThat(wrong("{\"change\":\"Dml\",\"keyword\":null}"))
        .isEqualTo("27: \"keyword\" must be a string");
  }

  @Test
  void aFieldOfAnotherTypeIsTold() {
    var table = "{\"change\":\"DropTable\",\"tables\":";
    assertThat(wrong(table + "\"t\"}")).isEqualTo("32: \"tables\" must be an array");
    assertThat(wrong(table + "[\"t\"]}")).isEqualTo("33: \"tables\" must be an array");
    assertThat(wrong(table + "[[]]}"))
        .contains("\"tables\" must have one to three parts, none of them empty");
    assertThat(wrong(table + "[[\"a\",\"b\",\"c\",\"d\"]]}")).contains("one to three parts");
    assertThat(wrong(table + "[[\"\"]]}")).contains("none of them empty");
    assertThat(wrong(table + "[[\"\\u0000\"]]}")).contains("none of them empty");
    assertThat(wrong(table + "[[\"t\"]],\"ifExists\":1}"))
        .isEqualTo("51: \"ifExists\" must be true or false");
    assertThat(wrong("{\"change\":\"Reindex\",\"kind\":\"VIEW\"}"))
        .isEqualTo("28: \"kind\" must be one of INDEX, TABLE, SCHEMA, DATABASE, SYSTEM");
    assertThat(
            wrong("{\"change\":\"CreateIndex\",\"table\":[\"t\"],\"body\":\"\",\"keys\":[\"a\"]}"))
        .contains("\"keys\" must be an object");
  }

  @Property
  void noTextIsMoreThanMalformed(@ForAll String text) {
    assertThat(wrong(text)).isNotEmpty();
    assertThat(wrong("{\"change\":" + text)).isNotEmpty();
  }

  @Test
  void anOlderFactReadsAsWhatItSaid() throws Exception {
    assertThat(
            FactJson.read(" { \"change\": \"DropTable\", \"ifExists\": false, \"tables\": [] } "))
        .isEqualTo(new DropTable(List.of(), false, false));
  }
}
