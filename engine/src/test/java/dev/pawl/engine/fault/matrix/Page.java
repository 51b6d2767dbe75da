package dev.pawl.engine.fault.matrix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The page in docs/ that holds the tables. */
final class Page {
  private static final Path PATH = Path.of("../docs/fault-matrix.md");

  private Page() {}

  /** Puts a table in the place of the one that stands between the marks of its name. */
  static void write(String name, String table) throws IOException {
    var page = Files.readString(PATH);
    var begin = "<!-- " + name + ": written by make fault-matrix -->\n";
    var end = "<!-- end of " + name + " -->";
    int from = page.indexOf(begin) + begin.length();
    int to = page.indexOf(end);
    if (from < begin.length() || to < from) {
      throw new IllegalStateException(PATH + " has no place for " + name);
    }
    Files.writeString(PATH, page.substring(0, from) + "\n" + table + "\n\n" + page.substring(to));
  }
}
