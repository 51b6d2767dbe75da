package dev.pawl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.pawl.engine.lint.Rule;
import dev.pawl.engine.lint.Rules;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a CI reads, and its exit codes. */
class CheckCommandTest {
  @TempDir Path directory;
  private String out;
  private String err;

  @BeforeEach
  void history() throws Exception {
    write("0001_t.sql", "CREATE TABLE t (a int);\n");
  }

  private void write(String file, String sql) throws Exception {
    Files.writeString(directory.resolve(file), sql);
  }

  private int check(String... options) {
    var args = new String[options.length + 2];
    args[0] = "check";
    args[1] = directory.toString();
    System.arraycopy(options, 0, args, 2, options.length);
    return pawl(args);
  }

  private int pawl(String... args) {
    var ran = Ran.pawl(args);
    out = ran.out();
    err = ran.err();
    return ran.code();
  }

  @Test
  void nothingFoundIsExitCode0() {
    assertThat(check()).isZero();
    assertThat(out).isEqualTo("nothing found in 1 file, checked for postgresql\n");
    assertThat(check("--dialect", "cockroachdb")).isZero();
    assertThat(out).isEqualTo("nothing found in 1 file, checked for cockroachdb\n");
  }

  @Test
  void aFindingIsALineWithItsPlace() throws Exception {
    write("0002_i.sql", "SET x = 1;\n  CREATE INDEX i ON t (a);\n");
    assertThat(check()).isEqualTo(1);
    assertThat(out)
        .isEqualTo(
            directory.toRealPath().resolve("0002_i.sql")
                + ":2:3: error index-not-concurrent: index i locks t against writes until it is"
                + " built: create it CONCURRENTLY\n"
                + "1 error, 0 warnings, 0 notes in 2 files, checked for postgresql\n");
  }

  @Test
  void theLevelThatFailsIsChosen() throws Exception {
    write("0002_d.sql", "DROP TABLE t;\n");
    assertThat(check()).isZero();
    assertThat(out).contains("warning drop-table: ");
    assertThat(check("--fail-on", "warning")).isEqualTo(1);
    write("0002_d.sql", "-- pawl: verify none because it is quick\nCALL f();\n");
    assertThat(check("--fail-on", "warning")).isZero();
    assertThat(check("--fail-on", "NOTE")).isEqualTo(1);
    assertThat(check("--fail-on", "fatal")).isEqualTo(2);
  }

  @Test
  void oldHistoryIsLeftOut() throws Exception {
    write("0002_i.sql", "CREATE INDEX i ON t (a);\n");
    write("0010_i.sql", "CREATE INDEX j ON t (a);\n");
    assertThat(check("--after", "2")).isEqualTo(1);
    assertThat(out).contains("index j").doesNotContain("index i ");
    assertThat(check("--after", "10")).isZero();
    assertThat(check("--after", "ten")).isEqualTo(2);
    assertThat(err).contains("--after ten is not a version");
  }

  @Test
  void namedFoldersAreOldByTheirVersionsFile() throws Exception {
    Files.delete(directory.resolve("0001_t.sql"));
    for (var name : new String[] {"zebra", "apple"}) {
      Files.createDirectory(directory.resolve(name));
      write(name + "/up.sql", "TRUNCATE " + name + ";\n");
    }
    write("versions.txt", "7 zebra\n8 apple\n");
    assertThat(check("-o", "json")).as(out).isZero();
    assertThat(out.indexOf("\"7\"")).isPositive().isLessThan(out.indexOf("\"8\""));
    assertThat(check("--after", "7")).isZero();
    assertThat(out).contains("apple/up.sql").doesNotContain("zebra");
  }

  @Test
  void aSourceThatCannotBeAppliedFailsWhateverItsVersion() throws Exception {
    write("0001_t.sql", "SELECT 1;\nCOMMIT;\n");
    write("README.sql", "SELECT 1;\n");
    assertThat(check("--after", "9")).isEqualTo(1);
    assertThat(out)
        .contains("0001_t.sql:2:1: error invalid-source: COMMIT inside a migration")
        .contains("README.sql: error invalid-source: ");
    Files.write(directory.resolve("0002_x.sql"), "caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(check()).isEqualTo(1);
    assertThat(out).contains("0002_x.sql:1: error invalid-source: byte 0xE9");
  }

  @Test
  void usageIsExitCode2() {
    assertThat(pawl("check")).isEqualTo(2);
    assertThat(err).isEqualTo("pawl: name the directory of migrations: pawl check DIR\n");
    assertThat(pawl("check", directory.resolve("nowhere").toString())).isEqualTo(2);
    assertThat(err).contains("nowhere is not a folder");
    assertThat(check("--output", "xml")).isEqualTo(2);
  }

  @Test
  void pathsAreAsSeenFromTheWorkingDirectory() throws Exception {
    var below = Files.createTempDirectory(Path.of("target"), "check test");
    Files.writeString(below.resolve("1.sql"), "VACUUM FULL;\n");
    assertThat(pawl("check", below.toAbsolutePath().toString())).isEqualTo(1);
    assertThat(out).startsWith(below + "/1.sql:1:1: error vacuum-full: ");
    assertThat(pawl("check", below.toString(), "-o", "sarif")).isEqualTo(1);
    assertThat(out).contains("\"uri\" : \"" + below.toString().replace(" ", "%20") + "/1.sql\"");
  }

  @Test
  void jsonIsStable() throws Exception {
    write("0002_d.sql", "DROP TABLE t;\n");
    write("x.sql", "SELECT 1;\n");
    assertThat(check("--output", "json")).isEqualTo(1);
    assertThat(out)
        .startsWith(
            """
            {
              "dialect" : "postgresql",
              "files" : 3,
              "notes" : 0,
              "warnings" : 1,
              "errors" : 1,
              "findings" : [ {
                "rule" : "invalid-source",
                "level" : "error",
                "file" : "x.sql",
                "message" : "x.sql begins with no version\
            """)
        .contains(
            """
            }, {
                "rule" : "drop-table",
                "level" : "warning",
                "file" : "0002_d.sql",
                "line" : 1,
                "column" : 1,
                "version" : "2",
                "message" : "table t goes with its data: \
            """);
  }

  @Test
  void sarifKeepsToItsSchema() throws Exception {
    write("0002_ x.sql", "DROP TABLE t; CREATE INDEX i ON u (a);\n");
    write("x:%.sql", "SELECT 1;\n");
    assertThat(check("--output", "sarif")).isEqualTo(1);
    var schema =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7)
            .getSchema(Rule.class.getResourceAsStream("/schema/sarif-schema-2.1.0.json"));
    assertThat(schema.validate(out, InputFormat.JSON)).isEmpty();
    assertThat(schema.validate(out.replace("\"warning\"", "\"warn\""), InputFormat.JSON))
        .isNotEmpty();
    assertThat(out)
        .contains("\"ruleId\" : \"drop-table\"", "\"ruleId\" : \"index-not-concurrent\"")
        .contains("0002_%20x.sql\"", "x:%25.sql\"")
        .containsPattern("\"startLine\" : 1,\\s+\"startColumn\" : 15\\b")
        .doesNotContain("\"id\" : \"alter-primary-key\"");
    assertThat(check("--output", "sarif", "--dialect", "cockroachdb")).isEqualTo(1);
    assertThat(schema.validate(out, InputFormat.JSON)).isEmpty();
    assertThat(out).contains("\"id\" : \"alter-primary-key\"");
  }

  @Test
  void githubGetsWorkflowCommandsWithNothingToMisread() throws Exception {
    write("0002_a,b:100%.sql", "DROP TABLE \"x%\n::y\";\n");
    assertThat(check("--output", "github")).isZero();
    assertThat(out)
        .contains("::warning file=")
        .contains(
            "/0002_a%2Cb%3A100%25.sql,line=1,col=1,title=pawl%3A drop-table::table x%25%0A::y goes")
        .endsWith("0 errors, 1 warning, 0 notes in 2 files, checked for postgresql\n");
    write("0003.sql", "-- pawl: verify none because it is quick\nCALL f();\n");
    write("x.sql", "SELECT 1;\n");
    assertThat(check("--output", "github")).isEqualTo(1);
    assertThat(out).contains("::notice file=", "/x.sql,title=pawl%3A invalid-source::x.sql begins");
  }

  @Test
  void aNameWithALineBreakIsStillOneLineOfText() throws Exception {
    write("0002_d.sql", "DROP TABLE \"a\nb\";\n");
    assertThat(check()).isZero();
    assertThat(out.lines()).hasSize(2);
  }

  @Test
  void verifyFilesAreMissedWhereThereAreSome() throws Exception {
    write("0002_i.sql", "CREATE INDEX CONCURRENTLY i ON t (a);\n");
    write("0003_j.sql", "CREATE INDEX CONCURRENTLY j ON t (a);\n");
    assertThat(check()).as(out).isZero();
    assertThat(check("--require-verify-files")).isEqualTo(1);
    assertThat(out.lines().filter(l -> l.contains("error missing-verify-file: "))).hasSize(2);
    assertThat(pawl("generate", directory.toString())).isZero();
    assertThat(check("--fail-on", "note")).as(out).isZero();
    Files.delete(directory.resolve("0003_j.verify.sql"));
    assertThat(check()).isEqualTo(1);
    assertThat(out)
        .contains("/0003_j.sql:1: error missing-verify-file: create index j on t has no verify")
        .contains("1 error, 0 warnings, 0 notes");
    assertThat(check("--after", "3")).isZero();
  }

  @Test
  void staleAndOrphanedVerifyFilesAreToldOfOnce() throws Exception {
    write("0002_i.sql", "CREATE INDEX CONCURRENTLY i ON t (a);\n");
    write("0003_j.sql", "CREATE INDEX CONCURRENTLY j ON t (a);\n");
    assertThat(pawl("generate", directory.toString())).isZero();
    write("0002_i.sql", "CREATE INDEX CONCURRENTLY i ON t (a, a);\n");
    Files.delete(directory.resolve("0003_j.sql"));
    assertThat(check()).isEqualTo(1);
    assertThat(out)
        .contains("0002_i.verify.sql:", " error stale-verify-file: ")
        .contains("0003_j.verify.sql: error orphaned-verify-file: ")
        .contains("2 errors, 0 warnings, 0 notes");
  }

  @Test
  void theDialectIsWhatTheDirectoryWasGeneratedFor() throws Exception {
    write("0002_i.sql", "ALTER TABLE t ALTER PRIMARY KEY USING COLUMNS (a);\n");
    assertThat(pawl("generate", directory.toString(), "--dialect", "cockroachdb")).as(err).isZero();
    assertThat(check()).as(out).isZero();
    assertThat(out).contains("warning alter-primary-key: ", "checked for cockroachdb");
  }

  @Test
  void rulesAreExplained() {
    assertThat(pawl("check", "--rules")).isZero();
    for (var rule : Rules.ALL) {
      assertThat(out).contains("### `" + rule.id() + "`", rule.why(), rule.instead());
    }
  }
}
