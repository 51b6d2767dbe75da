package dev.pawl.engine.lint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A table of version 1 is in use; what version 2 makes is not. */
class IndexRulesTest {
  private static final String HISTORY =
      """
      CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b text);
      CREATE TABLE parted (id int, at date) PARTITION BY RANGE (at);
      CREATE TABLE s.other (id int);
      CREATE INDEX t_a ON t (a);
      CREATE INDEX parted_at ON ONLY parted (at);
      CREATE MATERIALIZED VIEW v AS SELECT 1 AS x;
      CREATE MATERIALIZED VIEW empty AS SELECT 1 AS x WITH NO DATA;
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          # create
          index-not-concurrent     | CREATE INDEX i ON t (a)
          index-not-concurrent     | CREATE UNIQUE INDEX IF NOT EXISTS i ON public.t (a) WHERE a IS NOT NULL
          index-not-concurrent     | CREATE INDEX i ON unknown_table (a)
          index-not-concurrent     | CREATE INDEX ON t (lower(a))
          index-not-concurrent     | CREATE INDEX i ON v (x)
          index-not-concurrent     | CREATE INDEX i ON parted (id)
          -                        | CREATE INDEX CONCURRENTLY i ON t (a)
          -                        | CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a)
          -                        | CREATE INDEX i ON ONLY parted (id)
          -                        | CREATE TABLE n (a int); CREATE INDEX i ON n (a)
          -                        | CREATE TABLE IF NOT EXISTS "N" (a int); CREATE UNIQUE INDEX i ON "N" (a)
          index-not-concurrent     | CREATE TABLE IF NOT EXISTS t (a int); CREATE INDEX i ON t (a)
          -                        | CREATE TABLE n (a int); ALTER TABLE n RENAME TO m; CREATE INDEX i ON m (a)
          -                        | CREATE TABLE s.n (a int); ALTER TABLE s.n SET SCHEMA r; CREATE INDEX i ON r.n (a)
          -                        | CREATE TEMP TABLE n AS SELECT 1 AS a; CREATE INDEX i ON n (a)
          -                        | SELECT 1 AS a INTO n; CREATE INDEX i ON n (a)
          -                        | WITH x AS (SELECT 1 AS a) SELECT a INTO TEMP n FROM x; CREATE INDEX i ON n (a)
          -                        | CREATE MATERIALIZED VIEW w AS SELECT 1 AS x; CREATE INDEX i ON w (x)
          index-not-concurrent     | CREATE TABLE r.t (a int); CREATE INDEX i ON s.other (id)
          # drop
          drop-index-not-concurrent | DROP INDEX t_a
          drop-index-not-concurrent | DROP INDEX IF EXISTS nowhere
          drop-index-not-concurrent drop-index-not-concurrent | DROP INDEX t_a, nowhere
          drop-index-not-concurrent | DROP INDEX IF EXISTS t_a; VACUUM; CREATE INDEX CONCURRENTLY t_a ON t (b)
          -                        | DROP INDEX IF EXISTS fresh; VACUUM; CREATE INDEX CONCURRENTLY fresh ON t (b)
          -                        | DROP INDEX CONCURRENTLY t_a
          -                        | DROP INDEX parted_at
          -                        | CREATE TABLE n (a int); CREATE INDEX i ON n (a); DROP INDEX i
          concurrent-on-partitioned | DROP INDEX CONCURRENTLY parted_at
          concurrent-on-partitioned | CREATE INDEX CONCURRENTLY i ON parted (id)
          # reindex
          reindex-not-concurrent   | REINDEX INDEX t_a
          reindex-not-concurrent   | REINDEX TABLE t
          reindex-not-concurrent   | REINDEX DATABASE d
          reindex-not-concurrent   | REINDEX (CONCURRENTLY off) TABLE t
          -                        | REINDEX INDEX CONCURRENTLY t_a
          -                        | REINDEX (CONCURRENTLY) TABLE t
          -                        | CREATE TABLE n (a int); REINDEX TABLE n
          # constraints
          constraint-builds-index  | ALTER TABLE t ADD CONSTRAINT c UNIQUE (a)
          constraint-builds-index  | ALTER TABLE t ADD UNIQUE (a)
          constraint-builds-index  | ALTER TABLE unknown_table ADD PRIMARY KEY (id)
          constraint-builds-index  | ALTER TABLE t ADD CONSTRAINT c EXCLUDE USING gist (a WITH =)
          constraint-builds-index  | ALTER TABLE t ADD COLUMN c int UNIQUE
          -                        | ALTER TABLE t ADD CONSTRAINT c UNIQUE USING INDEX t_a
          set-not-null-scans-table | ALTER TABLE t ADD PRIMARY KEY USING INDEX t_a
          -                        | ALTER TABLE t ADD PRIMARY KEY USING INDEX unknown_index
          -                        | CREATE TABLE n (a int); ALTER TABLE n ADD PRIMARY KEY (a)
          # refresh
          refresh-not-concurrent   | REFRESH MATERIALIZED VIEW v
          refresh-not-concurrent   | REFRESH MATERIALIZED VIEW unknown_view WITH DATA
          refresh-not-concurrent   | REFRESH MATERIALIZED VIEW empty; REFRESH MATERIALIZED VIEW empty
          -                        | REFRESH MATERIALIZED VIEW empty
          -                        | REFRESH MATERIALIZED VIEW CONCURRENTLY v
          -                        | CREATE MATERIALIZED VIEW w AS SELECT 1; REFRESH MATERIALIZED VIEW w
          """)
  void breaks(String rules, String sql) {
    assertThat(Linted.postgresql(HISTORY, sql)).as(sql).isEqualTo(rules);
  }
}
