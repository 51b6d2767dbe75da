package dev.pawl.engine.lint;

import dev.pawl.engine.plan.Problem;

/**
 * One place where a rule was broken.
 *
 * @param level that of the rule, or a lower one where less is known
 * @param file relative to the source's root, with forward slashes
 * @param line from 1; 0 where the file as a whole is meant
 * @param column from 1; 0 likewise
 * @param message one sentence that names the object and says what to do
 */
public record Finding(Rule rule, Level level, String file, int line, int column, String message) {
  /** What somebody else found, under a rule. */
  public static Finding of(Rule rule, Problem problem) {
    return new Finding(
        rule, rule.level(), problem.file(), problem.line(), problem.column(), problem.message());
  }
}
