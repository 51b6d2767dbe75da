package dev.pawl.engine.plan;

import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.Statement;
import java.util.List;

/** Reads a .verify.sql: one SELECT for each step of its migration that needs one. */
final class VerifyFile {
  private VerifyFile() {}

  static List<Statement> predicates(SourceFile file, DatabaseKind kind, List<Problem> problems) {
    var statements = Script.read(file, kind, problems).map(Script::statements).orElse(List.of());
    for (var statement : statements) {
      var first =
          statement.tokens().stream().filter(t -> t.type().grammatical()).findFirst().orElseThrow();
      boolean query =
          first.is('(')
              || switch (first.keyword()) {
                case "SELECT", "WITH", "VALUES", "TABLE" -> true;
                default -> false;
              };
      if (!query) {
        problems.add(
            new Problem(
                file.path(),
                statement.line(),
                statement.column(),
                "a verify file holds nothing but SELECTs that return one boolean: remove this"));
      }
    }
    return statements;
  }
}
