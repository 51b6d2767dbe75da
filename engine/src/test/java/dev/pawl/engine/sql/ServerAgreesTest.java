package dev.pawl.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.testing.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Texts made at random of what is hard to cut, sent to a real PostgreSQL as they are: it must find
 * as many statements as the splitter does, and in their strings and names what {@link Literals}
 * reads. A COMMIT hidden from the splitter but not from the server would end Pawl's transaction.
 */
class ServerAgreesTest {
  private static final long SEED = 7;
  private static final int TEXTS = 6000;
  private static Connection connection;
  private final Random random = new Random(SEED);

  @BeforeAll
  static void connect() throws SQLException {
    var database = TestDatabase.fresh();
    database.execute("CREATE TABLE t (a int)", "CREATE TABLE u (a int)");
    var target = database.target();
    // In this mode the driver sends a text as one message, as the executor does.
    connection =
        DriverManager.getConnection(
            "jdbc:postgresql://%s:%d/%s?preferQueryMode=simple"
                .formatted(target.host(), target.port(), target.database()),
            target.user(),
            "");
  }

  @AfterAll
  static void disconnect() throws SQLException {
    connection.close();
  }

  @Test
  void onWhereStatementsEndAndWhatStringsAndNamesMean() throws SQLException {
    int accepted = 0;
    int compared = 0;
    for (int i = 0; i < TEXTS; i++) {
      var sql = text();
      var tokens = Lexer.lex(sql, DatabaseKind.POSTGRESQL);
      var statements = Splitter.split(sql, tokens);
      boolean unterminated = !tokens.isEmpty() && tokens.getLast().type() == TokenType.UNTERMINATED;
      List<Optional<Value>> results;
      try {
        results = execute(sql);
      } catch (SQLException e) {
        assertThat(e.getMessage().startsWith("ERROR: unterminated") && !unterminated)
            .as("%s: %s", e.getMessage(), sql)
            .isFalse();
        continue;
      }
      accepted++;
      assertThat(unterminated).as(sql).isFalse();
      if (statements.isEmpty()) {
        assertThat(results).as(sql).containsOnly(Optional.empty()); // the answer to an empty query
        continue;
      }
      assertThat(statements).as(sql).hasSameSizeAs(results);
      for (int k = 0; k < results.size(); k++) {
        var value = results.get(k);
        var read = read(statements.get(k));
        if (value.isPresent() && read.isPresent()) {
          compared++;
          assertThat(read.get().text()).as(sql).isEqualTo(value.get().text());
          if (!read.get().name().isEmpty()) {
            assertThat(read.get().name()).as(sql).isEqualTo(value.get().name());
          }
        }
      }
    }
    assertThat(accepted).isGreaterThan(TEXTS / 4);
    assertThat(compared).isGreaterThan(TEXTS / 10);
  }

  /** The first column of a SELECT: what it holds, and its name where one was written. */
  private record Value(String text, String name) {}

  private static List<Optional<Value>> execute(String sql) throws SQLException {
    var results = new ArrayList<Optional<Value>>();
    try (var statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      boolean rows = statement.execute(sql);
      while (rows || statement.getUpdateCount() >= 0) {
        results.add(rows ? Optional.of(first(statement.getResultSet())) : Optional.empty());
        rows = statement.getMoreResults();
      }
    }
    return results;
  }

  private static Value first(ResultSet result) throws SQLException {
    result.next();
    return new Value(result.getString(1), result.getMetaData().getColumnLabel(1));
  }

  /** What is said by SELECT 'string' 'going on' AS "name"; empty for every other statement. */
  private static Optional<Value> read(Statement statement) {
    var tokens = statement.tokens().stream().filter(t -> t.type().grammatical()).toList();
    if (!tokens.getFirst().is("SELECT") || tokens.size() < 2) {
      return Optional.empty();
    }
    var first = tokens.get(1);
    if (first.type() == TokenType.UNICODE_STRING || Literals.string(first).isEmpty()) {
      return Optional.empty();
    }
    var text = new StringBuilder();
    int at = 1;
    while (at < tokens.size()
        && Literals.string(tokens.get(at)).isPresent()
        && (at == 1 || tokens.get(at).type() != TokenType.DOLLAR_STRING)) {
      text.append(Literals.string(tokens.get(at++)).get());
    }
    if (at < tokens.size() && tokens.get(at).is("AS")) {
      at++;
    }
    if (at == tokens.size()) {
      return Optional.of(new Value(text.toString(), ""));
    }
    if (at < tokens.size() - 1) {
      return Optional.empty();
    }
    return Literals.identifier(tokens.get(at), '\\', DatabaseKind.POSTGRESQL)
        .map(name -> new Value(text.toString(), name));
  }

  private String any(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private String text() {
    var text = new StringBuilder();
    int statements = 1 + random.nextInt(4);
    for (int i = 0; i < statements; i++) {
      text.append(noise()).append(statement()).append(noise());
      if (i < statements - 1 || random.nextBoolean()) {
        text.append(';');
      }
    }
    return text.append(noise()).toString();
  }

  private String noise() {
    var noise = new StringBuilder();
    for (int n = random.nextInt(4); n > 0; n--) {
      noise.append(
          any(
              " ",
              "\n",
              "\r",
              "\t",
              "\f",
              "-- x'\n",
              "--y\"\r",
              "/* ' */",
              "/*/**/;*/",
              "/*+ h */"));
    }
    return noise.toString();
  }

  private String statement() {
    return switch (random.nextInt(14)) {
      case 0 ->
          "CREATE OR REPLACE FUNCTION f() RETURNS text %s BEGIN%s ATOMIC SELECT %s; %s%s END"
              .formatted(
                  noise(),
                  noise().isEmpty() ? " " : " /* ; */",
                  any(
                      "CASE WHEN true THEN 'a' END",
                      "'x' AS end",
                      "1::text end",
                      "(CASE 1 WHEN 1 THEN 'x;' END)"),
                  any("SELECT 'y;';", ""),
                  noise());
      case 1 ->
          "CREATE OR REPLACE RULE r AS ON INSERT TO t DO ALSO (%sDELETE FROM u; %s SELECT %s)"
              .formatted(noise(), noise(), literal());
      case 2 ->
          "DO "
              + any(
                  "$$ BEGIN NULL; END $$",
                  "$a$ BEGIN PERFORM ';'; END $a$",
                  "'BEGIN NULL; END'",
                  "E'BEGIN\\nNULL; END'");
      case 3 -> "";
      case 4 ->
          "CREATE OR REPLACE PROCEDURE p() BEGIN ATOMIC "
              + any("", "INSERT INTO u VALUES (1);")
              + " END";
      default -> "SELECT " + noise() + expression();
    };
  }

  private String expression() {
    var text = new StringBuilder(literal());
    for (int n = random.nextInt(3); n > 0; n--) {
      text.append(noise())
          .append(any("||", "||", "", "-", "*-", "::text||", ",", "+", "=", "<>"))
          .append(noise())
          .append(literal());
    }
    if (random.nextInt(4) == 0) {
      text.append(noise())
          .append(any(" AS ", " as ", ""))
          .append(any("\"", "U&\""))
          .append(body())
          .append('"');
    } else if (random.nextInt(8) == 0) {
      text.append(' ').append(any("Ab$c", "éÉ", "_x1", "AS end", "case"));
    }
    return text.toString();
  }

  private String literal() {
    return switch (random.nextInt(9)) {
      case 0, 1 -> "'" + body() + "'";
      case 2, 3 -> any("E", "e") + "'" + body() + "'";
      case 4 -> "$$" + body() + "$$";
      case 5 -> "$a$" + body() + "$a$";
      case 6 -> "U&'" + body() + "'";
      case 7 -> any("1", "1.5", ".5", "1e3", "1.") + any("", " ");
      default -> "N'" + body() + "'";
    };
  }

  private String body() {
    var body = new StringBuilder();
    for (int n = random.nextInt(5); n > 0; n--) {
      body.append(
          any(
              "a", "''", "\\", "\\\\", "\\'", "\"\"", ";", "--", "/*", "*/", "$$", "$a$", "\n",
              "\r", "é", "\t", " ", "$", "E", "COMMIT"));
    }
    return body.toString();
  }
}
