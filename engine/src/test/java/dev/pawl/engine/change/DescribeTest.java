package dev.pawl.engine.change;

import static dev.pawl.engine.change.Classified.postgresql;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a person reads of a change in the status, in events and at the top of messages. */
class DescribeTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CREATE TABLE a.t (a int) | create table a.t",
        "CREATE INDEX i ON a.t (a) | create index i on a.t",
        "ALTER TABLE t ADD c int | add column t.c",
        "ALTER TABLE t DROP c | drop column t.c",
        "ALTER TABLE t ALTER c SET NOT NULL | alter column t.c",
        "ALTER TABLE t ADD CONSTRAINT k CHECK (a) | add constraint k on t",
        "ALTER TABLE t ADD CHECK (a) | add constraint (unnamed) on t",
        "ALTER TABLE t DROP CONSTRAINT k | drop constraint k on t",
        "ALTER TABLE t VALIDATE CONSTRAINT k | validate constraint k on t",
        "ALTER TABLE t DETACH PARTITION p | detach partition p from t",
        "DROP TABLE a.t, u | drop table a.t, u",
        "DROP INDEX i, j | drop index i, j",
        "DROP VIEW v | drop view v",
        "CREATE TYPE e AS ENUM ('x') | create type e",
        "ALTER TYPE e ADD VALUE 'x' | add value to type e",
        "CREATE SEQUENCE s | create sequence s",
        "CREATE MATERIALIZED VIEW v AS SELECT 1 | create materialized view v",
        "REFRESH MATERIALIZED VIEW v | refresh materialized view v",
        "TRUNCATE t, u | truncate t, u",
        "REINDEX INDEX i | reindex i",
        "VACUUM t | vacuum",
        "CALL f() | call",
        "INSERT INTO t VALUES (1) | insert",
        "SET a.b = 1 | set a.b",
        "GRANT SELECT ON t TO u | grant",
        "FROBNICATE | unclassified"
      })
  void saysInAFewWordsWhatIsDone(String sql, String words) {
    assertThat(postgresql(sql).describe()).isEqualTo(words);
  }
}
