package dev.pawl.engine.lint;

import dev.pawl.engine.change.AddConstraint;
import dev.pawl.engine.change.CreateIndex;
import dev.pawl.engine.change.DropIndex;
import dev.pawl.engine.change.RefreshMaterializedView;
import dev.pawl.engine.change.Reindex;

/** Indexes of tables that are in use, on PostgreSQL. */
final class IndexRules implements Theme {
  static final Rule CREATE =
      Rule.postgresql(
          "index-not-concurrent",
          Level.ERROR,
          "CREATE INDEX without CONCURRENTLY on a table in use",
          """
          A plain `CREATE INDEX` locks the table against every write until the index is built, which takes minutes on a \
          large table. `CONCURRENTLY` lets writes through. What it leaves behind when it fails, an INVALID index, Pawl \
          sees and repairs, with `IF NOT EXISTS` too. A partitioned table takes no `CONCURRENTLY`: create the index \
          `ON ONLY` the parent, build one on each partition concurrently, and attach them.\
          """,
          "CREATE INDEX CONCURRENTLY IF NOT EXISTS users_email_idx ON users (email);");
  static final Rule DROP =
      Rule.postgresql(
          "drop-index-not-concurrent",
          Level.WARNING,
          "DROP INDEX without CONCURRENTLY on a table in use",
          """
          A plain `DROP INDEX` needs the table for itself: reads and writes wait behind it, and so does everything else \
          of its transaction.\
          """,
          "DROP INDEX CONCURRENTLY IF EXISTS users_email_idx;");
  static final Rule PARTITIONED =
      Rule.postgresql(
          "concurrent-on-partitioned",
          Level.ERROR,
          "CREATE or DROP INDEX CONCURRENTLY of a partitioned table",
          """
          PostgreSQL refuses it (SQLSTATE 0A000 or 25001). Create the index `ON ONLY` the parent, where it is built of \
          nothing, build one on each partition concurrently, and attach them; the last one makes the parent's valid. \
          An index of a partitioned table is dropped without `CONCURRENTLY`, when few use the table.\
          """,
          """
          CREATE INDEX events_at_idx ON ONLY events (at);
          -- in the next file, for each partition
          CREATE INDEX CONCURRENTLY events_2026_at_idx ON events_2026 (at);
          -- in the next file, for each partition
          ALTER INDEX events_at_idx ATTACH PARTITION events_2026_at_idx;\
          """);
  static final Rule REINDEX =
      Rule.postgresql(
          "reindex-not-concurrent",
          Level.ERROR,
          "REINDEX without CONCURRENTLY",
          """
          A plain `REINDEX` locks the table against writes, and the index against reads, until it is rebuilt.\
          """,
          "REINDEX INDEX CONCURRENTLY users_email_idx;");
  static final Rule CONSTRAINT =
      Rule.postgresql(
          "constraint-builds-index",
          Level.ERROR,
          "UNIQUE, PRIMARY KEY or EXCLUDE added to a table in use builds its index under a lock",
          """
          The index behind the constraint is built while nobody can read or write the table. Build a unique index \
          concurrently first, then make the constraint of it, which takes a moment. There is no concurrent way for \
          `EXCLUDE`.\
          """,
          """
          CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS users_email_key ON users (email);
          -- in the next file
          ALTER TABLE users ADD CONSTRAINT users_email_key UNIQUE USING INDEX users_email_key;\
          """);
  static final Rule REFRESH =
      Rule.postgresql(
          "refresh-not-concurrent",
          Level.WARNING,
          "REFRESH MATERIALIZED VIEW without CONCURRENTLY",
          """
          Nobody can read the view until it has been computed again. `CONCURRENTLY` lets readers through; it needs a \
          unique index on the view, and a view that has been populated once.\
          """,
          "REFRESH MATERIALIZED VIEW CONCURRENTLY daily_sales;");

  @Override
  public void check(Subject subject, History history) {
    for (var change : subject.changes()) {
      switch (change) {
        case CreateIndex index -> create(index, subject, history);
        case DropIndex drop -> drop(drop, subject, history);
        case Reindex reindex -> reindex(reindex, subject, history);
        case AddConstraint add -> constraint(add, subject, history);
        case RefreshMaterializedView refresh -> refresh(refresh, subject, history);
        default -> {}
      }
    }
  }

  private static void create(CreateIndex index, Subject subject, History history) {
    boolean partitioned = history.find(index.table()).map(t -> t.partitioned).orElse(false);
    if (partitioned && index.concurrently() && !index.only()) {
      subject.report(
          PARTITIONED,
          "table "
              + index.table()
              + " is partitioned, and takes no index CONCURRENTLY: create it ON ONLY this table,"
              + " build one CONCURRENTLY on each partition, and attach them");
    }
    if (index.concurrently() || index.only() || history.isEmpty(index.table(), subject)) {
      return;
    }
    var what = "index " + index.name().orElse("(unnamed)");
    subject.report(
        CREATE,
        what
            + " locks "
            + index.table()
            + " against writes until it is built: "
            + (partitioned
                ? "create it ON ONLY this partitioned table, build one CONCURRENTLY on each"
                    + " partition, and attach them"
                : "create it CONCURRENTLY"));
  }

  private static void drop(DropIndex drop, Subject subject, History history) {
    for (var index : drop.indexes()) {
      var table = history.tableOfIndex(index);
      if (drop.concurrently()) {
        table
            .filter(t -> t.partitioned)
            .ifPresent(
                t ->
                    subject.report(
                        PARTITIONED,
                        "index "
                            + index
                            + " belongs to the partitioned table "
                            + t.name
                            + ", and is not dropped CONCURRENTLY: leave that out"));
        continue;
      }
      // DROP INDEX IF EXISTS before a CREATE INDEX of the same version is how that is repeatable.
      boolean harmless =
          table
              .map(t -> t.partitioned || History.isNew(t, subject.version()))
              .orElse(drop.ifExists() && history.createsIndex(subject.version(), index));
      if (!harmless) {
        subject.report(
            DROP,
            "dropping index "
                + index
                + " locks its table against reads and writes: drop it CONCURRENTLY");
      }
    }
  }

  private static void reindex(Reindex reindex, Subject subject, History history) {
    if (reindex.concurrently()) {
      return;
    }
    var target = reindex.target();
    boolean isNew =
        switch (reindex.kind()) {
          case TABLE -> target.map(t -> history.isNew(t, subject.version())).orElse(false);
          case INDEX ->
              target
                  .flatMap(history::tableOfIndex)
                  .map(t -> History.isNew(t, subject.version()))
                  .orElse(false);
          case SCHEMA, DATABASE, SYSTEM -> false;
        };
    if (!isNew) {
      subject.report(
          REINDEX,
          reindex.describe()
              + " locks "
              + (reindex.kind() == Reindex.Kind.SYSTEM
                  ? "the catalogs, and there is no concurrent way: do it outside migrations"
                  : "against writes until it is rebuilt: add CONCURRENTLY"));
    }
  }

  private static void constraint(AddConstraint add, Subject subject, History history) {
    var kind =
        switch (add.kind()) {
          case UNIQUE -> "UNIQUE";
          case PRIMARY_KEY -> "PRIMARY KEY";
          case EXCLUDE -> "EXCLUDE";
          case CHECK, FOREIGN_KEY, NOT_NULL -> "";
        };
    if (kind.isEmpty() || add.usingIndex().isPresent() || history.isEmpty(add.table(), subject)) {
      return;
    }
    subject.report(
        CONSTRAINT,
        kind
            + " constraint "
            + add.name().map(n -> n + " ").orElse("")
            + "locks "
            + add.table()
            + " against reads and writes while its index is built: "
            + (kind.equals("EXCLUDE")
                ? "there is no concurrent way, so do it when nobody uses the table"
                : "build a unique index CONCURRENTLY first, and add the constraint USING INDEX"));
  }

  private static void refresh(RefreshMaterializedView refresh, Subject subject, History history) {
    var view = history.find(refresh.view());
    boolean harmless =
        view.map(v -> v.unpopulated || History.isNew(v, subject.version())).orElse(false);
    if (!refresh.concurrently() && !harmless) {
      subject.report(
          REFRESH,
          "refreshing "
              + refresh.view()
              + " locks it against reads until it has been computed: add CONCURRENTLY");
    }
  }
}
