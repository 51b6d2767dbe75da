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
  private static final Pattern BECAUSE = Pattern.compile("\\sbecause\\s");
  private static final Pattern RULE = Pattern.compile("[a-z0-9-]+");

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
    // In two steps: one expression for all would need a stack as deep as there are rules.
    var words = directive.directive().substring("allow".length());
    var because = BECAUSE.matcher(words);
    if (!because.find() || words.substring(because.end()).isBlank()) {
      return Optional.empty();
    }
    var rules = new ArrayList<String>(1);
    for (var rule : words.substring(0, because.start()).split(",", -1)) {
      rules.add(rule.strip());
    }
    if (!rules.stream().allMatch(rule -> RULE.matcher(rule).matches())) {
      return Optional.empty();
    }
    return Optional.of(
        new Allowance(
            rules, words.substring(because.end()).strip(), directive.line(), directive.column()));
  }
}
