package dev.pawl.engine.lint;

import dev.pawl.engine.change.Reader;
import dev.pawl.engine.change.SchemaChange;
import dev.pawl.engine.plan.Step;
import dev.pawl.engine.plan.Version;
import dev.pawl.engine.plan.WrittenStep;
import dev.pawl.engine.plan.WrittenStep.Written;
import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** The statement that is being looked at, and what has been found in it. */
final class Subject {
  final DatabaseKind kind;
  private final WrittenStep step;
  private final int index;
  private final List<Finding> findings = new ArrayList<>(0);

  Subject(DatabaseKind kind, WrittenStep step, int index) {
    this.kind = kind;
    this.step = step;
    this.index = index;
  }

  boolean cockroach() {
    return kind == DatabaseKind.COCKROACHDB;
  }

  Version version() {
    return step.step().version();
  }

  Step step() {
    return step.step();
  }

  Statement statement() {
    return step.statements().get(index).statement();
  }

  List<SchemaChange> changes() {
    return step.statements().get(index).changes();
  }

  /** The statements before it in its transaction. */
  List<Written> before() {
    return step.statements().subList(0, index);
  }

  /** The other statements of its transaction. */
  List<Written> beside() {
    var others = new ArrayList<>(step.statements());
    others.remove(index);
    return others;
  }

  /** Its tokens, from the first. */
  Reader reader() {
    return new Reader(statement(), kind);
  }

  void report(Rule rule, String message) {
    report(rule, rule.level(), message);
  }

  void report(Rule rule, Level level, String message) {
    var finding =
        new Finding(rule, level, step().file(), statement().line(), statement().column(), message);
    if (rule.databases().contains(kind) && !findings.contains(finding)) {
      findings.add(finding);
    }
  }

  List<Finding> findings() {
    return findings;
  }
}
