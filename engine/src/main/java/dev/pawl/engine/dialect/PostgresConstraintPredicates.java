package dev.pawl.engine.dialect;

import static dev.pawl.engine.dialect.PostgresPredicates.regclass;

import dev.pawl.engine.change.AddConstraint;
import dev.pawl.engine.change.DropConstraint;
import dev.pawl.engine.change.ValidateConstraint;
import dev.pawl.engine.sql.Literal;
import dev.pawl.engine.sql.QualifiedName;
import java.util.List;
import java.util.Optional;

/** What PostgreSQL's catalog shows of constraints. */
final class PostgresConstraintPredicates {
  private PostgresConstraintPredicates() {}

  /** One without a name is not found again among its like, but for those there is one of. */
  static Optional<String> added(AddConstraint change) {
    if (change.name().isEmpty() && change.kind() == AddConstraint.Kind.NOT_NULL) {
      return change.notValid()
          ? Optional.empty()
          : Optional.of(
              PostgresColumnPredicates.notNull(change.table(), change.columns().getFirst()));
    }
    if (change.name().isEmpty() && change.kind() != AddConstraint.Kind.PRIMARY_KEY) {
      return Optional.empty();
    }
    var conditions = new StringBuilder();
    change.name().ifPresent(name -> conditions.append(named(name)));
    conditions.append("\n     AND c.contype = '").append(letter(change.kind())).append('\'');
    if (!change.columns().isEmpty()) {
      conditions.append(columns(change.columns(), "conkey", "conrelid"));
    }
    change
        .references()
        .ifPresent(t -> conditions.append("\n     AND c.confrelid = ").append(regclass(t)));
    if (!change.referencedColumns().isEmpty()) {
      conditions.append(columns(change.referencedColumns(), "confkey", "confrelid"));
    }
    conditions.append(
        switch (change.kind()) {
          case UNIQUE, PRIMARY_KEY, EXCLUDE ->
              """

                   AND EXISTS (
                    SELECT FROM pg_catalog.pg_index i
                     WHERE i.indexrelid = c.conindid
                       AND i.indisvalid AND i.indisready AND i.indislive%s)\
              """
                  .formatted(
                      change.kind() == AddConstraint.Kind.UNIQUE && change.usingIndex().isEmpty()
                          ? "\n         AND "
                              + PostgresIndexPredicates.nulls(change.nullsNotDistinct())
                          : "");
          case CHECK, FOREIGN_KEY, NOT_NULL -> enforced(change);
        });
    return Optional.of(constraint(change.table(), conditions.toString()));
  }

  private static String columns(List<String> names, String key, String table) {
    return """

         AND %s = (
          SELECT pg_catalog.array_agg(a.attname::text ORDER BY k.place)
            FROM pg_catalog.unnest(c.%s) WITH ORDINALITY k (attnum, place)
            JOIN pg_catalog.pg_attribute a ON a.attrelid = c.%s AND a.attnum = k.attnum)\
    """
        .formatted(PostgresPredicates.array(names), key, table);
  }

  /** Servers before 18 have no column that tells, and enforce all. */
  private static String enforced(AddConstraint change) {
    if (!change.notValid() && !change.notEnforced()) {
      return "\n     AND c.convalidated";
    }
    return "\n     AND coalesce(pg_catalog.to_jsonb(c) ->> 'conenforced', 'true') = '%s'"
        .formatted(!change.notEnforced());
  }

  private static String constraint(QualifiedName table, String conditions) {
    return """
    SELECT EXISTS (
      SELECT FROM pg_catalog.pg_constraint c
       WHERE c.conrelid = %s%s
    )\
    """
        .formatted(regclass(table), conditions);
  }

  private static String named(String name) {
    return "\n     AND c.conname = " + Literal.text(name);
  }

  static String validated(ValidateConstraint change) {
    return constraint(change.table(), named(change.name()) + "\n     AND c.convalidated");
  }

  static String dropped(DropConstraint change) {
    return "SELECT "
        + regclass(change.table())
        + " IS NOT NULL\n   AND NOT "
        + constraint(change.table(), named(change.name())).substring("SELECT ".length());
  }

  static String letter(AddConstraint.Kind kind) {
    return switch (kind) {
      case CHECK -> "c";
      case FOREIGN_KEY -> "f";
      case UNIQUE -> "u";
      case PRIMARY_KEY -> "p";
      case EXCLUDE -> "x";
      case NOT_NULL -> "n";
    };
  }
}
