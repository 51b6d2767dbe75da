package dev.pawl.engine.cockroach;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A schema of a test's own on a server; {@code $} in a text stands for it. */
final class Place {
  private static final AtomicInteger COUNT = new AtomicInteger();

  final ContractServer server;
  final String schema = "place" + COUNT.incrementAndGet();

  Place(ContractServer server) throws SQLException {
    this.server = server;
    execute("CREATE SCHEMA $");
  }

  String text(String sql) {
    return sql.replace("$", schema);
  }

  void execute(String... statements) throws SQLException {
    try (var connection = server.connect()) {
      for (var sql : statements) {
        execute(connection, sql);
      }
    }
  }

  void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(text(sql));
    }
  }

  /** The rows of a query, each as its columns joined by a bar. */
  List<String> query(String sql) throws SQLException {
    try (var connection = server.connect();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(text(sql))) {
      var all = new ArrayList<String>();
      while (rows.next()) {
        var columns = new ArrayList<String>();
        for (int k = 1; k <= rows.getMetaData().getColumnCount(); k++) {
          columns.add(rows.getString(k));
        }
        all.add(String.join("|", columns));
      }
      return all;
    }
  }
}
