package dev.pawl.engine.plan;

import dev.pawl.engine.sql.Visible;

/**
 * One thing wrong with a source, in a sentence a person can act on.
 *
 * @param file its path, as it is
 * @param line from 1; 0 where the file as a whole is meant
 * @param column from 1; 0 likewise
 * @param message on one line, shortened where an author's text makes it longer
 */
public record Problem(String file, int line, int column, String message) {
  private static final int LONGEST = 1000;
  private static final int LONGEST_PATH = 300;

  public Problem {
    message = Visible.of(message, LONGEST);
  }

  @Override
  public String toString() {
    return Visible.of(file, LONGEST_PATH)
        + (line > 0 ? ":" + line + (column > 0 ? ":" + column : "") : "")
        + ": "
        + message;
  }
}
