package dev.pawl.engine.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A name as the server would look it up: one to three parts (catalog, schema, name), each already
 * unquoted, or folded to lower case where the author wrote it without quotes.
 *
 * @param parts from the outermost to the name itself
 */
public record QualifiedName(List<String> parts) {
  public QualifiedName {
    parts = List.copyOf(parts);
    if (parts.isEmpty() || parts.size() > 3) {
      throw new IllegalArgumentException("a name has one to three parts, not " + parts.size());
    }
  }

  /** A name of the given parts, from the outermost inwards. */
  public static QualifiedName of(String... parts) {
    return new QualifiedName(List.of(parts));
  }

  /** The last part: the object itself. */
  public String name() {
    return parts.getLast();
  }

  /** The schema, where the author named one. */
  public Optional<String> schema() {
    return parts.size() > 1 ? Optional.of(parts.get(parts.size() - 2)) : Optional.empty();
  }

  /** The same path with another last part: an index lives in the schema of its table. */
  public QualifiedName sibling(String name) {
    var all = new ArrayList<>(parts.subList(0, parts.size() - 1));
    all.add(name);
    return new QualifiedName(all);
  }

  /** Safe to place into SQL: every part quoted, quotes inside doubled. */
  public String quoted() {
    return parts.stream().map(QualifiedName::quote).collect(Collectors.joining("."));
  }

  /**
   * One identifier, quoted.
   *
   * @throws IllegalArgumentException for an empty one or one with NUL, which no server accepts
   */
  public static String quote(String identifier) {
    if (identifier.isEmpty() || identifier.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("an identifier may not be empty or contain NUL");
    }
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  @Override
  public String toString() {
    return String.join(".", parts);
  }
}
