package dev.pawl.engine.lint;

import dev.pawl.engine.plan.Allowance;

/** The source itself, and what its authors tell Pawl. */
final class GeneralRules implements Theme {
  static final Rule INVALID =
      Rule.everywhere(
          "invalid-source",
          Level.ERROR,
          "The source cannot be applied",
          """
          What `pawl plan` and the operator refuse: a file that cannot be placed or read, a statement that is not known, \
          a verify file that does not fit, two schema changes in one file on CockroachDB. It cannot be allowed, and \
          `--after` does not leave it out.\
          """,
          "");
  static final Rule MISSING =
      Rule.everywhere(
          "missing-verify-file",
          Level.ERROR,
          "A migration has no verify file",
          """
          Where a directory has generated verify files, each migration that needs one should have it, so that a reviewer sees \
          what will be asked. Where there are none, Pawl makes them in memory and this rule is silent, unless \
          `--require-verify-files` says otherwise. `pawl generate DIR` writes them.\
          """,
          "");
  static final Rule STALE =
      Rule.everywhere(
          "stale-verify-file",
          Level.ERROR,
          "A verify file is not what would be generated now",
          """
          Its migration has changed since, it was edited, or it was made for another database or by another version of Pawl. \
          `pawl generate DIR` writes it anew. To keep what you have written yourself, take away its `-- pawl: generated` \
          line.\
          """,
          "");
  static final Rule ORPHANED =
      Rule.everywhere(
          "orphaned-verify-file",
          Level.ERROR,
          "A generated verify file that no migration needs",
          """
          Its migration was renamed or deleted, or no longer has a step of its own. `pawl generate DIR` removes it.\
          """,
          "");
  static final Rule VERIFY_NONE =
      Rule.everywhere(
          "verify-none",
          Level.NOTE,
          "A statement is not verified",
          """
          `-- pawl: verify none because …` makes Pawl take a statement for finished when it returns. A verify file with a \
          SELECT that is true once it has really finished is better, where one can be written.\
          """,
          """
          -- 0007_backfill.verify.sql
          SELECT NOT EXISTS (SELECT FROM users WHERE plan IS NULL);\
          """);
  static final Rule UNUSED_ALLOW =
      Rule.everywhere(
          "unused-allow",
          Level.WARNING,
          "An allowance that silences nothing",
          """
          `-- pawl: allow RULE because …` speaks of the statement after it. This one names a rule that does not exist, or \
          that has nothing to say of that statement: it would hide a finding of tomorrow.\
          """,
          "");

  @Override
  public void check(Subject subject, History history) {
    for (var directive : subject.statement().directives()) {
      if (directive.directive().startsWith("verify none")) {
        subject.report(
            VERIFY_NONE,
            "nothing is verified after this statement: " + directive.directive().substring(12));
      }
    }
  }

  static Finding unused(Allowance allowance, String rule, String file, String why) {
    return new Finding(
        UNUSED_ALLOW,
        UNUSED_ALLOW.level(),
        file,
        allowance.line(),
        allowance.column(),
        "'allow " + rule + "' " + why);
  }
}
