package dev.pawl.engine.cockroach;

import dev.pawl.engine.cockroach.world.Index;
import java.util.stream.Collectors;

/** pg_index and pg_indexes. */
final class PgIndex {
  private PgIndex() {}

  static Rows index(Catalog catalog) {
    var rows =
        new Rows(
            "indexrelid oid",
            "indrelid oid",
            "indnatts int2",
            "indnkeyatts int2",
            "indisunique bool",
            "indisprimary bool",
            "indisvalid bool",
            "indisready bool",
            "indislive bool",
            "indkey int2vector",
            "indoption int2vector",
            "indpred text");
    for (var t : catalog.tables()) {
      var numbered = Catalog.columns(t).stream().map(c -> c.name()).toList();
      for (var index : Catalog.indexes(t)) {
        var keys =
            index.keys().stream()
                .map(k -> Integer.toString(numbered.indexOf(k.column()) + 1))
                .collect(Collectors.joining(" "));
        var options =
            index.keys().stream()
                .map(k -> k.descending() ? "3" : "2")
                .collect(Collectors.joining(" "));
        rows.add(
            Catalog.oid(t, index),
            t.id(),
            index.keys().size() + index.storing().size(),
            index.keys().size(),
            index.unique(),
            index == t.primary(),
            true,
            // Not "finished": pkg/sql/pg_catalog.go gives false for every index.
            false,
            true,
            keys,
            options,
            index.predicate().orElse(null));
      }
    }
    return rows;
  }

  static Rows indexes(Catalog catalog) {
    var rows =
        new Rows(
            "crdb_oid oid",
            "schemaname name",
            "tablename name",
            "indexname name",
            "tablespace name",
            "indexdef text");
    for (var t : catalog.tables()) {
      for (Index index : Catalog.indexes(t)) {
        rows.add(
            Catalog.oid(t, index),
            t.name().schema(),
            t.name().name(),
            index.name(),
            null,
            Catalog.definition(t, index));
      }
    }
    return rows;
  }
}
