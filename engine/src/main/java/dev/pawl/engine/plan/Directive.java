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
      var words = token.directive();
      if (words.startsWith(VERIFY_NONE) && words.length() > VERIFY_NONE.length() + 1) {
        found = Optional.of(new Directive(words.substring(VERIFY_NONE.length()).strip()));
      } else if (Allowance.parse(token).isEmpty()) {
        problems.add(
            new Problem(
                file.path(),
                token.line(),
                token.column(),
                words.startsWith("verify none")
                    ? "a reason is missing: write '-- pawl: verify none because …'"
                    : token.allows()
                        ? "write it as '-- pawl: " + Allowance.FORM + "': which rule, and why"
                        : "Pawl does not know this '-- pawl:' line: it may say 'verify none because"
                            + " …' or '"
                            + Allowance.FORM
                            + "'"));
      }
    }
    return found;
  }
}
