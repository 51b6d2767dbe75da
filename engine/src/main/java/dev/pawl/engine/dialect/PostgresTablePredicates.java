package dev.pawl.engine.dialect;

import static dev.pawl.engine.dialect.PostgresPredicates.regclass;

import dev.pawl.engine.change.CreateTable;
import dev.pawl.engine.change.DetachPartition;
import dev.pawl.engine.sql.Literal;
import java.util.List;

/** What PostgreSQL's catalog shows of tables and their partitions. */
final class PostgresTablePredicates {
  private PostgresTablePredicates() {}

  /** With its columns, and with those of its constraints that have names. */
  static String created(CreateTable change) {
    var conditions = new StringBuilder();
    change
        .partitionOf()
        .ifPresent(
            parent ->
                conditions.append(
                    """

                         AND EXISTS (
                          SELECT FROM pg_catalog.pg_inherits h
                           WHERE h.inhrelid = c.oid
                             AND h.inhparent = %s)\
                    """
                        .formatted(regclass(parent))));
    if (!change.columns().isEmpty()) {
      conditions.append(
          """

               AND NOT EXISTS (
                SELECT FROM (VALUES %s) w (name, type, required)
                 WHERE NOT EXISTS (
                  SELECT FROM pg_catalog.pg_attribute a
                   WHERE a.attrelid = c.oid
                     AND a.attname = w.name
                     AND a.attnum > 0 AND NOT a.attisdropped
                     AND a.atttypid = coalesce(pg_catalog.to_regtype(w.type), a.atttypid)
                     AND (a.attnotnull OR NOT w.required)))\
          """
              .formatted(
                  rows(
                      change.columns().stream()
                          .map(
                              column ->
                                  "(%s, %s, %s)"
                                      .formatted(
                                          Literal.text(column.column()),
                                          Literal.text(column.type()),
                                          column.notNull()))
                          .toList())));
    }
    var named = change.constraints().stream().filter(k -> k.name().isPresent()).toList();
    if (!named.isEmpty()) {
      conditions.append(
          """

               AND NOT EXISTS (
                SELECT FROM (VALUES %s) w (name, kind)
                 WHERE NOT EXISTS (
                  SELECT FROM pg_catalog.pg_constraint k
                   WHERE k.conrelid = c.oid
                     AND k.conname = w.name
                     AND k.contype::text = w.kind))\
          """
              .formatted(
                  rows(
                      named.stream()
                          .map(
                              constraint ->
                                  "(%s, '%s')"
                                      .formatted(
                                          Literal.text(constraint.name().orElseThrow()),
                                          PostgresConstraintPredicates.letter(constraint.kind())))
                          .toList())));
    }
    return PostgresPredicates.relation(change.table(), "'r', 'p'", conditions.toString());
  }

  private static String rows(List<String> rows) {
    return String.join(",\n                         ", rows);
  }

  /** Pending, interrupted detaching is still in pg_inherits. */
  static String detached(DetachPartition change) {
    return """
    SELECT %1$s IS NOT NULL
       AND %2$s IS NOT NULL
       AND NOT EXISTS (
      SELECT FROM pg_catalog.pg_inherits h
       WHERE h.inhparent = %1$s
         AND h.inhrelid = %2$s
    )\
    """
        .formatted(regclass(change.table()), regclass(change.partition()));
  }
}
