package dev.pawl.engine.lint;

import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.Lexer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A column type as far as rewriting goes: its name in one of its spellings, and its modifiers.
 *
 * @param name in lower case
 * @param modifiers the numbers in parentheses
 * @param array whether brackets follow
 */
record Types(String name, List<Integer> modifiers, boolean array) {
  private static final Map<String, String> SPELLINGS =
      Map.ofEntries(
          Map.entry("character varying", "varchar"),
          Map.entry("char varying", "varchar"),
          Map.entry("character", "char"),
          Map.entry("bpchar", "char"),
          Map.entry("decimal", "numeric"),
          Map.entry("dec", "numeric"),
          Map.entry("bit varying", "varbit"),
          Map.entry("timestamp without time zone", "timestamp"),
          Map.entry("timestamp with time zone", "timestamptz"),
          Map.entry("time without time zone", "time"),
          Map.entry("time with time zone", "timetz"),
          Map.entry("int", "int4"),
          Map.entry("integer", "int4"),
          Map.entry("serial", "int4"),
          Map.entry("serial4", "int4"),
          Map.entry("smallint", "int2"),
          Map.entry("smallserial", "int2"),
          Map.entry("serial2", "int2"),
          Map.entry("bigint", "int8"),
          Map.entry("bigserial", "int8"),
          Map.entry("serial8", "int8"),
          Map.entry("real", "float4"),
          Map.entry("double precision", "float8"),
          Map.entry("float", "float8"),
          Map.entry("boolean", "bool"));

  private static final Set<String> MOST_PRECISE =
      Set.of("time", "timetz", "timestamp", "timestamptz", "interval");

  private static final Map<String, String> COCKROACH_SPELLINGS =
      Map.of(
          "string", "text", "bytes", "bytea", "int", "int8", "integer", "int8", "int64", "int8",
          "serial", "int8", "json", "jsonb");

  static boolean isSerial(String type) {
    return switch (type.toLowerCase(Locale.ROOT)) {
      case "serial", "bigserial", "smallserial", "serial2", "serial4", "serial8" -> true;
      default -> false;
    };
  }

  static Types of(String type, DatabaseKind kind) {
    var name = new StringBuilder();
    var modifiers = new ArrayList<Integer>(2);
    boolean array = false;
    int depth = 0;
    for (var token : Lexer.lex(type, kind)) {
      if (!token.type().grammatical()) {
        continue;
      }
      if (token.is('(')) {
        depth++;
      } else if (token.is(')')) {
        depth--;
      } else if (token.is('[') || token.is("ARRAY")) {
        array = true;
      } else if (depth > 0) {
        if (token.text().matches("\\d{1,9}")) {
          modifiers.add(Integer.parseInt(token.text()));
        }
      } else if (!token.is(']') && !array && !token.is('.')) {
        var word = token.text().replace("\"", "").toLowerCase(Locale.ROOT);
        if (!word.equals("pg_catalog")) {
          name.append(name.isEmpty() ? "" : " ").append(word);
        }
      }
    }
    var spelled = name.toString();
    if (kind == DatabaseKind.COCKROACHDB) {
      spelled = COCKROACH_SPELLINGS.getOrDefault(spelled, spelled);
    }
    spelled = SPELLINGS.getOrDefault(spelled, spelled);
    if (spelled.equals("text") && !modifiers.isEmpty()) {
      spelled = "varchar"; // CockroachDB's STRING(10)
    }
    if (MOST_PRECISE.contains(spelled) && !modifiers.isEmpty() && modifiers.getFirst() >= 6) {
      modifiers.clear(); // that is all there is
    }
    if (spelled.equals("char") && modifiers.isEmpty()) {
      modifiers.add(1);
    }
    return new Types(spelled, List.copyOf(modifiers), array);
  }

  /** Whether a column of this type takes the other without its rows being written anew. */
  boolean becomes(Types other, DatabaseKind kind) {
    if (equals(other)) {
      return true;
    }
    if (array || other.array) {
      return false;
    }
    return switch (name) {
      case "varchar" -> other.name.equals("text") || other.name.equals("varchar") && fitsIn(other);
      case "text" -> other.name.equals("varchar") && other.modifiers.isEmpty();
      case "varbit", "timestamp", "timestamptz", "time", "timetz", "interval" ->
          other.name.equals(name) && fitsIn(other);
      case "numeric" ->
          other.name.equals("numeric")
              && (other.modifiers.isEmpty() || fitsIn(other) && scale() == other.scale());
      case "cidr" -> other.name.equals("inet");
      case "int2" ->
          kind == DatabaseKind.COCKROACHDB
              && (other.name.equals("int4") || other.name.equals("int8"));
      case "int4" -> other.name.equals(kind == DatabaseKind.COCKROACHDB ? "int8" : "oid");
      default -> false;
    };
  }

  Types unlimited() {
    return new Types(name, List.of(), array);
  }

  private int scale() {
    return modifiers.size() > 1 ? modifiers.get(1) : 0;
  }

  /** By the first modifier; none is without limit. */
  private boolean fitsIn(Types other) {
    return other.modifiers.isEmpty()
        || !modifiers.isEmpty() && modifiers.getFirst() <= other.modifiers.getFirst();
  }
}
