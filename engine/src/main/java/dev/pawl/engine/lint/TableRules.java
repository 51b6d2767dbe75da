package dev.pawl.engine.lint;

import dev.pawl.engine.change.AddEnumValue;
import dev.pawl.engine.change.CreateType;
import dev.pawl.engine.change.DetachPartition;
import dev.pawl.engine.change.Maintenance;
import dev.pawl.engine.change.OtherDdl;
import dev.pawl.engine.change.Reader;
import dev.pawl.engine.change.Reader.Unexpected;
import dev.pawl.engine.plan.WrittenStep.Written;
import dev.pawl.engine.sql.Literals;

/** Whole tables, partitions and enums, on PostgreSQL. */
final class TableRules implements Theme {
  static final Rule VACUUM_FULL =
      Rule.postgresql(
          "vacuum-full",
          Level.ERROR,
          "VACUUM FULL writes the table anew under a lock",
          """
          Nobody can read or write the table meanwhile. A plain `VACUUM` lets everybody work; to give space back to the \
          disk, use pg_repack or the like, outside of migrations.\
          """,
          "VACUUM (ANALYZE) users;");
  static final Rule CLUSTER =
      Rule.postgresql(
          "cluster",
          Level.ERROR,
          "CLUSTER writes the table anew under a lock",
          """
          Nobody can read or write the table meanwhile. Use pg_repack or the like, outside of migrations.\
          """,
          "");
  static final Rule REWRITE =
      Rule.postgresql(
          "table-rewrite",
          Level.ERROR,
          "SET LOGGED, UNLOGGED, TABLESPACE or ACCESS METHOD writes the table anew under a lock",
          """
          Nobody can read or write the table until it has been copied. Make a new table and move to it, or do it when \
          nobody uses the table.\
          """,
          "");
  static final Rule DETACH =
      Rule.postgresql(
          "detach-not-concurrent",
          Level.WARNING,
          "DETACH PARTITION without CONCURRENTLY",
          """
          It needs the whole partitioned table for itself: reads and writes wait behind it. `CONCURRENTLY` lets them \
          through (not where there is a default partition); Pawl finishes one that was interrupted.\
          """,
          "ALTER TABLE events DETACH PARTITION events_2020 CONCURRENTLY;");
  static final Rule ATTACH =
      Rule.postgresql(
          "attach-scans-partition",
          Level.NOTE,
          "ATTACH PARTITION of a table without a CHECK that matches",
          """
          Every row of the table is checked while it is locked, unless a validated `CHECK` implies the bounds of the \
          partition. Add one beforehand (`NOT VALID`, then `VALIDATE`), and drop it after.\
          """,
          """
          ALTER TABLE events_2020 ADD CONSTRAINT bounds
            CHECK (at IS NOT NULL AND at >= '2020-01-01' AND at < '2021-01-01') NOT VALID;
          -- in the next file
          ALTER TABLE events_2020 VALIDATE CONSTRAINT bounds;
          -- in the next file
          ALTER TABLE events ATTACH PARTITION events_2020 FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');\
          """);
  static final Rule ENUM_USED =
      Rule.postgresql(
          "enum-value-used-at-once",
          Level.ERROR,
          "A new enum value is used in the transaction that adds it",
          """
          PostgreSQL refuses that (SQLSTATE 55P04). Pawl ends the transaction after `ADD VALUE` by itself, but not inside \
          a BEGIN … COMMIT of the author's: take those away, or use the value in the next file.\
          """,
          """
          ALTER TYPE state ADD VALUE 'paused';
          -- without BEGIN and COMMIT around, this is a transaction of its own
          UPDATE jobs SET state = 'paused' WHERE id = 7;\
          """);

  @Override
  public void check(Subject subject, History history) {
    if (subject.cockroach()) {
      return;
    }
    for (var change : subject.changes()) {
      switch (change) {
        case Maintenance maintenance -> maintenance(maintenance, subject);
        case DetachPartition detach -> detach(detach, subject, history);
        case OtherDdl other -> other(other, subject, history);
        default -> {}
      }
    }
    enums(subject);
  }

  private static void maintenance(Maintenance maintenance, Subject subject) {
    switch (maintenance.keyword()) {
      case "CLUSTER" ->
          subject.report(
              CLUSTER, "CLUSTER writes a table anew while nobody can use it: leave it out");
      case "VACUUM" -> {
        if (isFull(subject.reader())) {
          subject.report(
              VACUUM_FULL,
              "VACUUM FULL writes tables anew while nobody can use them: leave FULL out");
        }
      }
      default -> {}
    }
  }

  private static boolean isFull(Reader reader) {
    try {
      reader.accept("VACUUM");
      if (!reader.at('(')) {
        return reader.at("FULL");
      }
      for (var option : reader.parenthesised()) {
        if (option.accept("FULL")) {
          return !option.at("FALSE") && !option.at("OFF") && !option.contains("0");
        }
      }
      return false;
    } catch (Unexpected e) {
      return false;
    }
  }

  private static void detach(DetachPartition detach, Subject subject, History history) {
    if (!detach.concurrently()
        && !detach.finalizing()
        && !history.isNew(detach.table(), subject.version())) {
      subject.report(
          DETACH,
          "detaching "
              + detach.partition()
              + " locks all of "
              + detach.table()
              + " against reads and writes: add CONCURRENTLY");
    }
  }

  private static void other(OtherDdl other, Subject subject, History history) {
    var reader = subject.reader();
    try {
      switch (other.keywords()) {
        case "ALTER TABLE SET" -> {
          reader.accept("ALTER", "TABLE");
          reader.accept("IF", "EXISTS");
          reader.accept("ONLY");
          var table = reader.name();
          if (!history.isNew(table, subject.version())
              && reader.parts().stream().anyMatch(TableRules::rewrites)) {
            subject.report(
                REWRITE,
                "table "
                    + table
                    + " is written anew while nobody can use it: make a new table"
                    + " instead, and move to it");
          }
        }
        case "ALTER TABLE ATTACH" -> attach(reader, subject, history);
        default -> {}
      }
    } catch (Unexpected e) {
      // The planner has said so.
    }
  }

  private static boolean rewrites(Reader action) {
    return action.accept("SET", "LOGGED")
        || action.accept("SET", "UNLOGGED")
        || action.accept("SET", "TABLESPACE")
        || action.accept("SET", "ACCESS", "METHOD");
  }

  private static void attach(Reader reader, Subject subject, History history) throws Unexpected {
    reader.accept("ALTER", "TABLE");
    reader.accept("IF", "EXISTS");
    reader.accept("ONLY");
    var parent = reader.name();
    if (!reader.accept("ATTACH", "PARTITION")) {
      return;
    }
    var partition = reader.name();
    boolean checked =
        history
            .find(partition)
            .map(t -> t.checks.values().stream().anyMatch(Table.Check::validated))
            .orElse(false);
    if (!checked && !history.isNew(partition, subject.version())) {
      subject.report(
          ATTACH,
          "all rows of "
              + partition
              + " are checked under a lock when it is attached to "
              + parent
              + ": a validated CHECK of the same bounds spares that");
    }
  }

  /** A label that an earlier statement of the same transaction adds, as a string in this one. */
  private static void enums(Subject subject) {
    var before = subject.before();
    if (subject.statement().tokens().stream().allMatch(t -> Literals.string(t).isEmpty())) {
      return;
    }
    for (Written written : before) {
      for (var change : written.changes()) {
        if (change instanceof AddEnumValue add
            && before.stream().noneMatch(w -> creates(w, add))
            && !(subject.changes().getFirst() instanceof AddEnumValue)
            && subject.statement().tokens().stream()
                .anyMatch(t -> Literals.string(t).filter(add.label()::equals).isPresent())) {
          subject.report(
              ENUM_USED,
              "value "
                  + add.label()
                  + " of "
                  + add.type()
                  + " is used in the transaction that adds it, which PostgreSQL refuses: remove"
                  + " BEGIN and COMMIT, or use it in the next file");
        }
      }
    }
  }

  private static boolean creates(Written written, AddEnumValue add) {
    return written.changes().getFirst() instanceof CreateType type
        && type.type().name().equals(add.type().name());
  }
}
