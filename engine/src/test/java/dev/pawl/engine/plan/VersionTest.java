package dev.pawl.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class VersionTest {
  private static List<String> lines(String file) throws IOException {
    return Files.readAllLines(Path.of("../helm/tests", file)).stream()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .toList();
  }

  static List<String> vectors() throws IOException {
    return lines("version-vectors.txt");
  }

  static List<String> malformed() throws IOException {
    return lines("version-malformed.txt");
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void comparesAsTheAdmissionPoliciesDo(String vector) {
    var words = vector.split(" ");
    var left = new Version(words[0]);
    var right = new Version(words[2]);
    switch (words[1]) {
      case "<" -> {
        assertThat(left).isLessThan(right).isNotEqualTo(right);
        assertThat(right).isGreaterThan(left);
      }
      case "=" -> assertThat(left).isEqualTo(right).isEqualByComparingTo(right);
      default -> throw new AssertionError(vector);
    }
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void isNotMadeOfAnythingElse(String between) {
    var text = between.substring(1, between.length() - 1);
    assertThat(Version.parse(text)).isEmpty();
    assertThatThrownBy(() -> new Version(text))
        .hasMessage(
            "'"
                + text
                + "' is not a version: write one to four dotted numbers, such as 7 or 12.0.0");
  }

  @Test
  void isCanonicalWithoutLeadingZeros() {
    assertThat(new Version("0007").text()).isEqualTo("7");
    assertThat(new Version("12.00.010").text()).isEqualTo("12.0.10");
    assertThat(new Version("000")).isEqualTo(new Version("0"));
  }

  @Property
  void comparesAsItsNumbersDo(
      @ForAll @Size(min = 1, max = 4)
          List<@LongRange(min = 0, max = 999_999_999_999_999_999L) Long> a,
      @ForAll @Size(min = 1, max = 4) List<@LongRange(min = 0, max = 20) Long> b) {
    assertThat(Integer.signum(version(a).compareTo(version(b)))).isEqualTo(compare(a, b));
    assertThat(Integer.signum(version(b).compareTo(version(a)))).isEqualTo(compare(b, a));
  }

  private static Version version(List<Long> numbers) {
    return new Version(String.join(".", numbers.stream().map(n -> Long.toString(n)).toList()));
  }

  private static int compare(List<Long> a, List<Long> b) {
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      int compared = Long.compare(a.get(i), b.get(i));
      if (compared != 0) {
        return compared;
      }
    }
    return Integer.compare(a.size(), b.size());
  }
}
