package dev.pawl.engine.change;

import dev.pawl.engine.sql.QualifiedName;
import java.util.List;
import java.util.Optional;

/**
 * CREATE INDEX, or an INDEX among the columns of CockroachDB's CREATE TABLE.
 *
 * @param name the index, without schema (it lives in that of its table); empty where the server
 *     makes one up
 * @param method btree, gin, …, where written
 * @param keys each key as written
 * @param include the stored columns (INCLUDE, STORING, COVERING)
 * @param nullsNotDistinct UNIQUE … NULLS NOT DISTINCT
 * @param sharded CockroachDB's USING HASH behind the keys
 * @param predicate the text after WHERE
 * @param body everything after the table name, as written: what a definition is compared by
 */
public record CreateIndex(
    Optional<String> name,
    QualifiedName table,
    boolean unique,
    boolean concurrently,
    boolean ifNotExists,
    boolean only,
    Optional<String> method,
    List<IndexKey> keys,
    List<String> include,
    boolean nullsNotDistinct,
    boolean sharded,
    Optional<String> predicate,
    String body)
    implements SchemaChange {
  /**
   * One key of an index.
   *
   * @param column the column, or empty for an expression
   * @param expression the column or expression as written, without what follows it
   * @param descending DESC was written
   * @param nulls where NULLS FIRST or NULLS LAST was written
   * @param collation as written after COLLATE, with its quotes and schema
   * @param opclass the operator class as written, with its parameters
   */
  public record IndexKey(
      Optional<String> column,
      String expression,
      boolean descending,
      Optional<Nulls> nulls,
      Optional<String> collation,
      Optional<String> opclass) {
    /** Where NULL is sorted. */
    public enum Nulls {
      FIRST,
      LAST
    }
  }

  public CreateIndex {
    keys = List.copyOf(keys);
    include = List.copyOf(include);
  }

  /** The index's own qualified name, in the schema of its table. */
  public Optional<QualifiedName> index() {
    return name.map(table::sibling);
  }

  @Override
  public boolean transactional() {
    return !concurrently;
  }

  @Override
  public String describe() {
    return "create index " + name.orElse("(unnamed)") + " on " + table;
  }
}
