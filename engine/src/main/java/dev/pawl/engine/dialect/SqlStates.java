package dev.pawl.engine.dialect;

import java.sql.SQLException;
import java.util.Set;
import org.postgresql.util.PSQLException;

/**
 * The meaning of every SQLSTATE, one table a database; the only place that decides. From the
 * databases' documentation of their codes, and from what was seen on PostgreSQL 15 and 18.
 */
final class SqlStates {
  private static final Set<String> AMBIGUOUS =
      Set.of("57014", "57P01", "57P02", "57P03", "57P04", "57P05", "25P03", "25P04", "40003");
  private static final Set<String> EXISTS =
      Set.of(
          "42P07", "42710", "42701", "42P06", "42723", "42P04", "42P01", "42703", "42704", "42883",
          "3F000");

  private SqlStates() {}

  static Verdict postgres(SQLException error, boolean transactional) {
    var state = state(error);
    return switch (state) {
      case "40001" -> Verdict.RETRY;
      case "40P01", "55P03" -> transactional ? Verdict.RETRY : Verdict.AMBIGUOUS;
      case "53300", "53100", "53200", "53400" -> Verdict.RETRY;
      case "XX000" ->
          message(error).contains("concurrently updated") ? Verdict.RETRY : Verdict.PERMANENT;
      case "23505" ->
          "pg_catalog".equals(diagnosticSchema(error)) ? Verdict.RETRY : Verdict.PERMANENT;
      case "42501", "25006" -> Verdict.HUMAN;
      default -> common(state, transactional);
    };
  }

  static Verdict cockroach(SQLException error, boolean transactional) {
    var state = state(error);
    return switch (state) {
      case "40001", "55P03", "53200", "53300", "53100" -> Verdict.RETRY;
      case "55000", "0A000" ->
          message(error).contains("try again later") ? Verdict.RETRY : Verdict.PERMANENT;
      case "XXUUU" -> Verdict.AMBIGUOUS;
      case "XXA00" -> {
        // The transaction committed and its schema change failed; the cause's code is in the text.
        var inner = message(error);
        yield inner.contains("23505") || inner.contains("duplicate key")
            ? Verdict.PERMANENT
            : Verdict.AMBIGUOUS;
      }
      case "42501" -> Verdict.HUMAN;
      default -> common(state, transactional);
    };
  }

  private static Verdict common(String state, boolean transactional) {
    if (state.isEmpty() || state.startsWith("08") || AMBIGUOUS.contains(state)) {
      return Verdict.AMBIGUOUS;
    }
    // A transaction that failed has left nothing behind: what exists is somebody else's.
    return !transactional && EXISTS.contains(state) ? Verdict.EXISTS : Verdict.PERMANENT;
  }

  static String state(SQLException error) {
    return error.getSQLState() == null ? "" : error.getSQLState();
  }

  private static String message(SQLException error) {
    return error.getMessage() == null ? "" : error.getMessage();
  }

  private static String diagnosticSchema(SQLException error) {
    return error instanceof PSQLException e && e.getServerErrorMessage() != null
        ? e.getServerErrorMessage().getSchema()
        : null;
  }
}
