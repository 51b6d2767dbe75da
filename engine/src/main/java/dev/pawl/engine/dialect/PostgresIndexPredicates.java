package dev.pawl.engine.dialect;

import static dev.pawl.engine.dialect.PostgresPredicates.regclass;

import dev.pawl.engine.change.CreateIndex;
import dev.pawl.engine.change.DropIndex;
import dev.pawl.engine.change.Reindex;
import dev.pawl.engine.sql.Literal;
import dev.pawl.engine.sql.QualifiedName;
import java.util.Optional;
import java.util.stream.Collectors;

/** What PostgreSQL's catalog shows of a finished index, a rebuilt one and one that is gone. */
final class PostgresIndexPredicates {
  private PostgresIndexPredicates() {}

  /**
   * Of the definition what the catalog tells in plain columns; expressions, operator classes and
   * the like are for the comparison that observation makes.
   */
  static Optional<String> created(CreateIndex change) {
    if (change.name().isEmpty()) {
      return Optional.empty();
    }
    var sql =
        new StringBuilder(
            """
            SELECT EXISTS (
              SELECT FROM pg_catalog.pg_index i
                JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
                JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
                JOIN pg_catalog.pg_am m ON m.oid = c.relam
               WHERE t.oid = %s
                 AND c.relname = %s
                 AND c.relnamespace = t.relnamespace
                 AND i.indisvalid AND i.indisready AND i.indislive
                 AND %si.indisunique
                 AND m.amname = %s
                 AND i.indnkeyatts = %d AND i.indnatts = %d
                 AND i.indpred IS %sNULL\
            """
                .formatted(
                    regclass(change.table()),
                    Literal.text(change.name().get()),
                    change.unique() ? "" : "NOT ",
                    Literal.text(change.method().orElse("btree")),
                    change.keys().size(),
                    change.keys().size() + change.include().size(),
                    change.predicate().isPresent() ? "NOT " : ""));
    if (change.unique()) {
      sql.append("\n     AND ").append(nulls(change.nullsNotDistinct()));
    }
    for (int k = 0; k < change.keys().size(); k++) {
      var key = change.keys().get(k);
      if (key.column().isPresent()) {
        column(sql, k, key.column().get());
      }
      sql.append("\n     AND i.indoption[%d] = %d".formatted(k, order(key)));
    }
    for (int k = 0; k < change.include().size(); k++) {
      column(sql, change.keys().size() + k, change.include().get(k));
    }
    if (change.only()) {
      sql.append(
          """

               AND NOT EXISTS (
                SELECT FROM pg_catalog.pg_inherits p
                 WHERE p.inhparent = t.oid
                   AND t.relkind = 'p'
                   AND NOT EXISTS (
                    SELECT FROM pg_catalog.pg_inherits h
                      JOIN pg_catalog.pg_index a ON a.indexrelid = h.inhrelid
                     WHERE h.inhparent = i.indexrelid
                       AND a.indrelid = p.inhrelid
                       AND a.indisvalid))\
          """);
    }
    return Optional.of(sql.append("\n)").toString());
  }

  /** Servers before 15 have no such column, and take all NULLs for distinct. */
  static String nulls(boolean notDistinct) {
    return "coalesce(pg_catalog.to_jsonb(i) ->> 'indnullsnotdistinct', 'false') = '%s'"
        .formatted(notDistinct);
  }

  /** 1 for DESC, 2 for NULLS FIRST, which is what DESC alone means too. */
  private static int order(CreateIndex.IndexKey key) {
    boolean first =
        key.nulls().map(CreateIndex.IndexKey.Nulls.FIRST::equals).orElse(key.descending());
    return (key.descending() ? 1 : 0) + (first ? 2 : 0);
  }

  private static void column(StringBuilder sql, int place, String name) {
    sql.append(
        """

             AND i.indkey[%d] = (
              SELECT a.attnum FROM pg_catalog.pg_attribute a
               WHERE a.attrelid = t.oid AND a.attname = %s AND NOT a.attisdropped)\
        """
            .formatted(place, Literal.text(name)));
  }

  /** An interrupted DROP INDEX CONCURRENTLY leaves it there, INVALID. */
  static String dropped(DropIndex change) {
    return """
    SELECT NOT EXISTS (
      SELECT FROM pg_catalog.pg_index i
       WHERE i.indexrelid IN (%s)
    )\
    """
        .formatted(
            change.indexes().stream()
                .map(PostgresPredicates::regclass)
                .collect(Collectors.joining(",\n                          ")));
  }

  /**
   * That it was rebuilt shows only in its files, which observation compares with those of before;
   * of a table, indexes that were INVALID before are passed over.
   */
  static Optional<String> reindexed(Reindex change) {
    return switch (change.kind()) {
      case INDEX ->
          change
              .target()
              .map(
                  index ->
                      tree(index)
                          + """
                          SELECT EXISTS (
                            SELECT FROM pg_catalog.pg_index i
                             WHERE i.indexrelid IN (SELECT oid FROM tree)
                          ) AND NOT EXISTS (
                            SELECT FROM pg_catalog.pg_index i
                             WHERE i.indexrelid IN (SELECT oid FROM tree)
                               AND NOT (i.indisvalid AND i.indisready AND i.indislive)
                          ) AND NOT EXISTS (
                            SELECT FROM pg_catalog.pg_index i
                              JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
                             WHERE i.indrelid IN (SELECT x.indrelid FROM pg_catalog.pg_index x
                                                   WHERE x.indexrelid IN (SELECT oid FROM tree))
                          """
                          + PostgresReindex.LEFTOVER
                          + "\n)");
      case TABLE ->
          change
              .target()
              .map(
                  table ->
                      tree(table)
                          + """
                          SELECT EXISTS (
                            SELECT FROM tree
                          ) AND NOT EXISTS (
                            SELECT FROM pg_catalog.pg_index i
                              JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
                             WHERE i.indrelid IN (SELECT oid FROM tree)
                          """
                          + PostgresReindex.LEFTOVER
                          + "\n)");
      case SCHEMA, DATABASE, SYSTEM -> Optional.empty();
    };
  }

  /** A relation and its partitions. */
  private static String tree(QualifiedName name) {
    return """
    WITH named AS (SELECT %s::oid AS oid),
         tree AS (SELECT n.oid FROM named n WHERE n.oid IS NOT NULL
                  UNION SELECT p.relid::oid FROM named n,
                               pg_catalog.pg_partition_tree(n.oid::regclass) p)
    """
        .formatted(regclass(name));
  }
}
