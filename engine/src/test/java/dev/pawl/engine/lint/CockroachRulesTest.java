package dev.pawl.engine.lint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** CockroachDB, with one schema change a file, for the planner refuses more. */
class CockroachRulesTest {
  private static final String HISTORY =
      """
      CREATE TABLE t (id INT PRIMARY KEY, a STRING(10), b INT2, c INT, u INT UNIQUE, INDEX by_c (c), INDEX by_id (id) WHERE p > 0, p INT, st INT, INDEX storing (id) STORING (st), UNIQUE INDEX by_b (b));
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          several-schema-changes  | ALTER TABLE t ADD COLUMN y INT, ADD COLUMN z INT
          -                       | ALTER TABLE t ADD COLUMN y INT REFERENCES u (x, y)
          -                       | ALTER TABLE t ADD CONSTRAINT x UNIQUE (a, b)
          invalid-source          | CREATE TABLE n (a INT); ALTER TABLE n ADD COLUMN y INT, ADD COLUMN z INT
          alter-type-rewrites-column | ALTER TABLE t ALTER COLUMN a TYPE INT
          alter-type-rewrites-column | ALTER TABLE t ALTER COLUMN c SET DATA TYPE STRING
          alter-type-rewrites-column? | ALTER TABLE unknown_table ALTER COLUMN c TYPE STRING
          -                       | ALTER TABLE t ALTER COLUMN a TYPE STRING(20)
          -                       | ALTER TABLE t ALTER COLUMN a TYPE VARCHAR
          -                       | ALTER TABLE t ALTER COLUMN b TYPE INT8
          alter-primary-key       | ALTER TABLE t ALTER PRIMARY KEY USING COLUMNS (a)
          drop-column drop-column-with-index | ALTER TABLE t DROP COLUMN c
          drop-column drop-column-with-index | ALTER TABLE t DROP COLUMN p
          drop-column drop-column-with-index | ALTER TABLE t DROP COLUMN st
          drop-column             | ALTER TABLE t DROP COLUMN a
          drop-constraint-index   | DROP INDEX t@t_u_key
          drop-constraint-index   | DROP INDEX by_b
          drop-cascade            | DROP INDEX t@by_b CASCADE
          -                       | DROP INDEX t@by_c
          drop-table              | DROP TABLE t
          rename-table | ALTER TABLE t RENAME TO x
          rename-column           | ALTER TABLE t RENAME COLUMN a TO x
          add-not-null-without-default | ALTER TABLE t ADD COLUMN y INT NOT NULL
          -                       | ALTER TABLE t ADD COLUMN y UUID NOT NULL DEFAULT gen_random_uuid()
          -                       | CREATE INDEX i ON t (a)
          -                       | ALTER TABLE t ALTER COLUMN a SET NOT NULL
          data-change-without-where | UPDATE t SET a = 'x'
          -                       | UPDATE t SET a = 'x' WHERE true LIMIT 100
          -                       | DELETE FROM t LIMIT 100
          """)
  void breaks(String rules, String sql) {
    assertThat(Linted.cockroachdb(HISTORY, sql)).as(sql).isEqualTo(rules);
  }
}
