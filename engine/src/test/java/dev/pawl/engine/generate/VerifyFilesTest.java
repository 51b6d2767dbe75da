package dev.pawl.engine.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.pawl.engine.generate.VerifyFiles.Finding;
import dev.pawl.engine.generate.VerifyFiles.Kind;
import dev.pawl.engine.plan.Planner;
import dev.pawl.engine.plan.SourceFile;
import dev.pawl.engine.plan.Step;
import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.testing.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerifyFilesTest {
  private static VerifyFiles of(String... pathsAndTexts) {
    return VerifyFiles.of(TestDatabase.files(pathsAndTexts), DatabaseKind.POSTGRESQL);
  }

  private static String generated(String path, String sql) {
    var files = of(path, sql).wanted();
    assertThat(files).hasSize(1);
    return files.getFirst().text();
  }

  private static List<String> findings(String... pathsAndTexts) {
    return of(pathsAndTexts).findings().stream().map(Finding::toString).toList();
  }

  @Test
  void aFileIsReadByAPersonAndByPawl() {
    assertThat(
            generated(
                "0007_x.sql", "SET lock_timeout = 0;\nDROP INDEX CONCURRENTLY i; VACUUM t;\n"))
        .isEqualTo(
            """
            -- Made by `pawl generate` from 0007_x.sql: change that, and run it again.
            -- To keep a text of your own here, delete the next line: Pawl then never writes over it.
            -- pawl: generated postgresql

            -- drop index i
            -- pawl: statement sha256:aff204d275388fbb5af14cedd52b4621ec5167cadc1f72ced4d218156f21598c
            -- pawl: fact {"change":"DropIndex","indexes":[["i"]],"concurrently":true}
            SELECT NOT EXISTS (
              SELECT FROM pg_catalog.pg_index i
               WHERE i.indexrelid IN (pg_catalog.to_regclass('"i"'))
            );

            -- vacuum
            -- pawl: statement sha256:f06b031df31801707dbafe726f69f3d8bc7aff8db87d57092242e6309ae49145
            -- pawl: fact {"change":"Maintenance","keyword":"VACUUM"}
            -- pawl: verify none because nothing in the database shows it: the statement's own success is its verification
            SELECT true;
            """);
  }

  @Test
  void whatIsGeneratedIsUnderstoodAndStaysAsItIs() throws Exception {
    var files =
        new ArrayList<>(
            TestDatabase.files(
                "1_t.up.sql", "CREATE TABLE t (a int)",
                "2_i.up.sql", "CREATE INDEX CONCURRENTLY i ON t (a);\nREINDEX TABLE CONCURRENTLY t",
                "3_x.up.sql", "-- pawl: verify none because I look myself\nCALL f()"));
    var first = VerifyFiles.of(files, DatabaseKind.POSTGRESQL);
    assertThat(first.wanted())
        .extracting(SourceFile::path)
        .containsExactly("2_i.up.verify.sql", "3_x.up.verify.sql");
    assertThat(first.toWrite()).isEqualTo(first.wanted());
    var before = Planner.plan(files, DatabaseKind.POSTGRESQL);
    files.addAll(first.wanted());
    var second = VerifyFiles.of(files, DatabaseKind.POSTGRESQL);
    assertThat(second.wanted()).isEqualTo(first.wanted());
    assertThat(second.toWrite()).isEmpty();
    assertThat(second.findings()).isEmpty();
    var after = Planner.plan(files, DatabaseKind.POSTGRESQL);
    assertThat(after.digest()).isEqualTo(before.digest());
    assertThat(after.steps())
        .extracting(Step::changes)
        .isEqualTo(before.steps().stream().map(Step::changes).toList());
    assertThat(after.steps())
        .extracting(Step::inVerifyFile, s -> s.verifySql().isPresent())
        .containsExactly(
            tuple(false, false), tuple(true, true), tuple(true, true), tuple(true, false));
  }

  @Test
  void anAuthorsReasonIsKept() {
    assertThat(generated("1_x.sql", "-- pawl: verify none because it is idempotent\nCALL f()"))
        .contains("\n-- pawl: verify none because it is idempotent\nSELECT true;\n");
  }

  @Test
  void commentsAndSpacesChangeNothing() {
    assertThat(generated("1_x.sql", "/* why */ drop index   concurrently i -- x\n;;"))
        .isEqualTo(generated("1_x.sql", "DROP INDEX CONCURRENTLY i"));
  }

  @Test
  void aMissingFileIsTold() {
    assertThat(findings("1_x.sql", "SELECT 1;\nDROP INDEX CONCURRENTLY i"))
        .containsExactly("1_x.sql:2: drop index i has no verify file: run `pawl generate`");
    assertThat(findings("1_x.sql", "DROP INDEX i")).isEmpty();
  }

  @Test
  void aStaleFileIsToldWithItsFirstOldLine() {
    var old = generated("1_x.sql", "DROP INDEX CONCURRENTLY i");
    assertThat(findings("1_x.sql", "DROP INDEX CONCURRENTLY j", "1_x.verify.sql", old))
        .containsExactly(
            "1_x.verify.sql:5: is stale: its migration, or Pawl, has changed since it was made: run"
                + " `pawl generate`");
    assertThat(
            of(
                    "1_x.sql",
                    "DROP INDEX CONCURRENTLY i",
                    "1_x.verify.sql",
                    old.replace("NOT EXISTS", "EXISTS"))
                .findings())
        .extracting(Finding::kind, Finding::line)
        .containsExactly(tuple(Kind.STALE, 8));
    assertThat(findings("1_x.sql", "DROP INDEX CONCURRENTLY i", "1_x.verify.sql", old + "\n"))
        .hasSize(1);
  }

  @Test
  void aGeneratedFileThatNothingNeedsIsAnOrphan() {
    var file = generated("1_x.sql", "DROP INDEX CONCURRENTLY i");
    var alone = of("1_x.verify.sql", file);
    assertThat(alone.orphans()).containsExactly("1_x.verify.sql");
    assertThat(alone.findings())
        .extracting(Finding::toString)
        .containsExactly(
            "1_x.verify.sql: belongs to no migration: run `pawl generate`, which removes it");
    var unneeded = of("1_x.sql", "DROP INDEX i", "1_x.verify.sql", file);
    assertThat(unneeded.orphans()).containsExactly("1_x.verify.sql");
    assertThat(unneeded.findings())
        .extracting(Finding::toString)
        .containsExactly(
            "1_x.verify.sql: nothing in 1_x.sql needs it: run `pawl generate`, which removes it");
  }

  @Test
  void aHandWrittenFileIsLeftAloneAndChecked() {
    var own = of("1_x.sql", "DROP INDEX CONCURRENTLY i", "1_x.verify.sql", "SELECT true;");
    assertThat(own.wanted()).isEmpty();
    assertThat(own.findings()).isEmpty();
    assertThat(findings("1_x.sql", "DROP INDEX CONCURRENTLY i", "1_x.verify.sql", "DROP TABLE t"))
        .containsExactly(
            "1_x.verify.sql:1:1: a verify file holds nothing but SELECTs that return one boolean:"
                + " remove this");
    var orphan = of("1_x.verify.sql", "SELECT true;");
    assertThat(orphan.orphans()).isEmpty();
    assertThat(orphan.findings()).extracting(Finding::kind).containsExactly(Kind.UNREADABLE);
  }

  @Test
  void oneBadFileDoesNotKeepOthersFromTheirs() {
    var old = generated("1_x.sql", "DROP INDEX CONCURRENTLY i");
    var files =
        of(
            "1_x.sql", "FROBNICATE",
            "1_x.verify.sql", old,
            "2_y.sql", "DROP INDEX CONCURRENTLY 'unterminated",
            "3_z.sql", "DROP INDEX CONCURRENTLY i",
            "4_a.sql", "DROP INDEX CONCURRENTLY i; COMMIT",
            "nonsense.sql", "DROP INDEX CONCURRENTLY i",
            "3_double.sql", "DROP INDEX CONCURRENTLY i");
    assertThat(files.wanted())
        .extracting(SourceFile::path)
        .contains("3_z.verify.sql", "3_double.verify.sql")
        .doesNotContain("1_x.verify.sql", "2_y.verify.sql", "4_a.verify.sql");
    assertThat(files.orphans()).isEmpty();
    assertThat(files.findings().stream().filter(f -> f.kind() == Kind.UNREADABLE))
        .extracting(Finding::file)
        .contains("1_x.sql", "2_y.sql", "4_a.sql", "nonsense.sql");
  }

  @Test
  void eitherNameBesideAnUpFileWillDo() {
    var sql = "DROP INDEX CONCURRENTLY i";
    var file = generated("1_x.up.sql", sql);
    assertThat(of("1_x.up.sql", sql, "1_x.verify.sql", file).findings()).isEmpty();
    assertThat(of("1_x.up.sql", sql, "1_x.up.verify.sql", file).findings()).isEmpty();
    assertThat(of("1_x.up.sql", sql, "1_x.verify.sql", file, "1_x.up.verify.sql", file).orphans())
        .containsExactly("1_x.verify.sql");
    assertThat(of("1_x.up.sql", sql, "1_x.verify.sql", "SELECT true").wanted()).isEmpty();
  }

  @Test
  void aFileForTheOtherDatabaseIsStale() {
    var sql = "DROP INDEX CONCURRENTLY i";
    var file = generated("1_x.sql", sql);
    var other =
        VerifyFiles.of(
            TestDatabase.files("1_x.sql", sql, "1_x.verify.sql", file), DatabaseKind.COCKROACHDB);
    assertThat(other.findings())
        .extracting(Finding::toString)
        .containsExactly(
            "1_x.verify.sql: was made for postgresql: run `pawl generate --dialect cockroachdb`");
    assertThat(other.toWrite().getFirst().text()).contains("-- pawl: generated cockroachdb\n");
  }

  @Test
  void theDatabaseIsToldByWhatIsThere() {
    var file = generated("1_x.sql", "DROP INDEX CONCURRENTLY i");
    assertThat(VerifyFiles.kinds(TestDatabase.files("1_x.sql", ""))).isEmpty();
    assertThat(VerifyFiles.kinds(TestDatabase.files("1_x.verify.sql", file)))
        .containsExactly(DatabaseKind.POSTGRESQL);
    assertThat(VerifyFiles.kinds(TestDatabase.files("1_x.cockroach.up.sql", "")))
        .containsExactly(DatabaseKind.COCKROACHDB);
    assertThat(
            VerifyFiles.kinds(
                TestDatabase.files("1_x.cockroach.up.sql", "", "1_x.postgres.up.sql", "")))
        .hasSize(2);
    assertThat(
            VerifyFiles.kinds(
                TestDatabase.files("1_x.cockroach.up.sql", "", "1_x.verify.sql", file)))
        .containsExactly(DatabaseKind.POSTGRESQL);
  }

  @Test
  void aNameDoesNotEndItsComment() throws Exception {
    var files =
        new ArrayList<>(
            TestDatabase.files("1_x.sql", "DROP INDEX CONCURRENTLY \"a\nDROP TABLE t;\u2028--\""));
    var made = VerifyFiles.of(files, DatabaseKind.POSTGRESQL).wanted().getFirst();
    assertThat(made.text()).contains("-- drop index a\\u000ADROP TABLE t;\\u2028--\n");
    files.add(made);
    assertThat(Planner.plan(files, DatabaseKind.POSTGRESQL).steps().getFirst().inVerifyFile())
        .isTrue();
  }
}
