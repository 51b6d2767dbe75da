package dev.pawl.engine.dialect;

import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.QualifiedName;
import dev.pawl.engine.sql.Splitter;
import dev.pawl.engine.verify.Observation;
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
        statement.execute(single(sql));
      }
      return question.ask();
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  /**
   * A statement that is made with the author's words, which are the facts of a verify file's too:
   * what would be several is refused, for the server would execute them all.
   */
  static String single(String sql) throws SQLException {
    if (Splitter.split(sql, DatabaseKind.POSTGRESQL).size() != 1) {
      throw new SQLException("what is asked for is not one statement", "42601");
    }
    return sql;
  }

  /**
   * Makes an empty copy of a table, without its indexes, constraints and defaults. It has the
   * table's own name, which may stand before a column. Takes AccessShareLock on the table only.
   *
   * @param more further columns, each after a comma; or nothing
   */
  static String copy(QualifiedName table, String more) {
    return "CREATE TEMP TABLE "
        + QualifiedName.quote(table.name())
        + " (LIKE "
        + table.quoted()
        + more
        + ") ON COMMIT DROP";
  }

  /** The name of the {@link #copy}. */
  static QualifiedName copied(QualifiedName table) {
    return QualifiedName.of("pg_temp", table.name());
  }

  /**
   * Whether what is there is what was asked for.
   *
   * @param what the object, for a person
   * @param shown its definition in the server's words
   * @param asked what the author's words become
   */
  static Observation compare(
      String what, String shown, Definition there, Question<Definition> asked) throws SQLException {
    Definition wanted;
    try {
      wanted = asked.ask();
    } catch (SQLException e) {
      if (!saysThatItCannotBe(e)) {
        throw e;
      }
      return new Observation.Different(
          what
              + " is there, defined as: "
              + shown
              + ". What is asked for cannot be made now, to compare them: "
              + e.getMessage());
    }
    return there
        .otherThan(wanted)
        .<Observation>map(
            how ->
                new Observation.Different(
                    what + " is there, defined as: " + shown + ". It is another: " + how))
        .orElseGet(Observation.Valid::new);
  }

  /** Something it names is not there any more, or of another kind; or PREPARE has made it. */
  private static boolean saysThatItCannotBe(SQLException e) {
    var state = SqlStates.state(e);
    return (state.startsWith("42")
            || state.startsWith("22")
            || state.startsWith("0A")
            || state.startsWith("26"))
        && !state.equals("42501");
  }
}
