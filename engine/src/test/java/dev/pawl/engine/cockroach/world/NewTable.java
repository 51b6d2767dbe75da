package dev.pawl.engine.cockroach.world;

import dev.pawl.engine.cockroach.world.Ddl.ConstraintDef;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A table as CREATE TABLE makes it: all of it public at once, without a job. */
final class NewTable {
  private final long id;
  private final Ddl.CreateTable ddl;
  private final Statements statements;
  private final List<Column> columns = new ArrayList<>();
  private final List<Index> indexes = new ArrayList<>();
  private final List<Constraint> constraints = new ArrayList<>();
  private Index primary;

  NewTable(long id, Ddl.CreateTable ddl, Statements statements) {
    this.id = id;
    this.ddl = ddl;
    this.statements = statements;
  }

  static Column rowid() {
    return new Column(
        "rowid", "INT8", true, Optional.of("unique_rowid()"), true, Column.State.PUBLIC);
  }

  static Index primary(Name table, List<Index.Key> keys) {
    return new Index(
        1,
        table.name() + "_pkey",
        true,
        Index.Method.PREFIX,
        keys,
        List.of(),
        Optional.empty(),
        true,
        Index.State.PUBLIC);
  }

  Descriptor.Table table() {
    for (var each : ddl.columns()) {
      columns.add(each.column().with(Column.State.PUBLIC));
    }
    var all = new ArrayList<ConstraintDef>();
    ddl.columns().forEach(c -> all.addAll(c.constraints()));
    all.addAll(ddl.constraints());
    for (var each : all) {
      if (each instanceof ConstraintDef.PrimaryKey key) {
        if (primary != null) {
          throw Statements.error(
              "42P16",
              "multiple primary keys for table \"" + ddl.name().name() + "\" are not allowed");
        }
        primary = primary(ddl.name(), key.keys());
        key.name().ifPresent(n -> primary = primary.withName(n));
        for (var column : key.keys()) {
          columns.replaceAll(c -> c.name().equals(column.column()) ? c.withNotNull(true) : c);
        }
      }
    }
    if (primary == null) {
      columns.add(rowid());
      primary = primary(ddl.name(), List.of(new Index.Key("rowid", false, false)));
    }
    for (var each : ddl.indexes()) {
      indexes.add(Indexing.index(so(), each, false).with(Index.State.PUBLIC));
    }
    for (var each : all) {
      switch (each) {
        case ConstraintDef.PrimaryKey _ -> {
          // Above.
        }
        case ConstraintDef.Unique c ->
            indexes.add(Indexing.index(so(), Indexing.named(c), true).with(Index.State.PUBLIC));
        case ConstraintDef.Check _, ConstraintDef.ForeignKey _ ->
            constraints.add(
                Altering.constraint(so(), each, statements).with(Constraint.State.VALIDATED));
      }
    }
    return so();
  }

  /** The table so far, by which the names of what comes next are found. */
  private Descriptor.Table so() {
    return new Descriptor.Table(
        id,
        1,
        ddl.name(),
        Descriptor.Table.Kind.TABLE,
        Descriptor.State.PUBLIC,
        List.copyOf(columns),
        primary,
        List.copyOf(indexes),
        List.copyOf(constraints),
        "");
  }
}
