package dev.pawl.engine.change;

/**
 * What one statement, or one action of an ALTER TABLE, does to the schema: the facts that
 * observation and verification need. The SQL that is executed is never made from it.
 */
public sealed interface SchemaChange
    permits AddColumn,
        AddConstraint,
        AddEnumValue,
        AlterColumn,
        AlterPrimaryKey,
        CreateIndex,
        CreateMaterializedView,
        CreateObject,
        CreateTable,
        CreateType,
        DetachPartition,
        Dml,
        DropColumn,
        DropConstraint,
        DropIndex,
        DropObject,
        DropTable,
        Maintenance,
        OtherDdl,
        Procedural,
        RefreshMaterializedView,
        Reindex,
        Rename,
        SessionSetting,
        SetSchema,
        Truncate,
        Unclassified,
        ValidateConstraint {

  /**
   * Whether PostgreSQL can run the statement inside a transaction block; where it cannot, it is a
   * step of its own.
   */
  default boolean transactional() {
    return true;
  }

  /** A few words for a person: "create index users_email_idx on users". */
  String describe();
}
