package dev.pawl.engine.lint;

import dev.pawl.engine.sql.DatabaseKind;
import java.util.Set;

/**
 * What {@code pawl check} looks for. The texts are shown by {@code pawl check --rules}, in SARIF
 * and in docs/lint.md.
 *
 * @param id stable, in kebab case; what {@code -- pawl: allow} names
 * @param level of its findings; one may have a lower level where less is known
 * @param databases where it is looked for
 * @param title one short sentence without a full stop
 * @param why what goes wrong, in Markdown
 * @param instead the safe way, as SQL; empty where there is none
 */
public record Rule(
    String id, Level level, Set<DatabaseKind> databases, String title, String why, String instead) {
  private static final Set<DatabaseKind> BOTH =
      Set.of(DatabaseKind.POSTGRESQL, DatabaseKind.COCKROACHDB);

  public Rule {
    databases = Set.copyOf(databases);
    why = why.strip();
    instead = instead.strip();
  }

  /** The databases as people write them. */
  public String databaseNames() {
    return databases.equals(BOTH)
        ? "PostgreSQL and CockroachDB"
        : databases.contains(DatabaseKind.POSTGRESQL) ? "PostgreSQL" : "CockroachDB";
  }

  /** Its entry in the documentation. */
  public String markdown() {
    return "### `%s`\n\n*%s, %s:* %s.\n\n%s\n"
            .formatted(id, level.text(), databaseNames(), title, why)
        + (instead.isEmpty() ? "" : "\n```sql\n" + instead + "\n```\n");
  }

  static Rule postgresql(String id, Level level, String title, String why, String instead) {
    return new Rule(id, level, Set.of(DatabaseKind.POSTGRESQL), title, why, instead);
  }

  static Rule cockroachdb(String id, Level level, String title, String why, String instead) {
    return new Rule(id, level, Set.of(DatabaseKind.COCKROACHDB), title, why, instead);
  }

  static Rule everywhere(String id, Level level, String title, String why, String instead) {
    return new Rule(id, level, BOTH, title, why, instead);
  }
}
