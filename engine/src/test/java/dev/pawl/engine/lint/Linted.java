package dev.pawl.engine.lint;

import dev.pawl.engine.plan.SourceFile;
import dev.pawl.engine.sql.DatabaseKind;
import java.util.ArrayList;
import java.util.List;

/** Checks sources made of texts: the first is 1.sql, the second 2.sql, and so on. */
final class Linted {
  private Linted() {}

  static List<Finding> findings(DatabaseKind kind, String... files) {
    var source = new ArrayList<SourceFile>();
    for (var text : files) {
      source.add(new SourceFile((source.size() + 1) + ".sql", text));
    }
    return Lint.check(source, kind);
  }

  /** The rules that a statement breaks after a history, sorted; "-" for none. */
  static String rules(DatabaseKind kind, String history, String sql) {
    var rules =
        findings(kind, history, sql).stream()
            .filter(f -> f.file().equals("2.sql"))
            .map(f -> f.level() == f.rule().level() ? f.rule().id() : f.rule().id() + "?")
            .sorted()
            .toList();
    return rules.isEmpty() ? "-" : String.join(" ", rules);
  }

  static String postgresql(String history, String sql) {
    return rules(DatabaseKind.POSTGRESQL, history, sql);
  }

  static String cockroachdb(String history, String sql) {
    return rules(DatabaseKind.COCKROACHDB, history, sql);
  }
}
