package dev.pawl.engine.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The verdict on every SQLSTATE that has a rule. */
class SqlStatesTest {
  @ParameterizedTest
  @CsvSource({
    "40001, true, RETRY", "40P01, true, RETRY", "40P01, false, AMBIGUOUS",
    "55P03, true, RETRY", "55P03, false, AMBIGUOUS", "53300, true, RETRY",
    "53100, true, RETRY", "08006, true, AMBIGUOUS", "08003, false, AMBIGUOUS",
    "57014, true, AMBIGUOUS", "57P01, true, AMBIGUOUS", "57P05, false, AMBIGUOUS",
    "25P03, true, AMBIGUOUS", "25P04, false, AMBIGUOUS", "40003, true, AMBIGUOUS",
    "42P07, false, EXISTS", "42710, false, EXISTS", "42701, false, EXISTS",
    "42P06, false, EXISTS", "42723, false, EXISTS", "42P04, false, EXISTS",
    "42P01, false, EXISTS", "42703, false, EXISTS", "42704, false, EXISTS",
    "42P07, true, PERMANENT", "23505, true, PERMANENT", "23503, true, PERMANENT",
    "42601, false, PERMANENT", "0A000, true, PERMANENT", "55006, true, PERMANENT",
    "55P04, true, PERMANENT", "25001, false, PERMANENT", "2D000, true, PERMANENT",
    "25006, true, HUMAN", "42501, true, HUMAN", "42501, false, HUMAN",
  })
  void postgres(String state, boolean transactional, Verdict verdict) {
    assertThat(SqlStates.postgres(new SQLException("x", state), transactional)).isEqualTo(verdict);
  }

  @ParameterizedTest
  @CsvSource({
    "40001, '', RETRY",
    "55P03, '', RETRY",
    "53200, '', RETRY",
    "53300, '', RETRY",
    "53100, '', RETRY",
    "55000, 'relation \"t\" is being dropped, try again later', RETRY",
    "42P07, 'relation \"t\" is being dropped', RETRY",
    "0A000, 'table is currently undergoing a schema change, try again later', RETRY",
    "0A000, 'unimplemented', PERMANENT",
    "55000, 'not a view', PERMANENT",
    "40003, '', AMBIGUOUS",
    "57014, '', AMBIGUOUS",
    "57P01, '', AMBIGUOUS",
    "08006, '', AMBIGUOUS",
    "08003, '', AMBIGUOUS",
    "'', '', AMBIGUOUS",
    "58C00, 'replica unavailable', AMBIGUOUS",
    "58C01, '', AMBIGUOUS",
    "XXUUU, '', AMBIGUOUS",
    "XXA00, 'transaction committed but schema change aborted with error: (23505): duplicate',"
        + " PERMANENT",
    "XXA00, 'transaction committed but schema change aborted with error: (42501): no', HUMAN",
    "XXA00, 'transaction committed but schema change aborted with error: (40001): restart',"
        + " AMBIGUOUS",
    "XXA00, 'transaction committed but schema change aborted with error: (XXUUU): what',"
        + " AMBIGUOUS",
    "XXA00, 'connection reset at 23505', AMBIGUOUS",
    "42P07, 'relation exists', EXISTS",
    "42710, '', EXISTS",
    "42701, '', EXISTS",
    "42P06, '', EXISTS",
    "42723, '', EXISTS",
    "42P04, '', EXISTS",
    "42P01, '', EXISTS",
    "42703, '', EXISTS",
    "42704, '', EXISTS",
    "23505, '', PERMANENT",
    "23503, '', PERMANENT",
    "23502, '', PERMANENT",
    "23514, '', PERMANENT",
    "42601, '', PERMANENT",
    "57000, 'schema_locked', PERMANENT",
    "42501, '', HUMAN",
    "PW005, 'job 1 is paused', HUMAN",
  })
  void cockroach(String state, String message, Verdict verdict) {
    assertThat(SqlStates.cockroach(new SQLException(message, state), false)).isEqualTo(verdict);
  }

  @ParameterizedTest
  @CsvSource({
    "40001, RETRY",
    "40003, AMBIGUOUS",
    "42P07, PERMANENT",
    "42P01, PERMANENT",
    "23505, PERMANENT",
    "55P03, RETRY",
    "42501, HUMAN",
  })
  void cockroachInATransaction(String state, Verdict verdict) {
    assertThat(SqlStates.cockroach(new SQLException("x", state), true)).isEqualTo(verdict);
  }

  @ParameterizedTest
  @CsvSource({"concurrently updated tuple, RETRY", "cache lookup failed, PERMANENT"})
  void anInternalErrorIsRetriedOnlyWhereItSaysSo(String message, Verdict verdict) {
    assertThat(SqlStates.postgres(new SQLException(message, "XX000"), true)).isEqualTo(verdict);
  }
}
