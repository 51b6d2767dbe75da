package dev.pawl.engine.execute;

import static dev.pawl.engine.testing.TestDatabase.files;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.testing.TestDatabase;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whether a database still has what its history says; on a real PostgreSQL. */
class VerifierTest {
  private static final String[] HISTORY = {
    "1_t.sql", "CREATE TABLE t (a int, b int); CREATE TABLE gone ();",
    "2_i.sql", "CREATE INDEX CONCURRENTLY i ON t (a);",
    "3_u.sql", "CREATE UNIQUE INDEX CONCURRENTLY u ON t (b);",
    "4_k.sql",
        "ALTER TABLE t ADD CONSTRAINT k UNIQUE USING INDEX u; ALTER TABLE t ADD COLUMN c int;",
    "5_d.sql", "DROP TABLE gone; ALTER TABLE t DROP COLUMN c;",
  };

  @Test
  @Tag(TestDatabase.SESSION)
  void supersededFactsAreNotClaimed() throws Exception {
    var db = TestDatabase.fresh();
    db.run(HISTORY);
    var report = Verifier.verify(db.target(), files(HISTORY), "test");
    assertThat(report.findings()).isEmpty();
    assertThat(report.steps()).isEqualTo(5);
    assertThat(report.checked()).isEqualTo(5); // t, i, k, gone dropped, c dropped
  }

  @Test
  @Tag(TestDatabase.SESSION)
  void aColumnThatLaterBecameNotNullIsAsItShouldBe() throws Exception {
    var db = TestDatabase.fresh();
    var history =
        new String[] {
          "1_t.sql", "CREATE TABLE t (a int, b int); ALTER TABLE t ADD COLUMN c int NULL;",
          "2_n.sql", "ALTER TABLE t ALTER COLUMN a SET NOT NULL, ALTER COLUMN c SET NOT NULL;"
        };
    db.run(history);
    assertThat(Verifier.verify(db.target(), files(history), "test").findings()).isEmpty();
  }

  @Test
  @Tag(TestDatabase.SESSION)
  void whatIsMissingOrAnotherIsFound() throws Exception {
    var db = TestDatabase.fresh();
    db.run(HISTORY);
    db.execute("DROP INDEX i", "CREATE INDEX i ON t (b)", "ALTER TABLE t DROP CONSTRAINT k");
    var report = Verifier.verify(db.target(), files(HISTORY), "test");
    assertThat(report.findings())
        .extracting(Verifier.Finding::file)
        .containsExactly("2_i.sql", "4_k.sql");
  }

  @Test
  void whatWasNeverAppliedIsNotClaimed() throws Exception {
    var db = TestDatabase.fresh();
    var report = Verifier.verify(db.target(), files(HISTORY), "test");
    assertThat(report.checked()).isZero();
    assertThat(report.findings()).isEmpty();
  }
}
