package dev.pawl.engine.lint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables as a whole, partitions, enums. */
class TableRulesTest {
  private static final String HISTORY =
      """
      CREATE TABLE t (id int, a int);
      CREATE TABLE parted (id int, at date) PARTITION BY RANGE (at);
      CREATE TABLE plain (id int, at date);
      CREATE TABLE bounded (id int, at date CHECK (at > '2020-01-01'));
      CREATE TYPE state AS ENUM ('on', 'off');
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          vacuum-full             | VACUUM FULL t
          vacuum-full             | VACUUM (ANALYZE, FULL) t
          -                       | VACUUM (FULL false) t
          -                       | VACUUM ANALYZE t
          cluster                 | CLUSTER t USING i
          -                       | ALTER TABLE t CLUSTER ON i
          table-rewrite           | ALTER TABLE t SET LOGGED
          table-rewrite           | ALTER TABLE t SET (fillfactor = 70), SET TABLESPACE fast
          table-rewrite           | ALTER TABLE t SET ACCESS METHOD columnar
          -                       | ALTER TABLE t SET (fillfactor = 70)
          -                       | CREATE UNLOGGED TABLE n (a int); ALTER TABLE n SET LOGGED
          detach-not-concurrent   | ALTER TABLE parted DETACH PARTITION plain
          -                       | ALTER TABLE parted DETACH PARTITION plain CONCURRENTLY
          -                       | ALTER TABLE parted DETACH PARTITION plain FINALIZE
          attach-scans-partition  | ALTER TABLE parted ATTACH PARTITION plain FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')
          attach-scans-partition  | ALTER TABLE parted ATTACH PARTITION unknown_table DEFAULT
          -                       | ALTER TABLE parted ATTACH PARTITION bounded FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')
          -                       | CREATE TABLE n (LIKE parted); ALTER TABLE parted ATTACH PARTITION n FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')
          enum-value-used-at-once | BEGIN; ALTER TYPE state ADD VALUE 'x'; UPDATE t SET s = 'x' WHERE id = 1; COMMIT
          -                       | ALTER TYPE state ADD VALUE 'x'; UPDATE t SET s = 'x' WHERE id = 1
          -                       | BEGIN; ALTER TYPE state ADD VALUE 'x'; UPDATE t SET s = 'on' WHERE id = 1; COMMIT
          -                       | BEGIN; ALTER TYPE state ADD VALUE 'x'; ALTER TYPE state ADD VALUE 'y' BEFORE 'x'; COMMIT
          -                       | BEGIN; CREATE TYPE e AS ENUM ('a'); ALTER TYPE e ADD VALUE 'x'; SELECT 'x'::e; COMMIT
          """)
  void breaks(String rules, String sql) {
    assertThat(Linted.postgresql(HISTORY, sql)).as(sql).isEqualTo(rules);
  }
}
