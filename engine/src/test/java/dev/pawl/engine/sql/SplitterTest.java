package dev.pawl.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class SplitterTest {
  private static List<String> split(String sql) {
    return Splitter.split(sql, DatabaseKind.POSTGRESQL).stream().map(Statement::text).toList();
  }

  @Provide
  Arbitrary<String> anything() {
    return SqlSoup.anything();
  }

  @Provide
  Arbitrary<List<String>> statements() {
    return SqlSoup.statements();
  }

  @Provide
  Arbitrary<String> between() {
    return Arbitraries.of(
        ";", " ; ", ";\n-- it's; \"\n", "; /* ; ' */ ;", ";\n-- pawl: x\n", "\r\n;");
  }

  @Property
  void losesNothingThatAServerWouldSee(@ForAll("anything") String sql, @ForAll DatabaseKind kind) {
    var expected = new ArrayList<Token>();
    for (var token : Lexer.lex(sql, kind)) {
      if (token.type().grammatical() && !token.is(';')) {
        expected.add(token);
      }
    }
    var found = new ArrayList<Token>();
    int end = 0;
    for (var statement : Splitter.split(sql, kind)) {
      assertThat(statement.start()).isGreaterThanOrEqualTo(end);
      end = statement.end();
      for (var token : statement.tokens()) {
        if (token.type().grammatical() && !token.is(';')) {
          found.add(token);
        }
      }
    }
    assertThat(found).isEqualTo(expected);
  }

  @Property
  void cutsBetweenStatementsAndNowhereElse(
      @ForAll("statements") List<String> statements, @ForAll("between") String between) {
    assertThat(split(String.join(between, statements))).isEqualTo(statements);
    assertThat(split(String.join(between, statements) + between)).isEqualTo(statements);
  }

  @Test
  void leavesOutEmptyStatements() {
    assertThat(split("")).isEmpty();
    assertThat(split(" ;; -- x\n; /* y */")).isEmpty();
    assertThat(split("/*+ hint */;")).isEmpty();
    assertThat(split("a;;b")).containsExactly("a", "b");
  }

  @Test
  void beginsAStatementAtItsHintAndEndsItAtItsLastToken() {
    assertThat(split("-- x\n/*+ hint */ SELECT 1 /* y */ -- z\n; "))
        .containsExactly("/*+ hint */ SELECT 1");
  }

  @Test
  void givesDirectivesToTheStatementAfterThem() {
    var statements =
        Splitter.split(
            "-- pawl: a\n-- other\n-- pawl: b\nSELECT 1;\nSELECT 2; -- pawl: c",
            DatabaseKind.POSTGRESQL);
    assertThat(statements.get(0).directives())
        .extracting(Token::text)
        .containsExactly("-- pawl: a", "-- pawl: b");
    assertThat(statements.get(0).line()).isEqualTo(4);
    assertThat(statements.get(1).directives()).isEmpty();
    assertThat(statements).hasSize(2);
  }

  @Test
  void keepsTheBodyOfARoutineWhole() {
    var function =
        "CREATE OR REPLACE FUNCTION f(a int DEFAULT 1) RETURNS int LANGUAGE sql\n"
            + "begin atomic\n"
            + " SELECT CASE WHEN a > 0 THEN CASE a WHEN 1 THEN 2 END END; SELECT (CASE WHEN true"
            + " THEN 1 END) AS \"end\"; SELECT t.end FROM t;\n"
            + "end";
    assertThat(split(function + "; COMMIT")).containsExactly(function, "COMMIT");
    assertThat(split("CREATE FUNCTION f() BEGIN ATOMIC END; COMMIT"))
        .containsExactly("CREATE FUNCTION f() BEGIN ATOMIC END", "COMMIT");
  }

  @Test
  void seesABodyInRoutinesOnly() {
    assertThat(split("BEGIN; SELECT 1; END")).containsExactly("BEGIN", "SELECT 1", "END");
    assertThat(split("SELECT begin atomic; SELECT 1"))
        .containsExactly("SELECT begin atomic", "SELECT 1");
    assertThat(split("CREATE VIEW function AS SELECT begin atomic; COMMIT"))
        .containsExactly("CREATE VIEW function AS SELECT begin atomic", "COMMIT");
    assertThat(split("CREATE FUNCTION f(begin atomic) AS 'x'; COMMIT"))
        .containsExactly("CREATE FUNCTION f(begin atomic) AS 'x'", "COMMIT");
  }

  @Test
  void doesNotCutInsideParenthesesNorIsConfusedByTooManyOfThem() {
    assertThat(split("CREATE RULE r AS ON DELETE TO t DO ALSO (a; b); c"))
        .containsExactly("CREATE RULE r AS ON DELETE TO t DO ALSO (a; b)", "c");
    assertThat(split("a ); b ( ; c")).containsExactly("a )", "b ( ; c");
  }

  @Test
  @Tag("size")
  void splitsTenMegabytes() {
    assertThat(split("INSERT INTO t VALUES ('some text', 12345);\n".repeat(230_000)))
        .hasSize(230_000);
  }
}
