package dev.pawl.engine.change;

import dev.pawl.engine.sql.QualifiedName;
import java.util.List;
import java.util.Optional;

/**
 * CREATE INDEX.
 *
 * @param name the index, without schema (it lives in that of its table); empty where the server
 *     makes one up
 * @param method btree, gin, …, where written
 * @param keys each key as written
 * @param include the stored columns (INCLUDE, STORING, COVERING)
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
    Optional<String> predicate,
    String body)
    implements SchemaChange {
  /**
   * One key of an index.
   *
   * @param column the column, or empty for an expression
   * @param expression the key as written, without its direction
   * @param descending DESC was written
   */
  public record IndexKey(Optional<String> column, String expression, boolean descending) {}

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
