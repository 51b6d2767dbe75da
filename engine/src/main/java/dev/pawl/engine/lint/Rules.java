package dev.pawl.engine.lint;

import java.util.List;
import java.util.Optional;

/** All rules. */
public final class Rules {
  /** What is wrong with the source itself. */
  public static final Rule INVALID_SOURCE = GeneralRules.INVALID;

  /** A migration has no verify file, and its source has some. */
  public static final Rule MISSING_VERIFY_FILE = GeneralRules.MISSING;

  /** A verify file is not what would be generated now. */
  public static final Rule STALE_VERIFY_FILE = GeneralRules.STALE;

  /** A generated verify file that nothing needs. */
  public static final Rule ORPHANED_VERIFY_FILE = GeneralRules.ORPHANED;

  /** Every rule, in the order of the documentation. */
  public static final List<Rule> ALL =
      List.of(
          GeneralRules.INVALID,
          GeneralRules.MISSING,
          GeneralRules.STALE,
          GeneralRules.ORPHANED,
          GeneralRules.VERIFY_NONE,
          GeneralRules.UNUSED_ALLOW,
          IndexRules.CREATE,
          IndexRules.DROP,
          IndexRules.PARTITIONED,
          IndexRules.REINDEX,
          IndexRules.CONSTRAINT,
          IndexRules.REFRESH,
          ColumnRules.NO_DEFAULT,
          ColumnRules.REWRITES,
          ColumnRules.SET_NOT_NULL,
          ColumnRules.TYPE,
          ConstraintRules.SCANS,
          ConstraintRules.VALIDATED_AT_ONCE,
          RemovalRules.DROP_COLUMN,
          RemovalRules.DROP_TABLE,
          RemovalRules.RENAME_COLUMN,
          RemovalRules.RENAME_TABLE,
          RemovalRules.RENAME_VALUE,
          RemovalRules.TRUNCATE,
          RemovalRules.CASCADE,
          DataRules.WITH_DDL,
          DataRules.NO_WHERE,
          TableRules.VACUUM_FULL,
          TableRules.CLUSTER,
          TableRules.REWRITE,
          TableRules.DETACH,
          TableRules.ATTACH,
          TableRules.ENUM_USED,
          CockroachRules.SEVERAL,
          CockroachRules.TYPE,
          CockroachRules.PRIMARY_KEY,
          CockroachRules.DROP_COLUMN_INDEX,
          CockroachRules.DROP_UNIQUE);

  static final List<Theme> THEMES =
      List.of(
          new GeneralRules(),
          new IndexRules(),
          new ColumnRules(),
          new ConstraintRules(),
          new RemovalRules(),
          new DataRules(),
          new TableRules(),
          new CockroachRules());

  private Rules() {}

  /** The rule of this id. */
  public static Optional<Rule> find(String id) {
    return ALL.stream().filter(rule -> rule.id().equals(id)).findFirst();
  }
}
