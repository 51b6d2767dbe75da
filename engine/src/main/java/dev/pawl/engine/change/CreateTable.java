package dev.pawl.engine.change;

import dev.pawl.engine.sql.QualifiedName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * CREATE TABLE, with what it is said to consist of: a table that was there before, which IF NOT
 * EXISTS accepts, is compared with that. Where the columns come from elsewhere (AS, OF, PARTITION
 * OF, LIKE) they are not here.
 *
 * @param unlogged UNLOGGED was written
 * @param asSelect CREATE TABLE … AS, which on CockroachDB is asynchronous
 * @param partitionOf the table that it is a partition of
 * @param columns in order; NOT NULL where the column or a primary key says so
 * @param constraints of the table and of its columns
 * @param indexes CockroachDB's INDEX (…) among the columns
 * @param body where the columns come from elsewhere, what says so, as written: AS … without WITH
 *     [NO] DATA, OF …, (LIKE …); and CockroachDB's columns with the families that follow them
 * @param options what follows the columns or the parent's name, as written: FOR VALUES, INHERITS,
 *     PARTITION BY, WITH
 */
public record CreateTable(
    QualifiedName table,
    boolean ifNotExists,
    boolean unlogged,
    boolean asSelect,
    Optional<QualifiedName> partitionOf,
    List<AddColumn> columns,
    List<AddConstraint> constraints,
    List<CreateIndex> indexes,
    Optional<String> body,
    Optional<String> options)
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

  /** The same with other columns. */
  public CreateTable withColumns(List<AddColumn> others) {
    return new CreateTable(
        table,
        ifNotExists,
        unlogged,
        asSelect,
        partitionOf,
        others,
        constraints,
        indexes,
        body,
        options);
  }

  @Override
  public String describe() {
    return "create table " + table;
  }
}
