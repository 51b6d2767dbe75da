package dev.pawl.engine.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the author wrote beside what CockroachDB shows. */
class CockroachTextTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '!',
      delimiter = ';',
      value = {
        "state = 'open'; (state = 'open':::STRING); true",
        "state = 'open'; (state = 'open'::STRING); true",
        "State='open' and not deleted; state = 'open':::STRING AND NOT deleted; true",
        "(n > 10); n > 10:::INT8; true",
        "\"state\" <> 'open'; state != 'open':::STRING; true",
        "a in ('x','y'); a IN ('x':::STRING, 'y':::STRING); true",
        "price > 1.5; price > 1.5:::DECIMAL(10,2); true",
        "a = 'x'::app.mood; a = 'x':::app.mood; false",
        "a; a; true",
        "(a) > 1; a > 1:::INT8; true",
        "state = 'open'; state = 'OPEN':::STRING; false",
        "\"State\" = 'x'; state = 'x':::STRING; false",
        "(a OR b) AND c; a OR (b AND c); false",
        "lower(a); lower(a); true",
        "lower(a); a; false",
        "a IN ('x'); a = 'x'; false",
        "a::INT8 = 1; a = 1:::INT8; false",
      })
  void isTheSameOnlyWhereTheTextsSaySo(String author, String stored, boolean same) {
    assertThat(CockroachText.same(author.strip(), stored.strip())).isEqualTo(same);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "int; INT8",
        "Bigint; INT8",
        "text; STRING",
        "varchar ( 20 ); VARCHAR(20)",
        "character varying(20); VARCHAR(20)",
        "numeric(10, 2); DECIMAL(10,2)",
        "timestamp with time zone; TIMESTAMPTZ",
        "text[]; STRING[]",
        "int8 []; INT8[]",
        "double precision; FLOAT8",
        "serial; INT8",
      })
  void aTypeIsSpelledAsCockroachDbDoes(String written, String shown) {
    assertThat(CockroachText.type(written)).isEqualTo(shown);
  }
}
