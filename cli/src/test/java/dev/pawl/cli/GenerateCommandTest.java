package dev.pawl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What `pawl generate` leaves on disk, says and exits with. */
class GenerateCommandTest {
  @TempDir Path directory;
  private String out;
  private String err;

  @BeforeEach
  void migrations() throws IOException {
    write("0001_t.sql", "CREATE TABLE t (a int);\n");
    write("0002_i.sql", "CREATE INDEX CONCURRENTLY i ON t (a);\n");
    Files.createDirectory(directory.resolve("sub"));
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text);
  }

  private String read(String name) throws IOException {
    return Files.readString(directory.resolve(name));
  }

  private List<String> names() throws IOException {
    try (var files = Files.list(directory)) {
      return files
          .map(f -> f.getFileName().toString())
          .filter(n -> !n.equals("sub"))
          .sorted()
          .toList();
    }
  }

  private int generate(String... options) {
    var args = new java.util.ArrayList<>(List.of("generate", directory.toString()));
    args.addAll(List.of(options));
    var ran = Ran.pawl(args.toArray(String[]::new));
    out = ran.out();
    err = ran.err();
    return ran.code();
  }

  @Test
  void filesAreWrittenOnceAndThenLeftAlone() throws Exception {
    assertThat(generate()).isZero();
    assertThat(out)
        .isEqualTo(
            """
            wrote   0002_i.verify.sql
            postgresql: 1 generated verify files, 1 written, 0 removed
            """);
    assertThat(names()).containsExactly("0001_t.sql", "0002_i.sql", "0002_i.verify.sql");
    assertThat(read("0002_i.verify.sql"))
        .startsWith("-- Made by `pawl generate` from 0002_i.sql")
        .endsWith(";\n")
        .doesNotContain("\r");
    var file = directory.resolve("0002_i.verify.sql");
    var before = Files.readAttributes(file, java.nio.file.attribute.BasicFileAttributes.class);
    assertThat(generate()).isZero();
    assertThat(out).isEqualTo("postgresql: 1 generated verify files, 0 written, 0 removed\n");
    assertThat(
            Files.readAttributes(file, java.nio.file.attribute.BasicFileAttributes.class).fileKey())
        .isEqualTo(before.fileKey());
    assertThat(generate("--check")).isZero();
  }

  @Test
  void checkWritesNothingAndSaysWhatIsMissing() throws Exception {
    assertThat(generate("--check")).isEqualTo(1);
    assertThat(out)
        .isEqualTo(
            """
            0002_i.sql:1: create index i on t has no verify file: run `pawl generate`
            postgresql: 1 generated verify files, 1 findings
            """);
    assertThat(names()).containsExactly("0001_t.sql", "0002_i.sql");
  }

  @Test
  void aStaleFileIsWrittenAnewAndAnOrphanRemoved() throws Exception {
    generate();
    write("0002_i.sql", "CREATE INDEX CONCURRENTLY j ON t (a);\n");
    write("0003_x.verify.sql", read("0002_i.verify.sql"));
    write("0004_own.verify.sql", "SELECT true;\n");
    assertThat(generate("--check")).isEqualTo(1);
    assertThat(out)
        .contains("0002_i.verify.sql:5: is stale", "0003_x.verify.sql: belongs to no migration")
        .contains("0004_own.verify.sql: belongs to no migration: beside it should be");
    assertThat(generate()).isEqualTo(1);
    assertThat(out)
        .contains("wrote   0002_i.verify.sql\n", "removed 0003_x.verify.sql\n")
        .contains("0004_own.verify.sql: belongs to no migration")
        .endsWith("postgresql: 1 generated verify files, 1 written, 1 removed, 1 findings\n");
    assertThat(names())
        .containsExactly("0001_t.sql", "0002_i.sql", "0002_i.verify.sql", "0004_own.verify.sql");
    assertThat(read("0002_i.verify.sql")).contains("create index j on t");
  }

  @Test
  void aHandWrittenFileIsNeverTouched() throws Exception {
    write("0002_i.verify.sql", "SELECT count(*) = 1 FROM pg_indexes WHERE indexname = 'i';\n");
    assertThat(generate()).isZero();
    assertThat(read("0002_i.verify.sql")).startsWith("SELECT count(*)");
    assertThat(generate("--check")).isZero();
  }

  @Test
  void aBadMigrationIsASentenceAndTheOthersGetTheirs() throws Exception {
    write("0003_bad.sql", "SELECT 1;\nFROBNICATE x;\n");
    assertThat(generate()).isEqualTo(1);
    assertThat(out)
        .contains("wrote   0002_i.verify.sql", "0003_bad.sql:2:1: this statement is refused");
    assertThat(err).isEmpty();
  }

  @Test
  void jsonIsForScripts() throws Exception {
    assertThat(generate("--check", "--output", "json")).isEqualTo(1);
    assertThat(out)
        .contains("\"dialect\" : \"postgresql\"", "\"kind\" : \"missing\"", "\"line\" : 1");
    assertThat(generate("-o", "json")).isZero();
    assertThat(out).contains("\"written\" : [ \"0002_i.verify.sql\" ]", "\"findings\" : [ ]");
  }

  @Test
  void theDialectIsTheDirectorysOwn() throws Exception {
    assertThat(generate("--dialect", "cockroachdb")).isZero();
    assertThat(read("0002_i.verify.sql")).contains("\n-- pawl: generated cockroachdb\n");
    assertThat(generate("--check")).isZero();
    assertThat(out).startsWith("cockroachdb: ");
    assertThat(generate("--check", "--dialect", "postgresql")).isEqualTo(1);
    assertThat(out).contains("was made for cockroachdb");
    write("0005_x.verify.sql", "-- pawl: generated postgresql\nSELECT true;\n");
    assertThat(generate()).isEqualTo(2);
    assertThat(err).contains("--dialect");
  }
}
