package dev.pawl.e2e.harness;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What nobody may read anywhere but in a Secret, and the places where it is searched for: as it is,
 * base64, percent-encoded, and as JSON and SQL write it. Values are long and random, so that one
 * that is found was leaked.
 */
final class Secrets {
  private static final int SHORTEST = 16;

  /** Those of this test run. */
  static final Secrets ALL = new Secrets();

  /** What each value is, in words that may be shown. */
  private final Map<String, String> values = new ConcurrentHashMap<>();

  private final Set<String> places = ConcurrentHashMap.newKeySet();
  private final Set<String> found = ConcurrentHashMap.newKeySet();

  /**
   * From now on it is searched for.
   *
   * @param what it is, in words that may be shown
   * @param value in ASCII
   * @return the value
   */
  String remember(String what, String value) {
    if (value.length() < SHORTEST) {
      throw new IllegalArgumentException(what + " is too short to be told from other text");
    }
    values.put(value, what);
    return value;
  }

  /** How many are searched for. */
  int count() {
    return values.size();
  }

  /** Looks for all of them in a text. */
  void search(String place, String text) {
    places.add(place);
    values.forEach(
        (value, what) -> {
          for (var form : forms(value).entrySet()) {
            if (text.contains(form.getValue())) {
              found.add(what + ", " + form.getKey() + ", in " + place);
            }
          }
        });
  }

  /** Looks into every file of a folder, those named as keeping secrets by purpose left out. */
  void searchFolder(String place, Path folder, String... except) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              var name = file.getFileName().toString();
              if (List.of(except).stream().noneMatch(name::endsWith)) {
                try {
                  search(place + " " + folder.relativize(file), Files.readString(file, ISO_8859_1));
                } catch (NoSuchFileException e) {
                  // It has just gone, with its pod; what it held was seen before.
                }
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
              if (e instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
              }
              throw e;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException e) {
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException("not all of " + folder + " could be searched", e);
    }
  }

  /** Where they were found; the values themselves are not repeated. */
  Set<String> found() {
    return new TreeSet<>(found);
  }

  /** One line for the end of a run. */
  String summary() {
    return "secrets: %d values searched for in %d places: %s"
        .formatted(
            values.size(),
            places.size(),
            found.isEmpty() ? "none found" : found.size() + " FOUND: " + found());
  }

  /** The ways in which a value may be written. */
  private static Map<String, String> forms(String value) {
    var forms = new TreeMap<String, String>();
    forms.put("as it is", value);
    forms.put("as SQL", value.replace("'", "''"));
    forms.put("as JSON", value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"));
    forms.put("percent-encoded", URLEncoder.encode(value, UTF_8));
    forms.put("percent-encoded, blanks too", URLEncoder.encode(value, UTF_8).replace("+", "%20"));
    // In the middle of an encoded text it begins at any of three places; its ends depend on what
    // stands beside it.
    var bytes = value.getBytes(UTF_8);
    for (int skip = 0; skip < 3; skip++) {
      int length = (bytes.length - skip) / 3 * 3;
      var middle = Arrays.copyOfRange(bytes, skip, skip + length);
      forms.put("base64 " + skip, Base64.getEncoder().encodeToString(middle));
    }
    return forms;
  }
}
