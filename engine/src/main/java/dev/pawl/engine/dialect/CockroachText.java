package dev.pawl.engine.dialect;

import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.Lexer;
import dev.pawl.engine.sql.Literals;
import dev.pawl.engine.sql.QualifiedName;
import dev.pawl.engine.sql.Token;
import dev.pawl.engine.sql.TokenType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Expressions beside each other: the author's, and CockroachDB's, which stores {@code b = 'x'} as
 * {@code b = 'x':::STRING} and shows it in parentheses. Equal texts mean the same; of others it is
 * not claimed that they differ. No table is made to ask the server, for that would be a schema
 * change.
 */
final class CockroachText {
  /** Types that CockroachDB notes beside a constant of just that type. */
  private static final Set<String> NOTED =
      Set.of("STRING", "INT8", "FLOAT8", "DECIMAL", "BOOL", "TIMESTAMPTZ", "DATE", "UUID", "BYTES");

  private static final Set<String> BUILT_IN =
      Set.of(
          "INT8",
          "INT4",
          "INT2",
          "STRING",
          "VARCHAR",
          "CHAR",
          "BOOL",
          "BYTES",
          "JSONB",
          "DECIMAL",
          "FLOAT8",
          "FLOAT4",
          "TIMESTAMPTZ",
          "TIMESTAMP",
          "DATE",
          "TIME",
          "TIMETZ",
          "INTERVAL",
          "UUID",
          "INET");

  private CockroachText() {}

  /** Whether two expressions say the same, as far as their texts tell. */
  static boolean same(String author, String stored) {
    return plain(stripped(tokens(author), false)).equals(plain(stripped(tokens(stored), true)));
  }

  private static List<Token> tokens(String sql) {
    return Lexer.lex(sql, DatabaseKind.COCKROACHDB).stream()
        .filter(t -> t.type().grammatical())
        .toList();
  }

  /** Without the types noted beside constants: after ::: always, after :: where it is stored. */
  private static List<Token> stripped(List<Token> tokens, boolean stored) {
    var kept = new ArrayList<Token>();
    for (int k = 0; k < tokens.size(); k++) {
      if (!tokens.get(k).text().equals("::")) {
        kept.add(tokens.get(k));
        continue;
      }
      boolean noted = k + 1 < tokens.size() && tokens.get(k + 1).is(':');
      int type = k + (noted ? 2 : 1);
      boolean beside = !kept.isEmpty() && isConstant(kept.getLast());
      if (type < tokens.size()
          && (noted || stored && beside && NOTED.contains(tokens.get(type).keyword()))) {
        k = afterType(tokens, type) - 1;
      } else {
        kept.add(tokens.get(k));
      }
    }
    return kept;
  }

  private static boolean isConstant(Token token) {
    return switch (token.type()) {
      case STRING, ESCAPE_STRING, NUMBER -> true;
      default -> token.is("NULL") || token.is("TRUE") || token.is("FALSE");
    };
  }

  /** One after a type: a path of names, with a length or precision, perhaps an array. */
  private static int afterType(List<Token> tokens, int from) {
    int k = from + 1;
    while (k + 1 < tokens.size() && tokens.get(k).is('.')) {
      k += 2;
    }
    for (var pair : List.of("()", "[]")) {
      if (k < tokens.size() && tokens.get(k).is(pair.charAt(0))) {
        while (k < tokens.size() && !tokens.get(k).is(pair.charAt(1))) {
          k++;
        }
        k++;
      }
    }
    return k;
  }

  /** Each token as it counts, without parentheses around all of it or around one thing. */
  private static List<String> plain(List<Token> tokens) {
    var words = new ArrayList<String>();
    for (var token : tokens) {
      words.add(word(token));
    }
    while (enclosed(words)) {
      words.removeFirst();
      words.removeLast();
    }
    for (int k = 0; k + 2 < words.size(); k++) {
      boolean alone = words.get(k).equals("(") && words.get(k + 2).equals(")");
      // Not those of a call, nor of a list after IN.
      if (alone && (k == 0 || isOperator(words.get(k - 1)))) {
        words.remove(k + 2);
        words.remove(k);
      }
    }
    return words;
  }

  private static boolean isOperator(String word) {
    return word.equals("(")
        || word.equals("AND")
        || word.equals("OR")
        || word.equals("NOT")
        || !Character.isLetterOrDigit(word.charAt(0)) && "\"')".indexOf(word.charAt(0)) < 0;
  }

  private static boolean enclosed(List<String> words) {
    if (words.size() < 2 || !words.getFirst().equals("(") || !words.getLast().equals(")")) {
      return false;
    }
    int depth = 0;
    for (int k = 0; k < words.size() - 1; k++) {
      depth += words.get(k).equals("(") ? 1 : words.get(k).equals(")") ? -1 : 0;
      if (depth == 0) {
        return false;
      }
    }
    return true;
  }

  private static String word(Token token) {
    return switch (token.type()) {
      case STRING, ESCAPE_STRING -> "'" + Literals.string(token).orElse(token.text()) + "'";
      case QUOTED_IDENTIFIER -> {
        var name = Literals.identifier(token, '\\', DatabaseKind.COCKROACHDB).orElse(token.text());
        // Written without quotes where it need not have them.
        yield name.matches("[a-z_][a-z0-9_]*")
            ? name.toUpperCase(Locale.ROOT)
            : QualifiedName.quote(name);
      }
      case WORD -> {
        var name = token.text().toLowerCase(Locale.ROOT);
        yield name.matches("[a-z_][a-z0-9_]*")
            ? name.toUpperCase(Locale.ROOT)
            : QualifiedName.quote(name);
      }
      default -> token.text().equals("<>") ? "!=" : token.text();
    };
  }

  /** The words of a clause in capitals, for telling its options. */
  static List<String> words(String sql) {
    return tokens(sql).stream().map(CockroachText::word).toList();
  }

  /** What follows a word in a statement, on its outermost level; empty where it is not there. */
  static String after(String sql, String keyword) {
    int depth = 0;
    for (var token : tokens(sql)) {
      depth += token.is('(') ? 1 : token.is(')') ? -1 : 0;
      if (depth == 0 && token.type() == TokenType.WORD && token.is(keyword)) {
        return sql.substring(token.end()).strip();
      }
    }
    return "";
  }

  /** What stands between the commas of a statement's first parentheses. */
  static List<String> list(String sql) {
    var parts = new ArrayList<String>();
    int depth = 0;
    int from = 0;
    for (var token : tokens(sql)) {
      if (token.is('(') && ++depth == 1) {
        from = token.end();
      } else if (depth == 1 && (token.is(',') || token.is(')'))) {
        parts.add(sql.substring(from, token.start()).strip());
        from = token.end();
      }
      if (token.is(')') && --depth == 0) {
        return parts;
      }
    }
    return parts;
  }

  /**
   * The type as CockroachDB spells it in {@code crdb_sql_type}; from its documentation of data
   * types and their aliases.
   */
  static String type(String written) {
    var text = String.join(" ", words(written)).replace(" (", "(").replace("( ", "(");
    text = text.replace(" )", ")").replace(" ,", ",").replace(", ", ",").replace(" [ ]", "[]");
    text = text.replace(" []", "[]").replace("[ ]", "[]");
    int end = 0;
    while (end < text.length() && text.charAt(end) != '(' && text.charAt(end) != '[') {
      end++;
    }
    var name = text.substring(0, end).strip();
    var rest = text.substring(end);
    var canonical =
        switch (name) {
          case "INT", "INTEGER", "BIGINT", "INT64", "SERIAL", "SERIAL8", "BIGSERIAL" -> "INT8";
          case "SMALLINT", "SERIAL2", "SMALLSERIAL" -> "INT2";
          case "SERIAL4" -> "INT4";
          case "TEXT" -> "STRING";
          case "CHARACTER VARYING" -> "VARCHAR";
          case "CHARACTER" -> "CHAR";
          case "BOOLEAN" -> "BOOL";
          case "BYTEA", "BLOB" -> "BYTES";
          case "JSON" -> "JSONB";
          case "NUMERIC", "DEC" -> "DECIMAL";
          case "FLOAT", "DOUBLE PRECISION" -> "FLOAT8";
          case "REAL" -> "FLOAT4";
          case "TIMESTAMP WITH TIME ZONE" -> "TIMESTAMPTZ";
          case "TIMESTAMP WITHOUT TIME ZONE" -> "TIMESTAMP";
          case "TIME WITH TIME ZONE" -> "TIMETZ";
          case "TIME WITHOUT TIME ZONE" -> "TIME";
          default -> name;
        };
    return canonical + rest;
  }

  /** Whether how long it is depends on the session's default_int_size. */
  static boolean isPlainInt(String written) {
    var words = words(written);
    return !words.isEmpty()
        && (words.getFirst().equals("INT") || words.getFirst().equals("INTEGER"));
  }

  /** Whether a type, spelled as {@link #type} does, is CockroachDB's own. */
  static boolean isBuiltIn(String type) {
    int end = 0;
    while (end < type.length() && type.charAt(end) != '(' && type.charAt(end) != '[') {
      end++;
    }
    return BUILT_IN.contains(type.substring(0, end));
  }
}
