package dev.pawl.engine.plan;

import dev.pawl.engine.sql.Statement;
import dev.pawl.engine.sql.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * {@code -- pawl: allow RULE[, RULE] because …}: what {@code pawl check} shall not report of the
 * statement after it. It changes nothing of what is executed, and no checksum.
 *
 * @param rules as written, at least one; whether there are such rules is for the check to say
 * @param reason why, for whoever reviews the migration
 * @param line of the directive, from 1
 * @param column of the directive, from 1
 */
public record Allowance(List<String> rules, String reason, int line, int column) {
  static final String FORM = "allow RULE because …";
  private static final Pattern ALLOW =
      Pattern.compile("allow\\s+([a-z0-9-]+(?:\\s*,\\s*[a-z0-9-]+)*)\\s+because\\s+(\\S.*)");

  public Allowance {
    rules = List.copyOf(rules);
  }

  /** Those before a statement; malformed ones are the planner's problem. */
  public static List<Allowance> of(Statement statement) {
    var found = new ArrayList<Allowance>(0);
    for (var token : statement.directives()) {
      parse(token).ifPresent(found::add);
    }
    return found;
  }

  static Optional<Allowance> parse(Token directive) {
    if (!directive.allows()) {
      return Optional.empty();
    }
    var matcher = ALLOW.matcher(directive.directive());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new Allowance(
            List.of(matcher.group(1).split("\\s*,\\s*")),
            matcher.group(2),
            directive.line(),
            directive.column()));
  }
}
