package dev.pawl.engine.plan;

import dev.pawl.engine.sql.Statement;
import java.util.List;
import java.util.Optional;

/**
 * What an author tells Pawl of a statement: {@code -- pawl: verify none because …}, nothing needs
 * to be verified after it.
 *
 * @param reason why, for whoever reviews the migration
 */
record Directive(String reason) {
  private static final String VERIFY_NONE = "verify none because";

  /** The directive before a statement, if any; others than the known one are problems. */
  static Optional<Directive> of(Statement statement, SourceFile file, List<Problem> problems) {
    Optional<Directive> found = Optional.empty();
    for (var token : statement.directives()) {
      var text = token.text();
      var words = text.substring(text.indexOf("pawl:") + 5).strip();
      if (words.startsWith(VERIFY_NONE) && words.length() > VERIFY_NONE.length() + 1) {
        found = Optional.of(new Directive(words.substring(VERIFY_NONE.length()).strip()));
      } else {
        problems.add(
            new Problem(
                file.path(),
                token.line(),
                token.column(),
                words.startsWith("verify none")
                    ? "a reason is missing: write '-- pawl: verify none because …'"
                    : "Pawl does not know this '-- pawl:' line: it may say 'verify none because"
                        + " …'"));
      }
    }
    return found;
  }
}
