package dev.pawl.engine.plan;

/**
 * One thing wrong with a source, in a sentence a person can act on.
 *
 * @param line from 1; 0 where the file as a whole is meant
 * @param column from 1; 0 likewise
 */
public record Problem(String file, int line, int column, String message) {
  @Override
  public String toString() {
    return file + (line > 0 ? ":" + line + (column > 0 ? ":" + column : "") : "") + ": " + message;
  }
}
