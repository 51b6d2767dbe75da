package dev.pawl.engine.lint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What version 1 made, the release that is running uses. */
class RemovalRulesTest {
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
          drop-column             | ALTER TABLE t DROP COLUMN a
          drop-column drop-column | ALTER TABLE t DROP a, DROP IF EXISTS b
          drop-column             | ALTER TABLE unknown_table DROP a
          -                       | ALTER TABLE t ADD COLUMN c int; ALTER TABLE t DROP COLUMN c
          -                       | CREATE TABLE n (a int); ALTER TABLE n DROP COLUMN a
          drop-table              | DROP TABLE t
          drop-table drop-table   | DROP TABLE IF EXISTS t, unknown_table
          -                       | CREATE TABLE n (a int); DROP TABLE n
          -                       | CREATE TABLE n (a int); DROP TABLE n CASCADE
          -                       | DROP TABLE IF EXISTS n; CREATE TABLE n (a int)
          -                       | DROP TABLE IF EXISTS n CASCADE; CREATE TABLE n (a int)
          drop-table              | DROP TABLE IF EXISTS t; CREATE TABLE t (a int)
          rename-column           | ALTER TABLE t RENAME COLUMN a TO c
          rename-column           | ALTER TABLE t RENAME a TO c
          -                       | ALTER TABLE t ADD COLUMN c int; ALTER TABLE t RENAME COLUMN c TO d
          -                       | ALTER TABLE t RENAME CONSTRAINT t_pkey TO p
          -                       | ALTER INDEX t_pkey RENAME TO p
          rename-table            | ALTER TABLE t RENAME TO u
          rename-table            | ALTER TABLE IF EXISTS ONLY t RENAME TO u
          rename-table            | ALTER TABLE t SET SCHEMA s
          -                       | ALTER TABLE t RENAME TO u; CREATE VIEW t AS SELECT * FROM u
          -                       | ALTER TABLE t RENAME TO u; CREATE OR REPLACE VIEW public.t AS SELECT * FROM u
          -                       | CREATE TABLE n (LIKE t); ALTER TABLE t RENAME TO old; ALTER TABLE n RENAME TO t
          -                       | ALTER TABLE t RENAME TO old; CREATE TABLE t (LIKE old)
          rename-table            | ALTER TABLE t RENAME TO u; VACUUM; CREATE VIEW t AS SELECT * FROM u
          rename-enum-value       | ALTER TYPE state RENAME VALUE 'on' TO 'running'
          -                       | ALTER TYPE state RENAME TO states
          -                       | CREATE TYPE e AS ENUM ('a'); ALTER TYPE e RENAME VALUE 'a' TO 'b'
          truncate                | TRUNCATE t
          truncate                | TRUNCATE TABLE ONLY t RESTART IDENTITY
          drop-cascade truncate   | TRUNCATE t CASCADE
          -                       | CREATE TABLE n (a int); TRUNCATE n CASCADE
          drop-cascade drop-table | DROP TABLE t CASCADE
          drop-cascade            | DROP VIEW w CASCADE
          drop-cascade            | DROP FUNCTION f(int) CASCADE
          drop-cascade            | DROP SCHEMA s CASCADE
          drop-cascade            | ALTER TABLE t DROP CONSTRAINT t_pkey CASCADE
          drop-cascade drop-column | ALTER TABLE t ADD x int, DROP a CASCADE
          -                       | ALTER TABLE t DROP CONSTRAINT t_pkey
          -                       | DROP VIEW w
          -                       | ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES t ON DELETE CASCADE NOT VALID
          """)
  void breaks(String rules, String sql) {
    assertThat(Linted.postgresql(HISTORY, sql)).as(sql).isEqualTo(rules);
  }
}
