package dev.pawl.engine.execute;

import java.sql.SQLWarning;
import java.util.Set;
import org.postgresql.util.PSQLWarning;

/**
 * What the server says beside an answer.
 *
 * @param state its SQLSTATE
 * @param message in the server's words and language; names in it are as they are stored
 * @param inside it comes from within a function or a DO block
 */
record Notice(String state, String message, boolean inside) {
  /** Codes of the notices that say: skipped, for it exists. */
  private static final Set<String> SKIPPED = Set.of("42P07", "42701", "42P06", "42710");

  static Notice of(SQLWarning warning) {
    var server = warning instanceof PSQLWarning w ? w.getServerErrorMessage() : null;
    return new Notice(
        String.valueOf(warning.getSQLState()),
        server == null ? String.valueOf(warning.getMessage()) : String.valueOf(server.getMessage()),
        server != null && server.getWhere() != null);
  }

  /** Whether an IF NOT EXISTS has passed over what is there. */
  boolean skipped() {
    return SKIPPED.contains(state);
  }

  /** Whether a name stands in the message, and not as part of a longer one. */
  boolean names(String name) {
    for (int at = message.indexOf(name); at >= 0; at = message.indexOf(name, at + 1)) {
      int end = at + name.length();
      boolean begins = at == 0 || !partOfName(message.charAt(at - 1));
      if (begins && (end == message.length() || !partOfName(message.charAt(end)))) {
        return true;
      }
    }
    return false;
  }

  private static boolean partOfName(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '$';
  }
}
