package dev.pawl.engine.plan;

import dev.pawl.engine.sql.Literals;
import dev.pawl.engine.sql.Statement;
import dev.pawl.engine.sql.Token;
import java.util.Locale;
import java.util.Optional;

/** Which session settings a migration may not make, for Pawl itself works in the same session. */
final class SessionSettings {
  private SessionSettings() {}

  /** Why a setting is refused and what to write instead. */
  static Optional<String> refusal(Statement statement, String name) {
    return switch (name) {
      case "role", "session_authorization" ->
          Optional.of(
              "another role could not write Pawl's ledger: write SET LOCAL ROLE, or let Pawl"
                  + " connect as that role");
      case "transaction_isolation",
          "default_transaction_isolation",
          "transaction_read_only",
          "default_transaction_read_only",
          "transaction_deferrable",
          "default_transaction_deferrable" ->
          Optional.of(
              "Pawl runs migrations READ COMMITTED, in transactions that it opens itself: remove"
                  + " this");
      case "standard_conforming_strings" ->
          isOneOf(statement, "on", "true", "1", "yes")
              ? Optional.empty()
              : Optional.of(
                  "Pawl reads strings as the standard has them: remove this, and write E'…' where"
                      + " a backslash escapes");
      case "client_encoding" ->
          isOneOf(statement, "utf8", "utf-8", "unicode")
              ? Optional.empty()
              : Optional.of("Pawl sends UTF-8: save the file as UTF-8 and remove this");
      case "datestyle" ->
          statement.tokens().stream()
                  .map(t -> t.text().toLowerCase(Locale.ROOT))
                  .anyMatch(t -> t.contains("iso") || t.equals("default") || t.equals("reset"))
              ? Optional.empty()
              : Optional.of("Pawl reads dates as ISO: keep it, as in 'ISO, DMY'");
      case "database" ->
          Optional.of(
              "in another database Pawl would not find its ledger: remove this, and write names"
                  + " with their database, or let Pawl connect to that database");
      case "discard", "deallocate" ->
          Optional.of(
              name.toUpperCase(Locale.ROOT)
                  + " would take away what Pawl itself keeps in the session: remove it");
      default -> Optional.empty();
    };
  }

  private static boolean isOneOf(Statement statement, String... values) {
    Token last = statement.tokens().getLast();
    var value = Literals.string(last).orElse(last.text()).toLowerCase(Locale.ROOT);
    for (var allowed : values) {
      if (allowed.equals(value)) {
        return true;
      }
    }
    return false;
  }
}
