package dev.pawl.engine.change;

import dev.pawl.engine.sql.QualifiedName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * CREATE TABLE, with what it is said to consist of: a table that was there before, which IF NOT
 * EXISTS accepts, is compared with that. Where the columns come from elsewhere (AS, OF, PARTITION
 * OF) there are none here.
 *
 * @param asSelect CREATE TABLE … AS, which on CockroachDB is asynchronous
 * @param partitionOf the table that it is a partition of
 * @param columns in order; NOT NULL where the column or a primary key says so
 * @param constraints of the table and of its columns
 * @param indexes CockroachDB's INDEX (…) among the columns
 */
public record CreateTable(
    QualifiedName table,
    boolean ifNotExists,
    boolean asSelect,
    Optional<QualifiedName> partitionOf,
    List<AddColumn> columns,
    List<AddConstraint> constraints,
    List<CreateIndex> indexes)
    implements SchemaChange {

  public CreateTable {
    columns = List.copyOf(columns);
    constraints = List.copyOf(constraints);
    indexes = List.copyOf(indexes);
  }

  /** All that it consists of: columns, constraints, indexes. */
  public List<SchemaChange> parts() {
    var parts = new ArrayList<SchemaChange>(columns);
    parts.addAll(constraints);
    parts.addAll(indexes);
    return parts;
  }

  @Override
  public String describe() {
    return "create table " + table;
  }
}
