package dev.pawl.engine.sql;

import java.util.List;

/**
 * One statement of a text, without its semicolon.
 *
 * @param source the whole text
 * @param tokens all that count, in order: at least one that a grammar would see
 * @param directives the {@code -- pawl:} lines between it and the statement before
 */
public record Statement(String source, List<Token> tokens, List<Token> directives) {

  /** Where it begins in the source. */
  public int start() {
    return tokens.getFirst().start();
  }

  /** One after where it ends in the source. */
  public int end() {
    return tokens.getLast().end();
  }

  /** The line it begins on, from 1. */
  public int line() {
    return tokens.getFirst().line();
  }

  /** The column it begins at, from 1. */
  public int column() {
    return tokens.getFirst().column();
  }

  /** As written. */
  public String text() {
    return source.substring(start(), end());
  }

  @Override
  public String toString() {
    return line() + ":" + column() + " " + text();
  }
}
