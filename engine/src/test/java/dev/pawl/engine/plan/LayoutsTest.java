package dev.pawl.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pawl.engine.sql.DatabaseKind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Sources as other tools have them, understood without renaming a file. */
class LayoutsTest {
  /** Files of these paths, each with a statement of its own; a text may follow its path. */
  private static List<SourceFile> source(String... paths) {
    var files = new ArrayList<SourceFile>();
    for (var path : paths) {
      int text = path.indexOf('|');
      files.add(
          text < 0
              ? new SourceFile(path, "SELECT '" + path + "'")
              : new SourceFile(path.substring(0, text), path.substring(text + 1)));
    }
    return files;
  }

  /** "version file" of each step. */
  private static List<String> plan(DatabaseKind kind, String... paths) {
    try {
      return Planner.plan(source(paths), kind).steps().stream()
          .map(s -> s.version() + " " + s.file())
          .toList();
    } catch (InvalidSourceException e) {
      throw new AssertionError(e.getMessage(), e);
    }
  }

  private static List<String> refusals(String... paths) {
    var refused =
        catchThrowableOfType(
            InvalidSourceException.class,
            () -> Planner.plan(source(paths), DatabaseKind.POSTGRESQL));
    assertThat(refused).as("the source is refused").isNotNull();
    return refused.problems().stream().map(Problem::toString).toList();
  }

  @Nested
  class Numbered {
    @Test
    void filesAreOrderedAsNumbers() {
      assertThat(
              plan(
                  DatabaseKind.POSTGRESQL,
                  "10_b.sql",
                  "0009_a.sql",
                  "0011.sql",
                  "20260228103000-x.SQL",
                  ".hidden/6_x.sql",
                  "README.md"))
          .containsExactly(
              "9 0009_a.sql", "10 10_b.sql", "11 0011.sql", "20260228103000 20260228103000-x.SQL");
    }

    @Test
    void aDateWithDashesIsOneNumber() {
      assertThat(
              plan(
                  DatabaseKind.POSTGRESQL,
                  "2019-02-26-002946_create_posts.sql",
                  "2019-02-27-add_index.sql",
                  "2019-02-28.sql",
                  "2019-03-01-2fa.sql",
                  "2019-03-02_x-1.sql"))
          .containsExactly(
              "20190227 2019-02-27-add_index.sql",
              "20190228 2019-02-28.sql",
              "20190301 2019-03-01-2fa.sql",
              "20190302 2019-03-02_x-1.sql",
              "20190226002946 2019-02-26-002946_create_posts.sql");
      assertThat(plan(DatabaseKind.POSTGRESQL, "2019-1_x.sql", "20-02-26_y.sql"))
          .containsExactly("20 20-02-26_y.sql", "2019 2019-1_x.sql");
    }

    @Test
    void whatSaysNoVersionIsRefused() {
      assertThat(refusals("seed.sql", "12abc.sql", "1_x.sql", "R__views.sql"))
          .containsExactly(
              "12abc.sql: 12abc.sql begins with no version of one to four dotted numbers: call it"
                  + " like 0007_add_email.sql or 12.0.0/up01.sql, or move it out of the source",
              "R__views.sql: is a repeatable migration, which Pawl does not have: give it a"
                  + " version",
              "seed.sql: seed.sql begins with no version of one to four dotted numbers: call it"
                  + " like 0007_add_email.sql or 12.0.0/up01.sql, or move it out of the source");
    }
  }

  @Nested
  class Flyway {
    @Test
    void versionsHaveUnderscoresOrDots() {
      assertThat(
              plan(
                  DatabaseKind.POSTGRESQL,
                  "V1_10__last.sql",
                  "V1__init.sql",
                  "V1.2__more.sql",
                  "U1_2__more.sql",
                  "V20260228103000__x.sql"))
          .containsExactly(
              "1 V1__init.sql",
              "1.2 V1.2__more.sql",
              "1.10 V1_10__last.sql",
              "20260228103000 V20260228103000__x.sql");
    }
  }

  @Nested
  class UpAndDown {
    @Test
    void theWayBackIsNotRun() {
      assertThat(
              plan(
                  DatabaseKind.POSTGRESQL,
                  "1_init.up.sql",
                  "1_init.down.sql",
                  "2_more.up.sql",
                  "2_more.down.sql",
                  "3.up.sql"))
          .containsExactly("1 1_init.up.sql", "2 2_more.up.sql", "3 3.up.sql");
    }

    @Test
    void theVariantOfTheDatabaseAtHandIsTaken() {
      String[] files = {
        "20191100000001000000_identities.cockroach.up.sql",
        "20191100000001000000_identities.mysql.up.sql",
        "20191100000001000000_identities.mysql.down.sql",
        "20191100000001000000_identities.postgres.up.sql",
        "20191100000001000000_identities.sqlite3.up.sql",
        "20191100000001000001_all.up.sql",
        "20191100000001000002_some.mysql.up.sql",
        "20191100000001000002_some.up.sql",
        "20191100000001000002_some.cockroach.autocommit.up.sql",
        "20191100000001000003_lite.sqlite3.up.sql",
        "20191100000002_later.postgresql.up.sql"
      };
      assertThat(plan(DatabaseKind.POSTGRESQL, files))
          .containsExactly(
              "20191100000001.0 20191100000001000000_identities.postgres.up.sql",
              "20191100000001.1 20191100000001000001_all.up.sql",
              "20191100000001.2 20191100000001000002_some.up.sql",
              "20191100000002 20191100000002_later.postgresql.up.sql");
      assertThat(plan(DatabaseKind.COCKROACHDB, files))
          .containsExactly(
              "20191100000001.0 20191100000001000000_identities.cockroach.up.sql",
              "20191100000001.1 20191100000001000001_all.up.sql",
              "20191100000001.2 20191100000001000002_some.cockroach.autocommit.up.sql");
    }

    @Test
    void aWordThatIsNoDatabaseIsPartOfTheName() {
      assertThat(plan(DatabaseKind.POSTGRESQL, "1_x.final.up.sql"))
          .containsExactly("1 1_x.final.up.sql");
    }

    @Test
    void aVariantMayBeEmptyWhereNothingIsToBeDone() {
      assertThat(
              plan(
                  DatabaseKind.COCKROACHDB,
                  "1_x.postgres.up.sql",
                  "1_x.cockroach.up.sql|-- not needed here\n",
                  "2_y.up.sql|",
                  "2_y.postgres.up.sql",
                  "3_z.up.sql"))
          .containsExactly("3 3_z.up.sql");
      assertThat(refusals("1_x.up.sql|"))
          .containsExactly(
              "1_x.up.sql: is empty: write what it is to do, or a comment that says why it does"
                  + " nothing");
    }

    @Test
    void eachVariantHasItsOwnVerifyFile() throws Exception {
      var source =
          source(
              "1_x.cockroach.up.sql|CREATE INDEX i ON t (a)",
              "1_x.cockroach.up.verify.sql|SELECT 1 = 1",
              "1_x.mysql.up.verify.sql|SELECT 2 = 2",
              "1_x.mysql.up.sql",
              "1_x.postgres.up.sql|VACUUM",
              "1_x.postgres.up.verify.sql|SELECT 3 = 3");
      var cockroach = Planner.plan(source, DatabaseKind.COCKROACHDB).steps();
      assertThat(cockroach).hasSize(1);
      assertThat(cockroach.getFirst().verifySql()).contains("SELECT 1 = 1");
      var postgres = Planner.plan(source, DatabaseKind.POSTGRESQL).steps();
      assertThat(postgres).hasSize(1);
      assertThat(postgres.getFirst().verifySql()).contains("SELECT 3 = 3");
    }

    @Test
    void twoForOneDatabaseAreRefused() {
      assertThat(refusals("1_x.postgres.up.sql", "1_x.pg.up.sql"))
          .containsExactly(
              "1_x.pg.up.sql: is for the same database as 1_x.postgres.up.sql: remove one of them");
    }
  }

  @Nested
  class Folders {
    @Test
    void ofDieselAreDates() {
      assertThat(
              plan(
                  DatabaseKind.POSTGRESQL,
                  "00000000000000_diesel_initial_setup/up.sql",
                  "00000000000000_diesel_initial_setup/down.sql",
                  "2019-02-26-002946_create_posts/up.sql",
                  "2019-02-26-002946_create_posts/down.sql",
                  "2019-02-26-002946_create_posts/metadata.toml",
                  "2024-07-28-173838-0000_create_users/up.sql"))
          .containsExactly(
              "0 00000000000000_diesel_initial_setup/up.sql",
              "20190226002946 2019-02-26-002946_create_posts/up.sql",
              "202407281738380000 2024-07-28-173838-0000_create_users/up.sql");
    }

    @Test
    void ofOmicronAreVersionsAndNamesThatVersionsTxtTells() {
      assertThat(
              plan(
                  DatabaseKind.COCKROACHDB,
                  "README.adoc",
                  "dbinit.sql|CREATE DATABASE x; CREATE TABLE y (a INT)",
                  "dbwipe.sql|DROP DATABASE x",
                  "versions.txt|# oldest first\n"
                      + "82.0.0 region-port\n\n"
                      + "81.0.0\tadd-nullable-filesystem   # comment\r\n",
                  "1.0.0/up.sql",
                  "11.0.0/up1.sql|CREATE INDEX a ON t (b)",
                  "11.0.0/up1.verify.sql|SELECT true",
                  "11.0.0/up10.sql",
                  "11.0.0/up2.sql",
                  "region-port/up01.sql",
                  "region-port/up02-danger-non-transactional.sql",
                  "add-nullable-filesystem/up.sql",
                  "add-nullable-filesystem/README.adoc"))
          .containsExactly(
              "1.0.0 1.0.0/up.sql",
              "11.0.0 11.0.0/up1.sql",
              "11.0.0 11.0.0/up2.sql",
              "11.0.0 11.0.0/up10.sql",
              "81.0.0 add-nullable-filesystem/up.sql",
              "82.0.0 region-port/up01.sql",
              "82.0.0 region-port/up02-danger-non-transactional.sql");
    }

    @Test
    void withoutAVersionAreReadButNotApplied() {
      assertThat(refusals("1.0.0/up.sql", "b-name/up.sql", "b-name/up02.sql", "a-name/up.sql"))
          .containsExactly(
              "a-name/up.sql: the name of its folder is no version: say in versions.txt at the root"
                  + " of the source which one it is, in a line like '12.0.0 a-name'",
              "b-name/up.sql: the name of its folder is no version: say in versions.txt at the root"
                  + " of the source which one it is, in a line like '12.0.0 b-name'");
      var inspection =
          Planner.inspect(
              source("b-name/up.sql", "7.1/up.sql", "b-name/up02.sql", "a-name/up.sql"),
              DatabaseKind.POSTGRESQL);
      assertThat(inspection.problems()).isEmpty();
      assertThat(inspection.steps())
          .extracting(s -> s.step().id() + " " + s.step().file())
          .containsExactly(
              "7.1#1 7.1/up.sql", "8#1 a-name/up.sql", "9#1 b-name/up.sql", "9#2 b-name/up02.sql");
    }

    @Test
    void thatVersionsTxtForgetsAreToldOfEvenWhenTheyAreOnlyRead() {
      assertThat(
              Planner.inspect(
                      source("versions.txt|1 a", "a/up.sql", "b/up.sql"), DatabaseKind.POSTGRESQL)
                  .problems())
          .extracting(Problem::toString)
          .containsExactly(
              "b/up.sql: the name of its folder is no version: say in versions.txt at the root of"
                  + " the source which one it is, in a line like '12.0.0 b'");
    }

    @Test
    void thatCannotBePlacedAreRefused() {
      assertThat(
              refusals(
                  "1/down/up.sql",
                  "1/other.sql",
                  "2/up1x.sql",
                  "2/up1234567890123456789.sql",
                  "common/functions.sql"))
          .containsExactly(
              "1/down/up.sql: lies too deep: put it into a folder named for its version, one level"
                  + " down",
              "1/other.sql: other.sql in a folder named for a version must be up.sql, or up01.sql,"
                  + " up02.sql, …",
              "2/up1234567890123456789.sql: up1234567890123456789.sql in a folder named for a"
                  + " version must be up.sql, or up01.sql, up02.sql, …",
              "2/up1x.sql: up1x.sql in a folder named for a version must be up.sql, or up01.sql,"
                  + " up02.sql, …",
              "common/functions.sql: its folder common begins with no version of one to four"
                  + " dotted numbers: call it like 0007_add_email.sql or 12.0.0/up01.sql, or move"
                  + " it out of the source");
    }
  }

  @Nested
  class VersionsTxt {
    @Test
    void isRefusedLineByLine() {
      assertThat(
              refusals(
                  "versions.txt|\uFEFF1 a\nx b\n2\n3 a\n1.0 c\n01 d\n5 gone\n6 7\n7 7",
                  "a/up.sql",
                  "c/up.sql",
                  "7/up.sql"))
          .containsExactly(
              "versions.txt:2: a line holds a version and the name of a folder, like '12.0.0"
                  + " add-index': mend it, or begin it with #",
              "versions.txt:3: a line holds a version and the name of a folder, like '12.0.0"
                  + " add-index': mend it, or begin it with #",
              "versions.txt:4: the folder a is in line 1 too: remove one",
              "versions.txt:6: version 1 is that of the folder a: give one of them another",
              "versions.txt:7: there is no folder gone with an up.sql: remove this line",
              "versions.txt:8: the folder 7 is that version by its name: remove this line, or"
                  + " rename it");
    }

    @Test
    void hasNoUseWhereFilesNameTheirVersions() {
      assertThat(refusals("versions.txt|1 a", "1_x.sql"))
          .containsExactly("versions.txt:1: there is no folder a with an up.sql: remove this line");
    }

    @Test
    void tellsTheVersionOfAFileAndIsCutWithTheSource() {
      var source =
          source("versions.txt|2 b # two\n10 c\n01.0 a", "a/up.sql", "5/up.sql", "d/up.sql");
      var versions = VersionsFile.of(source);
      assertThat(versions.version(source.get(1))).contains(new Version("1.0"));
      assertThat(versions.version(source.get(2))).contains(new Version("5"));
      assertThat(versions.version(source.get(3))).isEmpty();
      assertThat(versions.through(new Version("2")))
          .contains(new SourceFile("versions.txt", "2 b\n1.0 a\n"));
      var wrong = source("versions.txt|2 b\n3");
      assertThat(VersionsFile.of(wrong).through(new Version("2"))).contains(wrong.getFirst());
      assertThat(VersionsFile.of(source("1_x.sql")).through(new Version("2"))).isEmpty();
    }
  }

  @Test
  void oneSourceHasOneLayout() {
    assertThat(refusals("1_a.sql", "2/up.sql"))
        .containsExactly(
            "2/up.sql: is named like VERSION/up.sql while 1_a.sql is named like NNNN_name.sql: use"
                + " one layout for all");
    assertThat(refusals("V1__a.sql", "2_b.up.sql"))
        .containsExactly(
            "2_b.up.sql: is named like N_name.up.sql while V1__a.sql is named like VN__name.sql:"
                + " use one layout for all");
    assertThat(refusals("1_a.up.sql", "2_b.sql"))
        .containsExactly(
            "2_b.sql: is named like NNNN_name.sql while 1_a.up.sql is named like N_name.up.sql: use"
                + " one layout for all");
    assertThat(refusals("1_a.sql", "add-x/up.sql"))
        .contains(
            "add-x/up.sql: is named like VERSION/up.sql while 1_a.sql is named like NNNN_name.sql:"
                + " use one layout for all");
  }
}
