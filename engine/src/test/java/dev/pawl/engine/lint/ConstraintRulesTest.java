package dev.pawl.engine.lint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Version 1 is in use; consecutive statements of version 2 are one transaction. */
class ConstraintRulesTest {
  private static final String HISTORY =
      """
      CREATE TABLE t (id int PRIMARY KEY, a int);
      CREATE TABLE users (id int PRIMARY KEY);
      ALTER TABLE t ADD CONSTRAINT earlier CHECK (a > 0) NOT VALID;
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          constraint-scans-table  | ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)
          constraint-scans-table  | ALTER TABLE t ADD CHECK (a > 0)
          constraint-scans-table  | ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES users (id)
          constraint-scans-table  | ALTER TABLE unknown_table ADD FOREIGN KEY (a) REFERENCES users
          constraint-scans-table  | ALTER TABLE t ADD COLUMN z int CHECK (z > 0)
          constraint-scans-table  | ALTER TABLE t ADD COLUMN z int DEFAULT 1 REFERENCES users
          -                       | ALTER TABLE t ADD COLUMN z int REFERENCES users
          -                       | ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID
          -                       | ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT ENFORCED
          -                       | ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES users (id) NOT VALID
          -                       | CREATE TABLE n (a int REFERENCES users); ALTER TABLE n ADD CHECK (a > 0)
          -                       | CREATE TABLE n (a int); ALTER TABLE n ADD FOREIGN KEY (a) REFERENCES users
          -                       | ALTER TABLE t VALIDATE CONSTRAINT earlier
          validate-in-same-transaction | ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT c
          validate-in-same-transaction | BEGIN; ALTER TABLE public.t ADD CONSTRAINT c CHECK (a > 0) NOT VALID; SELECT 1; ALTER TABLE t VALIDATE CONSTRAINT c; COMMIT
          -                       | ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID; VACUUM; ALTER TABLE t VALIDATE CONSTRAINT c
          -                       | ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT earlier
          -                       | CREATE TABLE n (a int); ALTER TABLE n ADD CONSTRAINT c CHECK (a > 0) NOT VALID; ALTER TABLE n VALIDATE CONSTRAINT c
          """)
  void breaks(String rules, String sql) {
    assertThat(Linted.postgresql(HISTORY, sql)).as(sql).isEqualTo(rules);
  }
}
