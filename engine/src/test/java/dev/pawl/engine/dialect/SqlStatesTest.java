package dev.pawl.engine.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** The table of what every SQLSTATE means, and that nothing else in the run decides by one. */
class SqlStatesTest {
  private static final int NEVER_MET = 0;

  @ParameterizedTest(name = "{0} {1}: in a transaction {2}, on its own {3}")
  @CsvSource(
      useHeadersInDisplayName = true,
      textBlock =
          """
          STATE, MESSAGE,                    IN A TRANSACTION, ON ITS OWN
          40001, could not serialize access, RETRY,            RETRY
          40P01, deadlock detected,          RETRY,            AMBIGUOUS
          55P03, lock timeout,               RETRY,            AMBIGUOUS
          53300, too many clients,           RETRY,            RETRY
          53100, No space left on device,    RETRY,            RETRY
          53200, out of memory,              RETRY,            RETRY
          53400, configuration limit,        RETRY,            RETRY
          XX000, tuple concurrently updated, RETRY,            RETRY
          XX000, cache lookup failed,        PERMANENT,        PERMANENT

          '',    connection is closed,       AMBIGUOUS,        AMBIGUOUS
          08000, connection exception,       AMBIGUOUS,        AMBIGUOUS
          08001, cannot connect,             AMBIGUOUS,        AMBIGUOUS
          08003, no connection,              AMBIGUOUS,        AMBIGUOUS
          08004, rejected,                   AMBIGUOUS,        AMBIGUOUS
          08006, connection failure,         AMBIGUOUS,        AMBIGUOUS
          08007, resolution unknown,         AMBIGUOUS,        AMBIGUOUS
          08P01, protocol violation,         AMBIGUOUS,        AMBIGUOUS
          57014, canceling statement,        AMBIGUOUS,        AMBIGUOUS
          57P01, terminating connection,     AMBIGUOUS,        AMBIGUOUS
          57P02, crash of another,           AMBIGUOUS,        AMBIGUOUS
          57P03, starting up,                AMBIGUOUS,        AMBIGUOUS
          57P04, database dropped,           AMBIGUOUS,        AMBIGUOUS
          57P05, idle session timeout,       AMBIGUOUS,        AMBIGUOUS
          25P03, idle in transaction,        AMBIGUOUS,        AMBIGUOUS
          25P04, transaction timeout,        AMBIGUOUS,        AMBIGUOUS
          40003, completion unknown,         AMBIGUOUS,        AMBIGUOUS

          42P07, relation exists,            PERMANENT,        EXISTS
          42710, object exists,              PERMANENT,        EXISTS
          42701, column exists,              PERMANENT,        EXISTS
          42P06, schema exists,              PERMANENT,        EXISTS
          42723, function exists,            PERMANENT,        EXISTS
          42P04, database exists,            PERMANENT,        EXISTS
          42P01, no such relation,           PERMANENT,        EXISTS
          42703, no such column,             PERMANENT,        EXISTS
          42704, no such object,             PERMANENT,        EXISTS
          42883, no such function,           PERMANENT,        EXISTS
          3F000, no such schema,             PERMANENT,        EXISTS

          23502, null value,                 PERMANENT,        PERMANENT
          23503, foreign key,                PERMANENT,        PERMANENT
          23505, duplicate key,              PERMANENT,        PERMANENT
          23514, check,                      PERMANENT,        PERMANENT
          23P01, exclusion,                  PERMANENT,        PERMANENT
          42601, syntax error,               PERMANENT,        PERMANENT
          42804, type mismatch,              PERMANENT,        PERMANENT
          42P16, invalid table definition,   PERMANENT,        PERMANENT
          0A000, not supported,              PERMANENT,        PERMANENT
          55000, not in prerequisite state,  PERMANENT,        PERMANENT
          55006, object in use,              PERMANENT,        PERMANENT
          55P04, unsafe use of new value,    PERMANENT,        PERMANENT
          25001, active transaction,         PERMANENT,        PERMANENT
          2D000, invalid termination,        PERMANENT,        PERMANENT
          22012, division by zero,           PERMANENT,        PERMANENT

          25006, read-only,                  RETRY,            RETRY
          42501, permission denied,          HUMAN,            HUMAN
          """)
  void postgres(String state, String message, Verdict inTransaction, Verdict onItsOwn) {
    var error = new SQLException(message, state);
    assertThat(SqlStates.postgres(error, true)).isEqualTo(inTransaction);
    assertThat(SqlStates.postgres(error, false)).isEqualTo(onItsOwn);
  }

  /** Two that make the same thing with IF NOT EXISTS meet in the catalog; rows do not pass. */
  @ParameterizedTest
  @CsvSource({"pg_catalog, RETRY", "public, PERMANENT", "shop, PERMANENT"})
  void aDuplicateInTheCatalogIsARace(String schema, Verdict verdict) {
    var error =
        new PSQLException(
            new ServerErrorMessage("SERROR\0C23505\0Mduplicate key value\0s" + schema + "\0"));
    assertThat(SqlStates.postgres(error, true)).isEqualTo(verdict);
    assertThat(SqlStates.postgres(error, false)).isEqualTo(verdict);
  }

  @ParameterizedTest(name = "{0} {1}: in a transaction {2}, on its own {3}")
  @CsvSource(
      useHeadersInDisplayName = true,
      delimiter = ';',
      textBlock =
          """
          STATE; MESSAGE;                                               IN A TRANSACTION; ON ITS OWN
          40001; restart transaction;                                   RETRY;            RETRY
          55P03; could not obtain lock;                                 RETRY;            RETRY
          53100; disk full;                                             RETRY;            RETRY
          53300; too many clients;                                      RETRY;            RETRY
          53200; memory budget exceeded;                                RETRY;            RETRY
          55000; relation "t" is being dropped, try again later;        RETRY;            RETRY
          0A000; is currently undergoing a schema change, try again later; RETRY;         RETRY
          0A000; column "a" is in the middle of being dropped;          RETRY;            RETRY
          42P07; relation "t" is being dropped;                         RETRY;            RETRY
          42710; index "i" is being dropped, try again later;           RETRY;            RETRY

          '';    connection is closed;                                  AMBIGUOUS;        AMBIGUOUS
          40003; result is ambiguous;                                   AMBIGUOUS;        AMBIGUOUS
          57014; query execution canceled;                              AMBIGUOUS;        AMBIGUOUS
          08000; connection exception;                                  AMBIGUOUS;        AMBIGUOUS
          08001; cannot connect;                                        AMBIGUOUS;        AMBIGUOUS
          08003; no connection;                                         AMBIGUOUS;        AMBIGUOUS
          08004; rejected;                                              AMBIGUOUS;        AMBIGUOUS
          08006; connection failure;                                    AMBIGUOUS;        AMBIGUOUS
          08007; resolution unknown;                                    AMBIGUOUS;        AMBIGUOUS
          57P01; server is shutting down;                               AMBIGUOUS;        AMBIGUOUS
          XXUUU; uncategorized;                                         AMBIGUOUS;        AMBIGUOUS
          58C00; replica unavailable;                                   AMBIGUOUS;        AMBIGUOUS
          58C01; circuit breaker;                                       AMBIGUOUS;        AMBIGUOUS
          XXA00; committed but schema change aborted with error: (40001): x; AMBIGUOUS;   AMBIGUOUS
          XXA00; committed but schema change aborted with error: (53200): x; AMBIGUOUS;   AMBIGUOUS
          XXA00; committed but schema change aborted with error: (XXUUU): x; AMBIGUOUS;   AMBIGUOUS
          XXA00; connection reset at 23505;                             AMBIGUOUS;        AMBIGUOUS

          42P07; relation exists;                                       PERMANENT;        EXISTS
          42710; object exists;                                         PERMANENT;        EXISTS
          42701; column exists;                                         PERMANENT;        EXISTS
          42P06; schema exists;                                         PERMANENT;        EXISTS
          42723; function exists;                                       PERMANENT;        EXISTS
          42P04; database exists;                                       PERMANENT;        EXISTS
          42P01; no such relation;                                      PERMANENT;        EXISTS
          42703; no such column;                                        PERMANENT;        EXISTS
          42704; no such object;                                        PERMANENT;        EXISTS

          XXA00; committed but schema change aborted with error: (23505): x; PERMANENT;   PERMANENT
          23502; null value;                                            PERMANENT;        PERMANENT
          23503; foreign key;                                           PERMANENT;        PERMANENT
          23505; duplicate key;                                         PERMANENT;        PERMANENT
          23514; check;                                                 PERMANENT;        PERMANENT
          42601; syntax error;                                          PERMANENT;        PERMANENT
          42804; type mismatch;                                         PERMANENT;        PERMANENT
          0A000; unimplemented;                                         PERMANENT;        PERMANENT
          55000; not a view;                                            PERMANENT;        PERMANENT
          57000; table is schema_locked;                                PERMANENT;        PERMANENT

          42501; no privilege;                                          HUMAN;            HUMAN
          PW005; job 1 is paused;                                       HUMAN;            HUMAN
          PW005; job 1 is revert-failed;                                HUMAN;            HUMAN
          PW005; other roles' jobs cannot be seen: GRANT SYSTEM VIEWJOB; HUMAN;           HUMAN
          XXA00; committed but schema change aborted with error: (42501): x; HUMAN;       HUMAN
          """)
  void cockroach(String state, String message, Verdict inTransaction, Verdict onItsOwn) {
    var error = new SQLException(message, state);
    assertThat(SqlStates.cockroach(error, true, NEVER_MET)).isEqualTo(inTransaction);
    assertThat(SqlStates.cockroach(error, false, NEVER_MET)).isEqualTo(onItsOwn);
  }

  /** What is worth only so many tries; all other retries are without end. */
  @ParameterizedTest(name = "{0} {1}, met {2} times before: {3}")
  @CsvSource({
    "COCKROACHDB, 53200, 1, RETRY",
    "COCKROACHDB, 53200, 4, RETRY",
    "COCKROACHDB, 53200, 5, HUMAN",
    "COCKROACHDB, 53200, 1000000, HUMAN",
    "COCKROACHDB, 40001, 1000000, RETRY",
    "COCKROACHDB, 55P03, 1000000, RETRY",
    "COCKROACHDB, 53300, 1000000, RETRY",
    "POSTGRESQL, 53200, 1000000, RETRY",
    "POSTGRESQL, 40001, 1000000, RETRY",
    "POSTGRESQL, 55P03, 1000000, RETRY",
    "POSTGRESQL, 53100, 1000000, RETRY",
    "POSTGRESQL, 53300, 1000000, RETRY",
  })
  void tries(dev.pawl.engine.sql.DatabaseKind kind, String state, int metBefore, Verdict verdict) {
    assertThat(Dialect.of(kind).verdict(new SQLException("x", state), true, metBefore))
        .isEqualTo(verdict);
  }

  /** Sentences are made by SQLSTATE, too; those two classes do nothing else with one. */
  private static final Set<String> SENTENCES = Set.of("Messages.java", "Connector.java");

  private static final Pattern LITERAL = Pattern.compile("\"([0-9][0-9A-Z]{4}|XX[0-9A-Z]{3})\"");

  /** A SQLSTATE that is written into a row or asked for in a notice is not decided by. */
  private static boolean retried(String state) {
    return !state.equals("57014")
        && Set.of(Verdict.RETRY, Verdict.AMBIGUOUS)
            .contains(SqlStates.postgres(new SQLException("concurrently updated", state), true));
  }

  @Test
  void nothingElseInTheRunDecidesWhatIsTriedAgain() throws IOException {
    var found = new ArrayList<String>();
    try (var files = Files.walk(Path.of("src/main/java/dev/pawl/engine/execute"))) {
      for (var file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        if (SENTENCES.contains(file.getFileName().toString())) {
          continue;
        }
        LITERAL
            .matcher(Files.readString(file))
            .results()
            .map(m -> m.group(1))
            .filter(SqlStatesTest::retried)
            .forEach(state -> found.add(file.getFileName() + ": " + state));
      }
    }
    assertThat(found)
        .as("SQLSTATEs that are retried: SqlStates decides by them, ask Dialect.verdict")
        .isEqualTo(List.of());
  }

  @ParameterizedTest
  @ValueSource(strings = {"40001", "55P03", "40P01", "53300", "08006"})
  void whichTheScanWouldFind(String state) {
    assertThat(LITERAL.matcher("case \"" + state + "\" ->").find()).isTrue();
    assertThat(retried(state)).isTrue();
  }
}
