package dev.pawl.engine.change;

import dev.pawl.engine.sql.QualifiedName;

/**
 * CREATE TABLE.
 *
 * @param asSelect CREATE TABLE … AS, which on CockroachDB is asynchronous
 */
public record CreateTable(QualifiedName table, boolean ifNotExists, boolean asSelect)
    implements SchemaChange {

  @Override
  public String describe() {
    return "create table " + table;
  }
}
