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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/** The statement that is being looked at, and what has been found in it. */
final class Subject {
  final DatabaseKind kind;
  private final WrittenStep step;
  private final int index;
  private final List<Written> before;
  private final SequencedSet<Finding> findings = new LinkedHashSet<>(2);

  /**
   * @param before see {@link #before()}
   */
  Subject(DatabaseKind kind, WrittenStep step, int index, List<Written> before) {
    this.kind = kind;
    this.step = step;
    this.index = index;
    this.before = before;
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

  /** The statements before it in its transaction that do more than change data or settings. */
  List<Written> before() {
    return before;
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
    if (rule.databases().contains(kind)) {
      findings.add(finding);
    }
  }

  List<Finding> findings() {
    return List.copyOf(findings);
  }
}
