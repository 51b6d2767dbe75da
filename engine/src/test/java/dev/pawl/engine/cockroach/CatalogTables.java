package dev.pawl.engine.cockroach;

import dev.pawl.engine.cockroach.world.Descriptor;
import dev.pawl.engine.cockroach.world.Job;
import dev.pawl.engine.cockroach.world.Name;
import dev.pawl.engine.cockroach.world.SqlError;
import dev.pawl.engine.cockroach.world.World;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The tables of information_schema, pg_catalog and crdb_internal that the model knows. */
final class CatalogTables {
  private CatalogTables() {}

  /**
   * A table of a catalog.
   *
   * @param schema information_schema, pg_catalog or crdb_internal
   * @throws SqlError.Thrown for what is not known or not allowed
   */
  static String sql(Catalog catalog, String schema, String name) {
    return switch (schema) {
      case "information_schema" -> InformationSchema.sql(catalog, name);
      case "crdb_internal" -> internal(catalog, name);
      default -> PgCatalog.sql(catalog, name);
    };
  }

  private static String internal(Catalog catalog, String name) {
    catalog.demandInternals();
    switch (name) {
      case "jobs" -> {
        return JobRows.rows(catalog, true).sql();
      }
      case "schema_changes" -> {
        var rows =
            new Rows("table_id int8", "name text", "type text", "target_name text", "state text");
        for (var job : catalog.world.unfinished()) {
          for (long id : job.descriptors()) {
            var descriptor = catalog.world.descriptors().get(id);
            if (job.type() != Job.Type.TYPEDESC_SCHEMA_CHANGE && descriptor != null) {
              rows.add(id, descriptor.name().name(), "", "", job.stage().name());
            }
          }
        }
        return rows.sql();
      }
      case "tables" -> {
        var rows =
            new Rows(
                "table_id int8",
                "name text",
                "database_name text",
                "schema_name text",
                "state text",
                "version int8");
        for (var descriptor : catalog.world.descriptors().values()) {
          if (descriptor instanceof Descriptor.Table t) {
            rows.add(
                t.id(),
                t.name().name(),
                World.DATABASE,
                t.name().schema(),
                switch (t.state()) {
                  case PUBLIC -> "PUBLIC";
                  case ADDING -> "ADD";
                  case DROPPING -> "DROP";
                },
                t.version());
          }
        }
        return rows.sql();
      }
      default -> throw SqlError.unknown("the table crdb_internal." + name).thrown();
    }
  }

  /** A name as it is found without a schema. */
  static Optional<Long> regclass(Catalog catalog, String text) {
    var parts =
        List.of(text.split("\\.")).stream()
            .map(p -> p.startsWith("\"") ? p.replace("\"", "") : p.toLowerCase(Locale.ROOT))
            .collect(Collectors.toList());
    if (parts.size() > 2) {
      parts.removeFirst();
    }
    var name = parts.size() == 2 ? new Name(parts.get(0), parts.get(1)) : Name.of(parts.getFirst());
    return catalog
        .table(name)
        .map(Descriptor.Table::id)
        .or(
            () ->
                catalog.tables().stream()
                    .filter(t -> t.name().schema().equals(name.schema()))
                    .flatMap(
                        t ->
                            Catalog.indexes(t).stream()
                                .filter(i -> i.name().equals(name.name()))
                                .map(i -> Catalog.oid(t, i)))
                    .findFirst());
  }
}
