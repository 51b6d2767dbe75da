package dev.pawl.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.sql.DatabaseKind;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A long text takes longer, and a deep one no stack: in seconds, where a square would be hours. */
class SizeTest {
  private static Planner.Inspection read(String sql, DatabaseKind kind) {
    return Planner.inspect(List.of(new SourceFile("1_x.sql", sql)), kind);
  }

  @ParameterizedTest
  @Timeout(value = 300, unit = TimeUnit.SECONDS)
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "10, ``,                     `UPDATE t SET a = 1;`, ``",
        "2, `INSERT INTO t VALUES `, `(1, 'x'),`, ` (2, 'y');`",
        "2, `CREATE TABLE t (`,      `a int UNIQUE,`, `b int);`",
        "2, `ALTER TABLE t `,        `ADD COLUMN IF NOT EXISTS a int,`, `ADD b int`",
        "2, `CREATE INDEX i ON t (`, `lower(a),`, `b)`",
        "2, `DO $$`,                 `BEGIN x := 1; END;`, `$$`"
      })
  void megabytesAreRead(int megabytes, String head, String piece, String tail) {
    var sql = head + piece.repeat(megabytes * 1_000_000 / piece.length()) + tail;
    var read = read(sql, DatabaseKind.POSTGRESQL);
    assertThat(read.problems()).isEmpty();
    assertThat(read.steps()).isNotEmpty();
  }

  @ParameterizedTest
  @Timeout(value = 300, unit = TimeUnit.SECONDS)
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "`SELECT `",
        "`CREATE TABLE t (a int DEFAULT `",
        "`ALTER TABLE t ADD CHECK `",
        "`CREATE INDEX i ON t (a) WHERE `",
        "`CREATE VIEW v AS SELECT `"
      })
  void tenThousandParenthesesAreRead(String head) {
    var tail = head.contains("TABLE t (") ? ")" : "";
    var sql = head + "(".repeat(10_000) + "1" + ")".repeat(10_000) + tail;
    for (var kind : DatabaseKind.values()) {
      assertThat(read(sql, kind).problems()).isEmpty();
      assertThat(read(sql, kind).steps()).hasSize(1);
    }
    assertThat(read(head + "(".repeat(1_000_000), DatabaseKind.COCKROACHDB).problems())
        .extracting(Problem::message)
        .containsExactly("this parenthesis is never closed");
  }

  @Test
  @Timeout(value = 120, unit = TimeUnit.SECONDS)
  void ofAHundredThousandProblemsNoMoreAreKeptThanAnybodyReads() {
    for (var piece : new String[] {"COMMIT;", "FROB x;", "SELECT $1 \\ ;"}) {
      var problems = read(piece.repeat(100_000), DatabaseKind.POSTGRESQL).problems();
      assertThat(problems).hasSizeBetween(1, 1000);
      assertThat(problems.getFirst().line()).isEqualTo(1);
    }
  }
}
