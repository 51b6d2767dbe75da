package dev.pawl.engine.dialect;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * What an object is made of, part by part, each as the server prints it: where all parts are equal
 * the meaning is, in whatever words it was asked for.
 *
 * @param parts by the name that a person knows them by; null where the object has none of it
 */
record Definition(Map<String, String> parts) {
  /**
   * The first row of a query, whose column labels are the names of the parts.
   *
   * @return empty where there is no row
   */
  static Optional<Definition> read(Connection connection, String sql, Object... values)
      throws SQLException {
    try (var statement = Query.prepared(connection, sql, values);
        var rows = statement.executeQuery()) {
      if (!rows.next()) {
        return Optional.empty();
      }
      var parts = new LinkedHashMap<String, String>();
      for (int k = 1; k <= rows.getMetaData().getColumnCount(); k++) {
        parts.put(rows.getMetaData().getColumnLabel(k), rows.getString(k));
      }
      return Optional.of(new Definition(parts));
    }
  }

  /** With these parts added. */
  Definition and(Definition more) {
    var all = new LinkedHashMap<>(parts);
    all.putAll(more.parts);
    return new Definition(all);
  }

  /** With nothing said of one part. */
  Definition without(String part) {
    var rest = new LinkedHashMap<>(parts);
    rest.remove(part);
    return new Definition(rest);
  }

  Optional<String> part(String name) {
    return Optional.ofNullable(parts.get(name));
  }

  /** How this one is another than what was asked for, for a person; empty where it is not. */
  Optional<String> otherThan(Definition asked) {
    var differences = new StringJoiner("; ");
    for (var name : asked.parts.keySet()) {
      var there = parts.get(name);
      var wanted = asked.parts.get(name);
      if (!Objects.equals(there, wanted)) {
        differences.add(
            name + ": " + shown(there) + " is there, " + shown(wanted) + " is asked for");
      }
    }
    return differences.length() == 0 ? Optional.empty() : Optional.of(differences.toString());
  }

  private static String shown(String value) {
    return value == null || value.isEmpty() ? "nothing" : value;
  }
}
