package dev.pawl.engine.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.sql.DatabaseKind;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is said of the rules themselves. */
class RulesTest {
  @Test
  void everyRuleHasAnIdOfItsOwnThatAnAllowanceCanName() {
    assertThat(Rules.ALL)
        .extracting(Rule::id)
        .doesNotHaveDuplicates()
        .allMatch(id -> id.matches("[a-z]+(-[a-z]+)*"));
  }

  @Test
  void everyRuleSaysWhatAndWhy() {
    for (var rule : Rules.ALL) {
      assertThat(rule.title()).as(rule.id()).isNotBlank().doesNotEndWith(".");
      assertThat(rule.why()).as(rule.id()).matches("(?s).*[.)]$");
      assertThat(rule.databases()).as(rule.id()).isNotEmpty();
    }
  }

  @Test
  void theSafeWayDoesNotBreakItsRule() {
    for (var rule : Rules.ALL) {
      var kind =
          rule.databases().contains(DatabaseKind.POSTGRESQL)
              ? DatabaseKind.POSTGRESQL
              : DatabaseKind.COCKROACHDB;
      var files =
          Stream.of(rule.instead().split("(?m)^--(?! pawl:).*$"))
              .filter(file -> !file.isBlank())
              .toArray(String[]::new);
      assertThat(Linted.findings(kind, files))
          .as(rule.id())
          .noneMatch(f -> f.rule().equals(rule) || f.rule().equals(GeneralRules.INVALID));
    }
  }
}
