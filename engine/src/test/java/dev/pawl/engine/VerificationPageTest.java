package dev.pawl.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code docs/verification-tests.md} names a test for each line, and each of them exists. */
class VerificationPageTest {
  private static final Path TESTS = Path.of("src/test/java/dev/pawl/engine");
  private static final Pattern LINE =
      Pattern.compile("\\| (?!behaviour )[^|]+ \\| `(\\w+)\\.(\\w+)` \\|");

  /** The sources of all classes of that name. */
  private static String source(String name) throws IOException {
    try (var files = Files.walk(TESTS)) {
      var text = new StringBuilder();
      for (var file : files.filter(f -> f.endsWith(name + ".java")).toList()) {
        text.append(Files.readString(file));
      }
      return text.toString();
    }
  }

  @Test
  void everyLineNamesATestThatExists() throws IOException {
    var rows =
        Files.readAllLines(Path.of("../docs/verification-tests.md")).stream()
            .filter(line -> line.startsWith("| ") && !line.equals("| behaviour | test |"))
            .toList();
    assertThat(rows).hasSizeGreaterThan(50);
    for (var row : rows) {
      var line = LINE.matcher(row);
      assertThat(line.matches()).as(row).isTrue();
      assertThat(source(line.group(1))).as(row).contains("void " + line.group(2) + "(");
    }
  }
}
