package dev.pawl.engine.cockroach.world;

import java.util.List;

/** What a job changes of one descriptor. */
public sealed interface Mutation {
  long descriptor();

  /** Fills an index and makes it public. */
  record AddIndex(long descriptor, int number) implements Mutation {}

  record DropIndex(long descriptor, int number) implements Mutation {}

  record AddColumn(long descriptor, String column) implements Mutation {}

  record DropColumn(long descriptor, String column) implements Mutation {}

  record SetNotNull(long descriptor, String column) implements Mutation {}

  record AlterColumnType(long descriptor, String column, String type) implements Mutation {}

  /** Looks at the rows that were there before. */
  record Validate(long descriptor, String constraint, boolean added) implements Mutation {}

  record DropConstraint(long descriptor, String constraint) implements Mutation {}

  /** Builds a primary index, and every secondary one anew. */
  record AlterPrimaryKey(long descriptor, String name, List<Index.Key> keys) implements Mutation {}

  /** Fills CREATE TABLE AS or a materialized view, then shows it. */
  record Populate(long descriptor) implements Mutation {}

  /** Rows anew, in nothing that a catalog shows. */
  record Refresh(long descriptor) implements Mutation {}

  record Truncate(long descriptor) implements Mutation {}

  /** Takes the whole object away, then frees its name. */
  record Drop(long descriptor) implements Mutation {}

  /** Lets a value of an enumeration be written. */
  record Promote(long descriptor, String label) implements Mutation {}

  record DropLabel(long descriptor, String label) implements Mutation {}

  /** A change of the descriptor alone; the job lasts until every node uses it. */
  record Settle(long descriptor) implements Mutation {}

  /** Removes data after its time to live. */
  record Collect(long descriptor) implements Mutation {}

  /** Whether rows are checked before it is public. */
  default boolean validates() {
    return switch (this) {
      case AddIndex _,
          AddColumn _,
          SetNotNull _,
          AlterColumnType _,
          Validate _,
          AlterPrimaryKey _ ->
          true;
      default -> false;
    };
  }

  /** Whether rows have to be read or written for it, which can fail. */
  default boolean touchesRows() {
    return switch (this) {
      case AddIndex _,
          AddColumn _,
          SetNotNull _,
          AlterColumnType _,
          Validate _,
          AlterPrimaryKey _,
          Populate _,
          Refresh _ ->
          true;
      case DropIndex _,
          DropColumn _,
          DropConstraint _,
          Truncate _,
          Drop _,
          Promote _,
          DropLabel _,
          Settle _,
          Collect _ ->
          false;
    };
  }
}
