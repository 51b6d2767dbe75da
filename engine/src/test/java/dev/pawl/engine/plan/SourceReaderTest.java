package dev.pawl.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pawl.engine.sql.DatabaseKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class SourceReaderTest {
  @TempDir Path root;

  private void write(String path, byte[] bytes) throws IOException {
    var file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  private void write(String path, String text) throws IOException {
    write(path, text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void readsWhatCanMatterSortedByPath() throws Exception {
    write("2.0/up.sql", "SELECT 'ü'");
    write("2.0/up.verify.sql", "SELECT true");
    write("1_a.sql", "SELECT 1");
    write("versions.txt", "4 add-x");
    write("3.0/versions.txt", "of no use here");
    write("README.md", "not SQL");
    write(".hidden.sql", "SELECT 1");
    write(".git/1_a.sql", "SELECT 1");
    write("3.0/old/up.sql", "SELECT 1");

    assertThat(SourceReader.read(root))
        .containsExactly(
            new SourceFile("1_a.sql", "SELECT 1"),
            new SourceFile("2.0/up.sql", "SELECT 'ü'"),
            new SourceFile("2.0/up.verify.sql", "SELECT true"),
            new SourceFile("3.0/old/up.sql", "SELECT 1"),
            new SourceFile("versions.txt", "4 add-x"));
  }

  @Test
  void followsTheLinksOfAMountedConfigMap() throws Exception {
    write("..2026_01_01/1_a.sql", "SELECT 1");
    Files.createSymbolicLink(root.resolve("..data"), Path.of("..2026_01_01"));
    Files.createSymbolicLink(root.resolve("1_a.sql"), Path.of("..data/1_a.sql"));

    assertThat(SourceReader.read(root)).containsExactly(new SourceFile("1_a.sql", "SELECT 1"));
  }

  @Test
  void refusesWhatIsNotUtf8() throws Exception {
    write("1_a.sql", "SELECT '\uFFFD'");
    write("2_b.sql", "SELECT 1;\n-- caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));
    write("3_c.sql", new byte[] {'S', (byte) 0xC3});

    var thrown = catchThrowableOfType(InvalidSourceException.class, () -> SourceReader.read(root));
    assertThat(thrown.problems())
        .extracting(Problem::toString)
        .containsExactlyInAnyOrder(
            "2_b.sql:2: byte 0xE9 at offset 16 is not UTF-8: save the file as UTF-8",
            "3_c.sql:1: byte 0xC3 at offset 1 is not UTF-8: save the file as UTF-8");
  }

  @Test
  void saysWhatIsWrongWithTheFolder() throws Exception {
    write("1_a.sql", "SELECT 1");
    for (var path : new String[] {"missing", "1_a.sql"}) {
      var folder = root.resolve(path);
      var thrown =
          catchThrowableOfType(InvalidSourceException.class, () -> SourceReader.read(folder));
      assertThat(thrown)
          .hasMessage(
              folder
                  + (path.equals("missing") ? ": does not exist" : ": is not a folder")
                  + ": name the folder of the migrations");
    }
  }

  @Test
  @Timeout(20)
  void whatIsNoFileIsToldAndNotReadForEver() throws Exception {
    write("1_a.sql", "SELECT 1");
    Files.createDirectories(root.resolve("2_b.sql/up.sql"));
    Files.createSymbolicLink(root.resolve("3_c.sql"), Path.of("nowhere"));
    Files.createSymbolicLink(root.resolve("4_d.sql"), Path.of("/dev/zero"));
    Files.createSymbolicLink(root.resolve("5_e"), root); // in circles
    assertThat(new ProcessBuilder("mkfifo", root.resolve("6_f.sql").toString()).start().waitFor())
        .isZero();

    var thrown = catchThrowableOfType(InvalidSourceException.class, () -> SourceReader.read(root));
    assertThat(thrown.problems())
        .extracting(Problem::toString)
        .contains(
            "2_b.sql: is a folder with the name of a file: rename it",
            "3_c.sql: cannot be read: a link to nothing, or no permission",
            "4_d.sql: is no file: remove it",
            "6_f.sql: is no file: remove it");
  }

  @Test
  void hostileNamesAreToldOnOneLine() throws Exception {
    write("1_a\nb.sql", "SELECT 1");
    write("2_\u202Eb.sql", "SELECT 1");
    var thrown =
        catchThrowableOfType(
            InvalidSourceException.class,
            () -> Planner.plan(SourceReader.read(root), DatabaseKind.POSTGRESQL));
    assertThat(thrown.getMessage().lines())
        .containsExactly(
            "1_a\\u000Ab.sql: has a character in its name that cannot be seen: rename it",
            "2_\\u202Eb.sql: has a character in its name that cannot be seen: rename it");
  }
}
