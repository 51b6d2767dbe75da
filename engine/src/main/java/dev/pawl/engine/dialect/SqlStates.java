package dev.pawl.engine.dialect;

import java.sql.SQLException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.postgresql.util.PSQLException;

/**
 * The meaning of every SQLSTATE, one table a database; the only place that decides. From the
 * databases' documentation of their codes (CockroachDB's own: pkg/sql/pgwire/pgcode/codes.go), and
 * from what was seen on PostgreSQL 15 and 18.
 */
public final class SqlStates {
  /** Pawl's own, for what a dialect has seen and only a person can mend. */
  static final String NEEDS_PERSON = "PW005";

  private static final String LOCK_NOT_AVAILABLE = "55P03";
  private static final String OUT_OF_MEMORY = "53200";

  /** On CockroachDB a statement may need more memory than it will ever get. */
  private static final int MEMORY_TRIES = 5;

  private static final Set<String> AMBIGUOUS =
      Set.of("57014", "57P01", "57P02", "57P03", "57P04", "57P05", "25P03", "25P04", "40003");
  private static final Set<String> EXISTS =
      Set.of(
          "42P07", "42710", "42701", "42P06", "42723", "42P04", "42P01", "42703", "42704", "42883",
          "3F000");

  /** "transaction committed but schema change aborted with error: (23505): duplicate key …". */
  private static final Pattern INNER = Pattern.compile("with error: \\(([0-9A-Z]{5})\\)");

  private SqlStates() {}

  /** Whether it says that somebody else holds a lock. */
  public static boolean lockNotAvailable(SQLException error) {
    return LOCK_NOT_AVAILABLE.equals(error.getSQLState());
  }

  static Verdict postgres(SQLException error, boolean transactional) {
    var state = state(error);
    return switch (state) {
      case "40001" -> Verdict.RETRY;
      case "40P01", LOCK_NOT_AVAILABLE -> transactional ? Verdict.RETRY : Verdict.AMBIGUOUS;
      case "53300", "53100", OUT_OF_MEMORY, "53400" -> Verdict.RETRY;
      case "25006" -> Verdict.RETRY; // a standby, until it is promoted
      case "XX000" ->
          message(error).contains("concurrently updated") ? Verdict.RETRY : Verdict.PERMANENT;
      case "23505" ->
          "pg_catalog".equals(diagnosticSchema(error)) ? Verdict.RETRY : Verdict.PERMANENT;
      case "42501" -> Verdict.HUMAN;
      default -> common(state, transactional);
    };
  }

  /**
   * @param before how many errors of the same SQLSTATE the step has met before
   */
  static Verdict cockroach(SQLException error, boolean transactional, int before) {
    var state = state(error);
    return switch (state) {
      case "40001", LOCK_NOT_AVAILABLE, "53100", "53300" -> Verdict.RETRY;
      case OUT_OF_MEMORY -> before < MEMORY_TRIES ? Verdict.RETRY : Verdict.HUMAN;
      case "55000", "0A000", "42P07", "42710" ->
          saysTryAgain(error) ? Verdict.RETRY : common(state, transactional);
      case "XXUUU" -> Verdict.AMBIGUOUS;
      case "58C00", "58C01" -> Verdict.AMBIGUOUS; // a range or a node that does not answer
      case "XXA00" -> inner(error, transactional, before);
      case "42501", NEEDS_PERSON -> Verdict.HUMAN;
      default -> common(state, transactional);
    };
  }

  /** An object whose name is not free yet, or whose earlier change is not finished. */
  private static boolean saysTryAgain(SQLException error) {
    var text = message(error).toLowerCase(Locale.ROOT);
    return text.contains("try again later")
        || text.contains("being dropped")
        || text.contains("is currently undergoing")
        || text.contains("in the middle of being");
  }

  /**
   * The transaction has committed and its schema change has failed: observed, unless the cause,
   * whose code is in the text, says that it would fail again.
   */
  private static Verdict inner(SQLException error, boolean transactional, int before) {
    var code = INNER.matcher(message(error));
    if (!code.find() || code.group(1).startsWith("XX")) {
      return Verdict.AMBIGUOUS;
    }
    var verdict = cockroach(new SQLException(message(error), code.group(1)), transactional, before);
    return verdict == Verdict.RETRY ? Verdict.AMBIGUOUS : verdict;
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
