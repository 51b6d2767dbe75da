package dev.pawl.engine.cockroach;

import dev.pawl.engine.cockroach.world.Sql;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** A table made up for one query, as a subselect that PostgreSQL evaluates. */
final class Rows {
  private final List<String> names = new ArrayList<>();
  private final List<String> types = new ArrayList<>();
  private final List<String> rows = new ArrayList<>();
  private String also = "";

  /** Columns given as "name type". */
  Rows(String... columns) {
    for (var column : columns) {
      int space = column.indexOf(' ');
      names.add(column.substring(0, space));
      types.add(column.substring(space + 1));
    }
  }

  /** One row, with a value for each column: null, text, number, boolean or a list of texts. */
  void add(Object... values) {
    if (values.length != names.size()) {
      throw new IllegalArgumentException(names + " are not " + List.of(values).size());
    }
    var fields = new ArrayList<String>();
    for (int k = 0; k < values.length; k++) {
      fields.add(json(names.get(k)) + ":" + json(values[k]));
    }
    rows.add("{" + String.join(",", fields) + "}");
  }

  /** Rows that come from PostgreSQL's own catalog besides. */
  Rows also(String select) {
    also = select;
    return this;
  }

  private static String json(Object value) {
    return switch (value) {
      case null -> "null";
      case Number n -> n.toString();
      case Boolean b -> b.toString();
      case Collection<?> c -> c.stream().map(Rows::json).collect(Collectors.joining(",", "[", "]"));
      default -> string(value.toString());
    };
  }

  private static String string(String text) {
    var json = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ') {
        json.append(String.format("\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }

  /** A parenthesised SELECT. */
  String sql() {
    var columns = new ArrayList<String>();
    for (int k = 0; k < names.size(); k++) {
      columns.add('"' + names.get(k) + "\" " + types.get(k));
    }
    var quoted = names.stream().map(n -> '"' + n + '"').collect(Collectors.joining(","));
    return "(SELECT "
        + quoted
        + " FROM pg_catalog.json_to_recordset("
        + Sql.quote("[" + String.join(",", rows) + "]")
        + ") AS model("
        + String.join(",", columns)
        + ")"
        + (also.isEmpty() ? "" : " UNION ALL " + also)
        + ")";
  }
}
