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
public record Directive(String reason) {
  private static final String VERIFY_NONE = "verify none because";

  /** The directive before a statement, if any; others than the known one are problems. */
  static Optional<Directive> of(Statement statement, SourceFile file, List<Problem> problems) {
    Optional<Directive> found = Optional.empty();
    for (var token : statement.directives()) {
      var words = token.directive();
      var none = verifyNone(words);
      if (none.isPresent()) {
        found = none;
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

  /** That of a statement, where there is one. */
  public static Optional<Directive> verifyNone(Statement statement) {
    for (var token : statement.directives()) {
      var found = verifyNone(token.directive());
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /** The directive that a line is, where it is this one. */
  static Optional<Directive> verifyNone(String line) {
    return line.startsWith(VERIFY_NONE) && line.length() > VERIFY_NONE.length() + 1
        ? Optional.of(new Directive(line.substring(VERIFY_NONE.length()).strip()))
        : Optional.empty();
  }
}
