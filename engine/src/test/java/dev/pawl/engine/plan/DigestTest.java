package dev.pawl.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.sql.DatabaseKind;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DigestTest {
  private static Digest.Entry entry(String version, int ordinal, String checksum) {
    return new Digest.Entry(new Version(version), ordinal, checksum);
  }

  @Test
  void isOverTheDocumentedBytes() throws Exception {
    var bytes = "3\n2 1 aa\n10 1 bb\n10 2 cc\n".getBytes(StandardCharsets.US_ASCII);
    assertThat(
            Digest.of(Stream.of(entry("10", 2, "cc"), entry("02", 1, "aa"), entry("10", 1, "bb"))))
        .isEqualTo(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
  }

  @Test
  void isTheSameForAPlanAndForItsRows() throws Exception {
    var plan =
        Planner.plan(
            List.of(
                new SourceFile("2_b.sql", "CREATE TABLE b (); VACUUM b"),
                new SourceFile("1_a.sql", "CREATE TABLE a ()")),
            DatabaseKind.POSTGRESQL);
    var rows =
        plan.steps().reversed().stream()
            .map(s -> new Digest.Entry(s.version(), s.ordinal(), s.checksum()));
    assertThat(plan.steps()).hasSize(3);
    assertThat(plan.digest()).isEqualTo(Digest.of(rows));
  }
}
