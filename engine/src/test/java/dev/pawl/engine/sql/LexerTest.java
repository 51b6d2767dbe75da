package dev.pawl.engine.sql;

import static dev.pawl.engine.sql.TokenType.*;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class LexerTest {
  @Provide
  Arbitrary<String> sql() {
    return SqlSoup.anything();
  }

  @Property
  void cutsAnyTextIntoTokensThatMakeItUpAgain(
      @ForAll("sql") String sql, @ForAll DatabaseKind kind) {
    var text = new StringBuilder();
    int end = 0;
    for (var token : Lexer.lex(sql, kind)) {
      assertThat(token.start()).isEqualTo(end);
      assertThat(token.end()).isGreaterThan(token.start());
      end = token.end();
      text.append(token.text());
    }
    assertThat(text.toString()).isEqualTo(sql);
  }

  @Property
  void givesThePlaceOfEveryToken(@ForAll("sql") String sql, @ForAll DatabaseKind kind) {
    int line = 1;
    int column = 1;
    int at = 0;
    for (var token : Lexer.lex(sql, kind)) {
      for (; at < token.start(); at++) {
        char c = sql.charAt(at);
        boolean pair = c == '\r' && at + 1 < sql.length() && sql.charAt(at + 1) == '\n';
        if (c == '\n' || c == '\r' && !pair) {
          line++;
          column = 1;
        } else if (!(at == 0 && c == '\uFEFF')) {
          column++;
        }
      }
      assertThat(token.line()).isEqualTo(line);
      assertThat(token.column()).isEqualTo(column);
    }
  }

  private static List<String> significant(DatabaseKind kind, String sql) {
    var found = new ArrayList<String>();
    for (var token : Lexer.lex(sql, kind)) {
      if (token.type() != WHITESPACE) {
        found.add(token.type() + " " + token.text());
      }
    }
    return found;
  }

  private static List<String> postgresql(String sql) {
    return significant(DatabaseKind.POSTGRESQL, sql);
  }

  @Test
  void knowsEveryKindOfString() {
    assertThat(postgresql("'it''s' 'a\\' E'a\\'b' e'' U&'\\0061' b'01' X'1f' N'n' f'x'"))
        .containsExactly(
            "STRING 'it''s'",
            "STRING 'a\\'",
            "ESCAPE_STRING E'a\\'b'",
            "ESCAPE_STRING e''",
            "UNICODE_STRING U&'\\0061'",
            "BIT_STRING b'01'",
            "BIT_STRING X'1f'",
            "NATIONAL_STRING N'n'",
            "WORD f",
            "STRING 'x'");
  }

  @Test
  void goesOnInEscapeSyntaxAfterALineBreak() {
    assertThat(postgresql("E'a' -- so\n 'b\\'c'"))
        .containsExactly("ESCAPE_STRING E'a'", "LINE_COMMENT -- so", "ESCAPE_STRING 'b\\'c'");
    assertThat(postgresql("E'a' 'b\\'")).containsExactly("ESCAPE_STRING E'a'", "STRING 'b\\'");
    assertThat(postgresql("E'a'\n, 'b\\'"))
        .containsExactly("ESCAPE_STRING E'a'", "PUNCTUATION ,", "STRING 'b\\'");
  }

  @Test
  void knowsDollarQuotes() {
    assertThat(postgresql("$$a$b$ $$ $ü1$ $$ $ü$ $ü1$ a$b$c $1 $1a$ $2"))
        .containsExactly(
            "DOLLAR_STRING $$a$b$ $$",
            "DOLLAR_STRING $ü1$ $$ $ü$ $ü1$",
            "WORD a$b$c",
            "PARAMETER $1",
            "PARAMETER $1",
            "WORD a$",
            "PARAMETER $2");
    assertThat(postgresql("$a$ $b$a$ x")).containsExactly("DOLLAR_STRING $a$ $b$a$", "WORD x");
    assertThat(postgresql("$a b$")).containsExactly("OTHER $", "WORD a", "WORD b$");
  }

  @Test
  void knowsIdentifiers() {
    assertThat(postgresql("Aé_1 \"a\"\"b\" U&\"x\" u & \"y\""))
        .containsExactly(
            "WORD Aé_1",
            "QUOTED_IDENTIFIER \"a\"\"b\"",
            "UNICODE_IDENTIFIER U&\"x\"",
            "WORD u",
            "OPERATOR &",
            "QUOTED_IDENTIFIER \"y\"");
  }

  @Test
  void knowsComments() {
    assertThat(postgresql("/* a /* b */ c */ /*+ hint */ -- x ;\n--pawl: y\n-- pawl z"))
        .containsExactly(
            "BLOCK_COMMENT /* a /* b */ c */",
            "HINT /*+ hint */",
            "LINE_COMMENT -- x ;",
            "DIRECTIVE --pawl: y",
            "LINE_COMMENT -- pawl z");
    assertThat(postgresql("/**//*/**/*/"))
        .containsExactly("BLOCK_COMMENT /**/", "BLOCK_COMMENT /*/**/*/");
  }

  @Test
  void endsACommentWhereTheServerDoes() {
    assertThat(postgresql("-- a\rDROP")).containsExactly("LINE_COMMENT -- a", "WORD DROP");
    assertThat(significant(DatabaseKind.COCKROACHDB, "-- a\rDROP"))
        .containsExactly("LINE_COMMENT -- a\rDROP");
    assertThat(significant(DatabaseKind.COCKROACHDB, "-- a\r\nDROP"))
        .containsExactly("LINE_COMMENT -- a", "WORD DROP");
  }

  @Test
  void knowsNumbersAndOperators() {
    assertThat(postgresql("1 1.5 .5 1. 1e-3 1e 0x1F 1_000 1..2"))
        .containsExactly(
            "NUMBER 1",
            "NUMBER 1.5",
            "NUMBER .5",
            "NUMBER 1.",
            "NUMBER 1e-3",
            "NUMBER 1",
            "WORD e",
            "NUMBER 0x1F",
            "NUMBER 1_000",
            "NUMBER 1",
            "OPERATOR ..",
            "NUMBER 2");
    assertThat(postgresql("a::b a*-1 @- ?| x/*c*/+--d"))
        .containsExactly(
            "WORD a",
            "OPERATOR ::",
            "WORD b",
            "WORD a",
            "OPERATOR *",
            "OPERATOR -",
            "NUMBER 1",
            "OPERATOR @-",
            "OPERATOR ?|",
            "WORD x",
            "BLOCK_COMMENT /*c*/",
            "OPERATOR +",
            "LINE_COMMENT --d");
  }

  @Test
  void makesWhatNeverEndsOneTokenUpToTheEnd() {
    for (var sql :
        List.of("'a; b", "E'a\\'", "\"a", "$x$ $$", "/* /* */", "U&'", "E'\\", "B'0", "U&\"\"\"")) {
      var tokens = Lexer.lex("a " + sql, DatabaseKind.POSTGRESQL);
      assertThat(tokens).extracting(Token::type).containsExactly(WORD, WHITESPACE, UNTERMINATED);
    }
  }

  @Test
  void differsForCockroachdbWhereItsScannerDoes() {
    assertThat(significant(DatabaseKind.COCKROACHDB, "b'\\'' x'\\' U&'a'"))
        .containsExactly(
            "BIT_STRING b'\\''", "BIT_STRING x'\\'", "WORD U", "OPERATOR &", "STRING 'a'");
  }

  /** Each would take hours if it were quadratic. */
  @Test
  @Tag("size")
  void readsMegabytesOfAnything() {
    for (var piece :
        List.of(
            "+",
            "+-",
            "(",
            "$a",
            "$$",
            "'a'",
            "/*",
            "--\n",
            "a ",
            ";",
            "\"",
            "E'a'\n'b'",
            "0x",
            "..")) {
      readsToItsEnd(piece.repeat(2_000_000 / piece.length()));
    }
    readsToItsEnd("INSERT INTO t (a, b) VALUES (1, 'it''s'); -- one\n".repeat(200_000));
  }

  private static void readsToItsEnd(String sql) {
    assertThat(Lexer.lex(sql, DatabaseKind.POSTGRESQL).getLast().end()).isEqualTo(sql.length());
  }
}
