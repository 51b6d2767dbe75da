package dev.pawl.engine.fuzz;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.random.RandomGenerator;

/** Makes new inputs out of those that are there, always the same for the same random numbers. */
final class Mutations {
  private static final List<String> PIECES =
      List.of(
          "\"",
          "\"\"",
          "'",
          "''",
          "$$",
          "$a$",
          "E'\\'",
          "U&\"\\0000\"",
          "--",
          "\n-- pawl: ",
          "-- pawl: fact {\"change\":",
          "/*",
          "*/",
          ";",
          "(",
          ")",
          "[",
          "{",
          "\0",
          "\r",
          "\r\n",
          "\uFEFF",
          "\u202E",
          "\u2028",
          "😀",
          "\\",
          "\"; DROP TABLE x; --",
          "99999999999999999999",
          "CONCURRENTLY",
          "IF NOT EXISTS",
          "BEGIN ATOMIC",
          "COMMIT",
          "\n-- +goose Up\n",
          "\n-- +goose Down\n");

  private final RandomGenerator random;
  private final List<byte[]> corpus;

  Mutations(RandomGenerator random, List<byte[]> corpus) {
    this.random = random;
    this.corpus = corpus;
  }

  /** One of the corpus with one to eight changes. */
  byte[] next() {
    var bytes = any();
    for (int i = random.nextInt(1, 9); i > 0; i--) {
      bytes = change(bytes);
    }
    return bytes;
  }

  private byte[] any() {
    return corpus.get(random.nextInt(corpus.size()));
  }

  private byte[] change(byte[] bytes) {
    int from = random.nextInt(bytes.length + 1);
    int to = Math.min(bytes.length, from + random.nextInt(1, 30));
    return switch (random.nextInt(6)) {
      case 0 -> joined(bytes, from, new byte[0], to); // cut out
      case 1 -> joined(bytes, from, slice(bytes, from, to), from); // twice
      case 2 -> joined(bytes, from, piece(), from);
      case 3 ->
          joined(bytes, from, new byte[] {(byte) random.nextInt(256)}, Math.min(to, from + 1));
      case 4 -> {
        var other = any();
        int begin = random.nextInt(other.length + 1);
        int end = Math.min(other.length, begin + random.nextInt(1, 60));
        yield joined(bytes, from, slice(other, begin, end), to);
      }
      default -> slice(bytes, 0, from);
    };
  }

  private byte[] piece() {
    return PIECES
        .get(random.nextInt(PIECES.size()))
        .getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  private static byte[] slice(byte[] bytes, int from, int to) {
    return java.util.Arrays.copyOfRange(bytes, from, to);
  }

  private static byte[] joined(byte[] bytes, int before, byte[] middle, int after) {
    var out = new ByteArrayOutputStream(bytes.length + middle.length);
    out.write(bytes, 0, before);
    out.writeBytes(middle);
    out.write(bytes, after, bytes.length - after);
    return out.toByteArray();
  }
}
