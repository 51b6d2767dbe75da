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
   * @throws SQLException for any other error, and for a query that returns no boolean
   */
  public static Answer ask(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      try (var rows = statement.executeQuery(sql)) {
        if (!rows.next() || rows.getObject(1) == null) {
          return new Answer(false, "the verify query returned nothing");
        }
        if (rows.getObject(1) instanceof Boolean answer) {
          return new Answer(answer, answer ? "" : "the verify query returned false");
        }
        throw new SQLException(
            "the verify query returned "
                + rows.getMetaData().getColumnTypeName(1)
                + ", not a boolean: make it SELECT one boolean",
            "42804");
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
}
