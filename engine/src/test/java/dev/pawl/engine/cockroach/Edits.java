package dev.pawl.engine.cockroach;

import dev.pawl.engine.sql.Token;
import java.util.List;
import java.util.TreeMap;

/** Changes to a statement's text, at its tokens; all else stays byte for byte. */
final class Edits {
  private record Edit(int end, String text) {}

  private final TreeMap<Integer, Edit> edits = new TreeMap<>();

  void replace(Token token, String text) {
    replace(token, token, text);
  }

  void replace(Token first, Token last, String text) {
    edits.put(first.start(), new Edit(last.end(), text));
  }

  boolean none() {
    return edits.isEmpty();
  }

  /** The text of these tokens with the changes made. */
  String apply(List<Token> tokens) {
    var source = tokens.getFirst().source();
    int end = tokens.getLast().end();
    int at = tokens.getFirst().start();
    var text = new StringBuilder();
    for (var entry : edits.subMap(at, end).entrySet()) {
      if (entry.getKey() < at) {
        throw new IllegalStateException("two changes of one place: " + entry);
      }
      text.append(source, at, entry.getKey()).append(entry.getValue().text());
      at = entry.getValue().end();
    }
    return text.append(source, at, end).toString();
  }
}
