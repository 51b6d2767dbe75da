package dev.pawl.engine.dialect;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Questions to the catalog whose answer is texts. */
final class Query {
  private Query() {}

  static PreparedStatement prepared(Connection connection, String sql, Object... values)
      throws SQLException {
    var statement = connection.prepareStatement(sql);
    for (int k = 0; k < values.length; k++) {
      statement.setObject(k + 1, values[k]);
    }
    return statement;
  }

  /** The first row, or empty. */
  static Optional<List<String>> first(Connection connection, String sql, Object... values)
      throws SQLException {
    return rows(connection, sql, values).stream().findFirst();
  }

  /** All rows; a NULL is null. */
  static List<List<String>> rows(Connection connection, String sql, Object... values)
      throws SQLException {
    try (var statement = prepared(connection, sql, values);
        var rows = statement.executeQuery()) {
      var all = new ArrayList<List<String>>();
      while (rows.next()) {
        var row = new ArrayList<String>();
        for (int k = 1; k <= rows.getMetaData().getColumnCount(); k++) {
          row.add(rows.getString(k));
        }
        all.add(row);
      }
      return all;
    }
  }
}
