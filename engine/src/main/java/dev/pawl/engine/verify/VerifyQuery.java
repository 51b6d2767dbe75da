package dev.pawl.engine.verify;

import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.util.PSQLException;

/** Asks the single SELECT of a verify file. */
public final class VerifyQuery {
  private static final String INVALID_TEXT_REPRESENTATION = "22P02";

  private VerifyQuery() {}

  /**
   * The answer of a predicate.
   *
   * @param verified true was returned
   * @param message what a "not yet" says, where it says something
   */
  public record Answer(boolean verified, String message) {}

  /**
   * Asks once.
   *
   * @param sql one SELECT returning one boolean: {@code true} is verified; {@code false}, NULL or
   *     no row is not yet; a failed cast of a text to boolean is not yet, with that text as its
   *     message
   * @throws SQLException for any other error, and for a query that returns anything else
   */
  public static Answer ask(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      try (var rows = statement.executeQuery(sql)) {
        int columns = rows.getMetaData().getColumnCount();
        if (columns != 1) {
          throw notOne(columns + " columns");
        }
        var found = rows.next() ? rows.getObject(1) : null;
        if (rows.next()) {
          throw notOne("several rows");
        }
        if (found == null) {
          return new Answer(false, "the verify query returned nothing");
        }
        if (found instanceof Boolean answer) {
          return new Answer(answer, answer ? "" : "the verify query returned false");
        }
        throw notOne(rows.getMetaData().getColumnTypeName(1));
      }
    } catch (PSQLException e) {
      var server = e.getServerErrorMessage();
      if (INVALID_TEXT_REPRESENTATION.equals(e.getSQLState())
          && server != null
          && server.getMessage() != null
          && server.getMessage().contains("boolean")) {
        return new Answer(false, server.getMessage());
      }
      throw e;
    }
  }

  /** One true beside others, which may be false, says nothing. */
  private static SQLException notOne(String what) {
    return new SQLException(
        "the verify query returned " + what + ", not a boolean: make it SELECT one boolean",
        "42804");
  }
}
