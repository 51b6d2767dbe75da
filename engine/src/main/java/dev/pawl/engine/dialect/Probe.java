package dev.pawl.engine.dialect;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Asks the server what a definition would become: makes it of a temporary table, in a transaction
 * that is rolled back.
 */
final class Probe {
  /** What is asked while the temporary table is there. */
  interface Question<T> {
    T ask() throws SQLException;
  }

  private Probe() {}

  static <T> T ask(Connection connection, Question<T> question, String... statements)
      throws SQLException {
    connection.setAutoCommit(false);
    try (var statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      // At most half of deadlock_timeout: whoever waits longer beside a build gets it killed.
      statement.execute(
          """
          SELECT pg_catalog.set_config('lock_timeout',
                   least(400, greatest(1, setting::int / 2))::text, true)
            FROM pg_catalog.pg_settings WHERE name = 'deadlock_timeout'
          """);
      for (var sql : statements) {
        statement.execute(sql);
      }
      return question.ask();
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }
}
