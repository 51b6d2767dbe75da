package dev.pawl.engine.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.plan.SourceFile;
import dev.pawl.engine.sql.DatabaseKind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is found where, and what authors allow. */
class LintTest {
  private static List<String> places(DatabaseKind kind, String... files) {
    return Linted.findings(kind, files).stream()
        .map(f -> f.file() + ":" + f.line() + ":" + f.column() + " " + f.rule().id())
        .toList();
  }

  private static List<String> places(String... files) {
    return places(DatabaseKind.POSTGRESQL, files);
  }

  @Test
  void aFindingHasThePlaceOfItsStatement() {
    assertThat(
            places(
                "CREATE TABLE t (a int);", "SET x = 1;\n\n  DROP TABLE t;\n-- end\nVACUUM FULL;"))
        .containsExactly("2.sql:3:3 drop-table", "2.sql:5:1 vacuum-full");
  }

  @Test
  void whatIsWrongWithOneFileHidesNothingOfAnother() {
    assertThat(places("CREATE TABLE t (a int); COMMIT;", "TRUNCATE u", "SELECT 'x"))
        .containsExactly(
            "1.sql:1:25 invalid-source", "3.sql:1:8 invalid-source", "2.sql:1:1 truncate");
  }

  @Test
  void filesOfOneVersionAreOfOneVersion() {
    var found =
        Lint.check(
            List.of(
                new SourceFile("1.0/up01.sql", "CREATE TABLE t (a int)"),
                new SourceFile("1.0/up02.sql", "CREATE INDEX i ON t (a)"),
                new SourceFile("1.1/up.sql", "CREATE INDEX j ON t (a)")),
            DatabaseKind.POSTGRESQL);
    assertThat(found).extracting(Finding::file).containsExactly("1.1/up.sql");
  }

  @Test
  void aNameWithoutSchemaMeansATableOfAnySchema() {
    assertThat(places("CREATE TABLE s.t (a int); CREATE INDEX i ON t (a); DROP TABLE s.t"))
        .isEmpty();
    assertThat(places("CREATE TABLE s.t (a int); CREATE INDEX i ON r.t (a)"))
        .containsExactly("1.sql:1:27 index-not-concurrent");
  }

  @Test
  void anAllowanceSilencesItsRulesForTheStatementAfterIt() {
    assertThat(
            places(
                "-- pawl: allow drop-table, drop-cascade because nobody uses it\n"
                    + "DROP TABLE t CASCADE;\n"
                    + "DROP TABLE u;"))
        .containsExactly("1.sql:3:1 drop-table");
  }

  @Test
  void anAllowanceThatSilencesNothingIsAFindingItself() {
    assertThat(
            places(
                "-- pawl: allow drop-table, truncate because x\n"
                    + "DROP TABLE t;\n"
                    + "-- pawl: allow drop-tables because x\n"
                    + "DROP TABLE u;"))
        .containsExactly(
            "1.sql:1:1 unused-allow", "1.sql:4:1 drop-table", "1.sql:3:1 unused-allow");
  }

  @Test
  void anAllowanceForAnotherDatabaseIsNotUnused() {
    var sql =
        "-- pawl: allow alter-primary-key, drop-column because x\nALTER TABLE t DROP COLUMN a";
    assertThat(places(DatabaseKind.POSTGRESQL, sql)).isEmpty();
    assertThat(places(DatabaseKind.COCKROACHDB, sql)).containsExactly("1.sql:1:1 unused-allow");
  }

  @Test
  void anAllowanceNamedTwiceOrOfUnusedAllowIsUnused() {
    assertThat(places("-- pawl: allow unused-allow because x\nSELECT 1"))
        .containsExactly("1.sql:1:1 unused-allow");
    assertThat(places("-- pawl: allow truncate, truncate because x\nTRUNCATE t"))
        .containsExactly("1.sql:1:1 unused-allow");
  }

  @Test
  void anAllowanceBeforeASettingSilencesNothing() {
    assertThat(
            places(
                "-- pawl: allow truncate because x\nSET a = 1;\nTRUNCATE t; VACUUM; TRUNCATE t;"))
        .containsExactly("1.sql:1:1 unused-allow", "1.sql:3:1 truncate", "1.sql:3:21 truncate");
  }

  @Test
  void whatIsNotVerifiedIsNoted() {
    var found =
        Linted.findings(
            DatabaseKind.POSTGRESQL, "-- pawl: verify none because it is quick\nCALL f();");
    assertThat(found).hasSize(1);
    assertThat(found.getFirst().rule().id()).isEqualTo("verify-none");
    assertThat(found.getFirst().message())
        .isEqualTo("nothing is verified after this statement: because it is quick");
  }

  @Test
  void noSourceIsTooStrange() {
    for (var sql :
        List.of(
            "",
            ";",
            "ALTER",
            "ALTER TABLE",
            "DROP",
            "TRUNCATE",
            "CREATE TABLE t (",
            "UPDATE",
            "ALTER TABLE t ALTER COLUMN",
            "CREATE TABLE t (LIKE)",
            "DELETE FROM",
            "INSERT INTO t",
            "WITH",
            "DROP INDEX",
            "ALTER TABLE t ADD CHECK",
            "ALTER TABLE t ADD CHECK ()",
            "CREATE TABLE t PARTITION OF",
            "ALTER TYPE t RENAME VALUE",
            "UPDATE t SET a = 1 WHERE",
            "UPDATE t SET a = 1 WHERE a =",
            "UPDATE t SET a = 1 WHERE a IN ()",
            "VACUUM ()")) {
      for (var kind : DatabaseKind.values()) {
        assertThat(Linted.findings(kind, "CREATE TABLE t (a int)", sql)).isNotNull();
      }
    }
  }
}
