package dev.pawl.engine.lint;

import dev.pawl.engine.change.Dml;
import dev.pawl.engine.change.OtherDdl;
import dev.pawl.engine.change.SchemaChange;
import dev.pawl.engine.change.SessionSetting;
import dev.pawl.engine.plan.Allowance;
import dev.pawl.engine.plan.Planner;
import dev.pawl.engine.plan.SourceFile;
import dev.pawl.engine.plan.WrittenStep;
import dev.pawl.engine.plan.WrittenStep.Written;
import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Looks for everything that is wrong with a source, or unsafe in it, without any database. */
public final class Lint {
  private Lint() {}

  /**
   * What was found, in the order of the statements; what makes it no plan at all comes first.
   *
   * @return an empty list where there is nothing to say
   */
  public static List<Finding> check(Collection<SourceFile> source, DatabaseKind kind) {
    var inspection = Planner.inspect(source, kind);
    var findings = new ArrayList<Finding>();
    for (var problem : inspection.problems()) {
      findings.add(Finding.of(Rules.INVALID_SOURCE, problem));
    }
    var history = new History(kind, inspection.steps());
    for (var step : inspection.steps()) {
      for (var setting : step.settings()) {
        findings.addAll(allowed(setting, List.of(), kind, step));
      }
      var before = new ArrayList<Written>();
      for (int i = 0; i < step.statements().size(); i++) {
        var subject = new Subject(kind, step, i, Collections.unmodifiableList(before));
        for (var theme : Rules.THEMES) {
          theme.check(subject, history);
        }
        findings.addAll(allowed(subject.statement(), subject.findings(), kind, step));
        history.apply(subject);
        // A dump of a hundred thousand rows is looked at once, not once for each row.
        if (!subject.changes().stream().allMatch(Lint::isPlain)) {
          before.add(step.statements().get(i));
        }
      }
    }
    // A setting in the middle of a transaction is one of its statements, and goes before the next.
    return List.copyOf(new LinkedHashSet<>(findings));
  }

  private static boolean isPlain(SchemaChange change) {
    return change instanceof Dml || change instanceof OtherDdl || change instanceof SessionSetting;
  }

  /** The findings of a statement without those that its author allows. */
  private static List<Finding> allowed(
      Statement statement, List<Finding> findings, DatabaseKind kind, WrittenStep step) {
    var allowances = Allowance.of(statement);
    if (allowances.isEmpty()) {
      return findings;
    }
    var file = step.step().file();
    var left = new ArrayList<>(findings);
    var unused = new ArrayList<Finding>(0);
    Set<String> seen = new HashSet<>();
    for (var allowance : allowances) {
      for (var id : allowance.rules()) {
        boolean twice = !seen.add(id);
        boolean silenced = left.removeIf(f -> f.rule().id().equals(id));
        var rule = Rules.find(id);
        if (rule.isEmpty()) {
          unused.add(
              GeneralRules.unused(allowance, id, file, "names no rule: see pawl check --rules"));
        } else if (twice || !silenced && rule.get().databases().contains(kind)) {
          unused.add(
              GeneralRules.unused(
                  allowance, id, file, "silences nothing of the statement after it: remove it"));
        }
      }
    }
    left.addAll(unused);
    return left;
  }
}
