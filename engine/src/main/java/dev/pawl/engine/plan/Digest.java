package dev.pawl.engine.plan;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;

/**
 * One hash over all steps of a stream, the same from a plan as from the rows of a ledger, so that
 * "nothing to do" is one comparison.
 *
 * <p>SHA-256 in lower-case hex over ASCII: the number of steps and a newline; then for each step,
 * by version (as {@link Version} compares) and ordinal, {@code version SPACE ordinal SPACE checksum
 * NEWLINE}, the version in its canonical form, the ordinal in decimal, the checksum in lower-case
 * hex.
 */
public final class Digest {
  private Digest() {}

  /** A step as the digest sees it. */
  public record Entry(Version version, int ordinal, String checksum) implements Comparable<Entry> {
    @Override
    public int compareTo(Entry other) {
      int byVersion = version.compareTo(other.version);
      return byVersion != 0 ? byVersion : Integer.compare(ordinal, other.ordinal);
    }
  }

  /** The digest of steps in any order. */
  public static String of(Stream<Entry> steps) {
    var entries = steps.toArray(Entry[]::new);
    Arrays.sort(entries);
    var text = new StringBuilder(16 + entries.length * 80);
    text.append(entries.length).append('\n');
    for (var entry : entries) {
      text.append(entry.version().text())
          .append(' ')
          .append(entry.ordinal())
          .append(' ')
          .append(entry.checksum())
          .append('\n');
    }
    try {
      var sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of()
          .formatHex(sha256.digest(text.toString().getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
