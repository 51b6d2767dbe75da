package dev.pawl.engine.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * The inputs that are kept: what people write, and everything that once failed (its name begins
 * with {@code regression}).
 */
final class Corpus {
  private Corpus() {}

  /** The inputs of an entrance by name; folders are called as the entrances are. */
  static Map<String, byte[]> of(Entrance entrance) {
    try {
      var name = entrance.name().toLowerCase(java.util.Locale.ROOT);
      var folder = Path.of(Corpus.class.getResource("corpus/" + name).toURI());
      var inputs = new TreeMap<String, byte[]>();
      try (var files = Files.list(folder)) {
        for (var file : files.toList()) {
          inputs.put(file.getFileName().toString(), Files.readAllBytes(file));
        }
      }
      return inputs;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
