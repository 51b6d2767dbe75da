package dev.pawl.engine.lint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether a statement may change many rows, and what its transaction has locked. */
class DataRulesTest {
  private static final String HISTORY =
      """
      CREATE TABLE t (id int PRIMARY KEY, a int, b int);
      CREATE TYPE state AS ENUM ('on', 'off');
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          data-change-without-where | UPDATE t SET a = 1
          data-change-without-where | DELETE FROM ONLY public.t
          data-change-without-where | WITH x AS (SELECT id FROM t WHERE a = 1) UPDATE t SET a = 2 FROM x
          -                       | UPDATE t SET a = 1 WHERE b > 3
          -                       | WITH x AS (SELECT id FROM t LIMIT 100) DELETE FROM t USING x WHERE t.id = x.id
          -                       | INSERT INTO t SELECT * FROM u
          -                       | SELECT * FROM t
          -                       | CREATE TABLE n (a int); UPDATE n SET a = 1
          -                       | CREATE TABLE n (a int); INSERT INTO n SELECT id FROM t
          -                       | CREATE TABLE n (a int); INSERT INTO n SELECT id FROM t; UPDATE n SET a = 1
          data-change-under-lock  | ALTER TABLE t ADD COLUMN c int; UPDATE t SET c = 1
          data-change-under-lock  | ALTER TABLE t ADD COLUMN c int; UPDATE t SET c = 1 WHERE c IS NULL
          data-change-under-lock  | ALTER TABLE t ADD COLUMN c int; DELETE FROM unknown_table WHERE a < 3 OR a = 7
          data-change-under-lock  | ALTER TABLE t ADD COLUMN c int; INSERT INTO log SELECT * FROM t
          data-change-under-lock index-not-concurrent | CREATE INDEX i ON t (a); SELECT 1; UPDATE t SET a = 1 WHERE b > 2
          data-change-under-lock  | BEGIN; ALTER TABLE t ADD COLUMN c int; UPDATE t SET c = 1; COMMIT
          data-change-under-lock  | ALTER TABLE t RENAME TO u; CREATE VIEW t AS SELECT 1; UPDATE u SET a = 1
          -                       | ALTER TABLE t ADD COLUMN c int; UPDATE t SET c = 1 WHERE id = 7
          -                       | ALTER TABLE t ADD COLUMN c int; UPDATE t AS x SET c = 1 WHERE x.id IN (7, 8) AND x.a > 2
          -                       | ALTER TABLE t ADD COLUMN c int; INSERT INTO log VALUES (1)
          -                       | ALTER TABLE t ADD COLUMN c int; INSERT INTO log SELECT 1 WHERE NOT EXISTS (SELECT FROM log)
          -                       | ALTER TABLE t ADD COLUMN c int; INSERT INTO log SELECT * FROM generate_series(1, 3)
          -                       | UPDATE t SET a = 1 WHERE b > 2; ALTER TABLE t ADD COLUMN c int
          -                       | ALTER TABLE t ADD COLUMN c int; VACUUM; UPDATE t SET c = 1 WHERE c IS NULL
          -                       | CREATE TABLE n (a int); ALTER TABLE n ADD COLUMN c int; UPDATE t SET b = 1 WHERE b IS NULL
          """)
  void breaks(String rules, String sql) {
    assertThat(Linted.postgresql(HISTORY, sql)).as(sql).isEqualTo(rules);
  }
}
