package dev.pawl.engine.cockroach.world;

import java.util.List;
import java.util.Optional;

/** A statement of CockroachDB's data definition language, as the model reads it. */
sealed interface Ddl {
  /** What INDEX says, in a statement of its own or inside CREATE TABLE. */
  record IndexDef(
      Optional<String> name,
      boolean unique,
      Index.Method method,
      List<Index.Key> keys,
      List<String> storing,
      Optional<String> predicate) {}

  /** A table's or column's constraint. */
  sealed interface ConstraintDef {
    Optional<String> name();

    record Check(Optional<String> name, String expression) implements ConstraintDef {}

    record ForeignKey(Optional<String> name, List<String> columns, Name target, String text)
        implements ConstraintDef {}

    record Unique(Optional<String> name, IndexDef index) implements ConstraintDef {}

    record PrimaryKey(Optional<String> name, List<Index.Key> keys) implements ConstraintDef {}
  }

  record ColumnDef(Column column, List<ConstraintDef> constraints) {}

  record CreateTable(
      Name name,
      boolean ifNotExists,
      List<ColumnDef> columns,
      List<ConstraintDef> constraints,
      List<IndexDef> indexes)
      implements Ddl {}

  record CreateAs(Name name, boolean ifNotExists, Descriptor.Table.Kind kind, String query)
      implements Ddl {}

  record CreateSequence(Name name, boolean ifNotExists) implements Ddl {}

  record CreateType(Name name, boolean ifNotExists, List<String> labels) implements Ddl {}

  record CreateSchema(String name, boolean ifNotExists) implements Ddl {}

  record CreateIndex(Name table, boolean ifNotExists, IndexDef index) implements Ddl {}

  record IndexRef(Optional<Name> table, String name) {}

  record DropIndex(List<IndexRef> indexes, boolean ifExists, boolean cascade) implements Ddl {}

  record DropRelations(
      Descriptor.Table.Kind kind, List<Name> names, boolean ifExists, boolean cascade)
      implements Ddl {}

  record DropTypes(List<Name> names, boolean ifExists) implements Ddl {}

  record DropSchemas(List<String> names, boolean ifExists, boolean cascade) implements Ddl {}

  record AlterTable(Name name, boolean ifExists, List<Action> actions) implements Ddl {}

  record RenameIndex(IndexRef index, boolean ifExists, String to) implements Ddl {}

  record AddValue(Name type, boolean ifNotExists, String label) implements Ddl {}

  record DropValue(Name type, String label) implements Ddl {}

  record RenameType(Name type, String to) implements Ddl {}

  record Truncate(List<Name> tables) implements Ddl {}

  record Refresh(Name view) implements Ddl {}

  record JobControl(Verb verb, List<Long> jobs) implements Ddl {
    enum Verb {
      PAUSE,
      RESUME,
      CANCEL
    }
  }

  /** What leaves nothing in the model: comments and privileges. */
  record Nothing(String tag) implements Ddl {}

  /** One action of ALTER TABLE. */
  sealed interface Action {
    record AddColumn(ColumnDef column, boolean ifNotExists) implements Action {}

    record DropColumn(String column, boolean ifExists) implements Action {}

    record AddConstraint(ConstraintDef constraint, boolean ifNotExists, boolean notValid)
        implements Action {}

    record Validate(String constraint) implements Action {}

    record DropConstraint(String constraint, boolean ifExists) implements Action {}

    record SetNotNull(String column) implements Action {}

    record DropNotNull(String column) implements Action {}

    record SetDefault(String column, Optional<String> value) implements Action {}

    record SetType(String column, String type) implements Action {}

    record AlterPrimaryKey(List<Index.Key> keys) implements Action {}

    record RenameTo(String name) implements Action {}

    record SetSchema(String schema) implements Action {}

    record RenameColumn(String from, String to) implements Action {}

    record RenameConstraint(String from, String to) implements Action {}

    /** A storage parameter or an owner. */
    record Nothing() implements Action {}
  }
}
