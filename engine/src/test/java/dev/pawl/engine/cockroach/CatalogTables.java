package dev.pawl.engine.cockroach;

import dev.pawl.engine.cockroach.world.Descriptor;
import dev.pawl.engine.cockroach.world.Job;
import dev.pawl.engine.cockroach.world.Name;
import dev.pawl.engine.cockroach.world.SqlError;
import dev.pawl.engine.cockroach.world.World;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The tables of information_schema, pg_catalog and crdb_internal that the model knows. */
final class CatalogTables {
  /** There for compatibility, and empty (docs, "pg_catalog"). */
  private static final Set<String> EMPTY =
      Set.of("pg_locks", "pg_stat_activity", "pg_inherits", "pg_prepared_xacts");

  private CatalogTables() {}

  /**
   * A table of a catalog.
   *
   * @param schema information_schema, pg_catalog or crdb_internal
   * @throws SqlError.Thrown for what is not known or not allowed
   */
  static String sql(Catalog catalog, String schema, String name) {
    return switch (schema) {
      case "information_schema" -> informationSchema(catalog, name);
      case "crdb_internal" -> internal(catalog, name);
      default -> pgCatalog(catalog, name);
    };
  }

  private static String informationSchema(Catalog catalog, String name) {
    var db = World.DATABASE;
    switch (name) {
      case "tables" -> {
        var rows =
            new Rows(
                "table_catalog text",
                "table_schema text",
                "table_name text",
                "table_type text",
                "is_insertable_into text",
                "version int8");
        for (var t : catalog.tables()) {
          if (t.kind() != Descriptor.Table.Kind.SEQUENCE) {
            boolean view = t.kind() != Descriptor.Table.Kind.TABLE;
            rows.add(
                db,
                t.name().schema(),
                t.name().name(),
                view ? "VIEW" : "BASE TABLE",
                view ? "NO" : "YES",
                t.version());
          }
        }
        return rows.also(
                "SELECT '"
                    + db
                    + "', nspname::text, relname::text, 'BASE TABLE', 'YES', 1 FROM"
                    + " pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid ="
                    + " c.relnamespace WHERE nspname = 'pawl' AND relkind = 'r'")
            .sql();
      }
      case "columns" -> {
        var rows =
            new Rows(
                "table_catalog text",
                "table_schema text",
                "table_name text",
                "column_name text",
                "ordinal_position int8",
                "column_default text",
                "is_nullable text",
                "data_type text",
                "udt_name text",
                "generation_expression text",
                "is_hidden text",
                "crdb_sql_type text");
        for (var t : catalog.tables()) {
          int place = 1;
          for (var c : Catalog.columns(t)) {
            rows.add(
                db,
                t.name().schema(),
                t.name().name(),
                c.name(),
                place++,
                c.defaultTo().orElse(null),
                c.notNull() ? "NO" : "YES",
                Types.standard(catalog, c.type()),
                Types.pgName(catalog, c.type()),
                "",
                c.hidden() ? "YES" : "NO",
                c.type());
          }
        }
        return rows.sql();
      }
      case "table_constraints" -> {
        var rows =
            new Rows(
                "constraint_catalog text",
                "constraint_schema text",
                "constraint_name text",
                "table_catalog text",
                "table_schema text",
                "table_name text",
                "constraint_type text",
                "is_deferrable text",
                "initially_deferred text");
        for (var t : catalog.tables()) {
          for (var c : Catalog.constraints(t)) {
            rows.add(
                db,
                t.name().schema(),
                c.name(),
                db,
                t.name().schema(),
                t.name().name(),
                c.type(),
                "NO",
                "NO");
          }
        }
        return rows.sql();
      }
      case "key_column_usage" -> {
        var rows =
            new Rows(
                "constraint_catalog text",
                "constraint_schema text",
                "constraint_name text",
                "table_catalog text",
                "table_schema text",
                "table_name text",
                "column_name text",
                "ordinal_position int8");
        for (var t : catalog.tables()) {
          for (var c : Catalog.constraints(t)) {
            int place = 1;
            for (var column : c.type().equals("CHECK") ? List.<String>of() : c.columns()) {
              rows.add(
                  db,
                  t.name().schema(),
                  c.name(),
                  db,
                  t.name().schema(),
                  t.name().name(),
                  column,
                  place++);
            }
          }
        }
        return rows.sql();
      }
      case "check_constraints" -> {
        var rows =
            new Rows(
                "constraint_catalog text",
                "constraint_schema text",
                "constraint_name text",
                "check_clause text");
        for (var t : catalog.tables()) {
          for (var c : Catalog.constraints(t)) {
            if (c.type().equals("CHECK")) {
              rows.add(db, t.name().schema(), c.name(), c.details());
            }
          }
        }
        return rows.sql();
      }
      case "statistics" -> {
        var rows =
            new Rows(
                "table_catalog text",
                "table_schema text",
                "table_name text",
                "non_unique text",
                "index_schema text",
                "index_name text",
                "seq_in_index int8",
                "column_name text",
                "direction text",
                "storing text",
                "implicit text");
        for (var t : catalog.tables()) {
          for (var index : Catalog.indexes(t)) {
            for (var c : Catalog.indexColumns(t, index)) {
              rows.add(
                  db,
                  t.name().schema(),
                  t.name().name(),
                  index.unique() ? "NO" : "YES",
                  t.name().schema(),
                  index.name(),
                  c.place(),
                  c.key().column(),
                  c.storing() ? "N/A" : c.key().descending() ? "DESC" : "ASC",
                  c.storing() ? "YES" : "NO",
                  c.implicit() ? "YES" : "NO");
            }
          }
        }
        return rows.sql();
      }
      case "schemata" -> {
        var rows = new Rows("catalog_name text", "schema_name text");
        catalog.schemas().forEach(s -> rows.add(db, s));
        List.of("crdb_internal", "information_schema", "pg_catalog", "pg_extension")
            .forEach(s -> rows.add(db, s));
        return rows.also(
                "SELECT '"
                    + db
                    + "', nspname::text FROM pg_catalog.pg_namespace WHERE nspname ="
                    + " 'pawl'")
            .sql();
      }
      case "views" -> {
        var rows =
            new Rows(
                "table_catalog text",
                "table_schema text",
                "table_name text",
                "view_definition text");
        for (var t : catalog.tables()) {
          if (t.kind() == Descriptor.Table.Kind.VIEW) {
            rows.add(db, t.name().schema(), t.name().name(), t.query());
          }
        }
        return rows.sql();
      }
      case "sequences" -> {
        var rows = new Rows("sequence_catalog text", "sequence_schema text", "sequence_name text");
        for (var t : catalog.tables()) {
          if (t.kind() == Descriptor.Table.Kind.SEQUENCE) {
            rows.add(db, t.name().schema(), t.name().name());
          }
        }
        return rows.sql();
      }
      default -> throw SqlError.unknown("the table information_schema." + name).thrown();
    }
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

  private static String pgCatalog(Catalog catalog, String name) {
    switch (name) {
      case "pg_namespace" -> {
        var rows = new Rows("oid oid", "nspname name", "nspowner oid");
        catalog.schemas().forEach(s -> rows.add(catalog.schemaOid(s), s, 1));
        rows.add(4294966900L, "pg_catalog", 1);
        rows.add(4294966901L, "information_schema", 1);
        rows.add(4294966902L, "crdb_internal", 1);
        return rows.also(
                "SELECT oid, nspname, nspowner FROM pg_catalog.pg_namespace WHERE nspname ="
                    + " 'pawl'")
            .sql();
      }
      case "pg_class" -> {
        var rows =
            new Rows(
                "oid oid",
                "relname name",
                "relnamespace oid",
                "relkind \"char\"",
                "relhasindex bool",
                "relispartition bool",
                "relam oid");
        for (var t : catalog.tables()) {
          long schema = catalog.schemaOid(t.name().schema());
          var kind =
              switch (t.kind()) {
                case TABLE -> "r";
                case VIEW -> "v";
                case MATERIALIZED_VIEW -> "m";
                case SEQUENCE -> "S";
              };
          rows.add(
              t.id(), t.name().name(), schema, kind, !t.indexes().isEmpty(), false, 2631952481L);
          for (var index : Catalog.indexes(t)) {
            rows.add(Catalog.oid(t, index), index.name(), schema, "i", false, false, 2631952481L);
          }
        }
        return rows.also(
                "SELECT c.oid, relname, relnamespace, relkind, relhasindex, relispartition, relam"
                    + " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid ="
                    + " relnamespace WHERE nspname = 'pawl'")
            .sql();
      }
      case "pg_index" -> {
        return PgIndex.index(catalog).sql();
      }
      case "pg_indexes" -> {
        return PgIndex.indexes(catalog).sql();
      }
      case "pg_attribute" -> {
        var rows =
            new Rows(
                "attrelid oid",
                "attname name",
                "atttypid oid",
                "attnum int2",
                "attnotnull bool",
                "atthasdef bool",
                "attisdropped bool");
        for (var t : catalog.tables()) {
          int place = 1;
          for (var c : Catalog.columns(t)) {
            rows.add(
                t.id(),
                c.name(),
                Types.oid(catalog, c.type()),
                place++,
                c.notNull(),
                c.defaultTo().isPresent(),
                false);
          }
        }
        return rows.sql();
      }
      case "pg_type" -> {
        var rows = new Rows("oid oid", "typname name", "typnamespace oid", "typtype \"char\"");
        for (var t : catalog.types()) {
          rows.add(Types.enumOid(t), t.name().name(), catalog.schemaOid(t.name().schema()), "e");
        }
        return rows.also(
                "SELECT oid, typname, 4294966900, typtype FROM pg_catalog.pg_type WHERE"
                    + " typnamespace = 11 AND typtype = 'b'")
            .sql();
      }
      case "pg_enum" -> {
        var rows = new Rows("oid oid", "enumtypid oid", "enumsortorder float4", "enumlabel name");
        for (var t : catalog.types()) {
          int place = 1;
          for (var label : t.labels()) {
            rows.add(t.id() * 1000 + place, Types.enumOid(t), place++, label.text());
          }
        }
        return rows.sql();
      }
      case "pg_constraint" -> {
        return constraints(catalog).sql();
      }
      case "pg_tables" -> {
        var rows = new Rows("schemaname name", "tablename name", "tableowner name");
        for (var t : catalog.tables()) {
          if (t.kind() == Descriptor.Table.Kind.TABLE) {
            rows.add(t.name().schema(), t.name().name(), "root");
          }
        }
        return rows.also(
                "SELECT schemaname, tablename, tableowner FROM pg_catalog.pg_tables WHERE"
                    + " schemaname = 'pawl'")
            .sql();
      }
      case "pg_views", "pg_matviews" -> {
        boolean materialized = name.equals("pg_matviews");
        var rows =
            new Rows(
                "schemaname name",
                (materialized ? "matviewname" : "viewname") + " name",
                "definition text");
        var kind =
            materialized ? Descriptor.Table.Kind.MATERIALIZED_VIEW : Descriptor.Table.Kind.VIEW;
        for (var t : catalog.tables()) {
          if (t.kind() == kind) {
            rows.add(t.name().schema(), t.name().name(), t.query());
          }
        }
        return rows.sql();
      }
      case "pg_database" -> {
        var rows = new Rows("oid oid", "datname name", "encoding int4");
        rows.add(100, World.DATABASE, 6);
        rows.add(102, "postgres", 6);
        rows.add(1, "system", 6);
        return rows.sql();
      }
      case "pg_roles", "pg_user" -> {
        boolean roles = name.equals("pg_roles");
        var rows =
            roles
                ? new Rows("oid oid", "rolname name", "rolsuper bool")
                : new Rows("usesysid oid", "usename name", "usesuper bool");
        rows.add(1, "root", true);
        return rows.sql();
      }
      case "pg_settings" -> {
        // Answered from the session's own settings, see Rewriter.
        throw new IllegalStateException(name);
      }
      default -> {
        if (EMPTY.contains(name)) {
          return "(SELECT * FROM pg_catalog." + name + " WHERE false)";
        }
        throw SqlError.unknown("the table pg_catalog." + name).thrown();
      }
    }
  }

  private static Rows constraints(Catalog catalog) {
    var rows =
        new Rows(
            "oid oid",
            "conname name",
            "connamespace oid",
            "contype \"char\"",
            "convalidated bool",
            "conrelid oid",
            "conindid oid",
            "conkey int2[]",
            "condef text");
    for (var t : catalog.tables()) {
      int place = 1;
      var numbered = Catalog.columns(t).stream().map(c -> c.name()).toList();
      for (var c : Catalog.constraints(t)) {
        Optional<Long> index =
            t.index(c.name())
                .or(() -> Optional.of(t.primary()).filter(p -> p.name().equals(c.name())))
                .map(i -> Catalog.oid(t, i));
        rows.add(
            t.id() * 1000 + 500 + place++,
            c.name(),
            catalog.schemaOid(t.name().schema()),
            switch (c.type()) {
              case "PRIMARY KEY" -> "p";
              case "UNIQUE" -> "u";
              case "CHECK" -> "c";
              default -> "f";
            },
            c.validated(),
            t.id(),
            index.orElse(0L),
            c.columns().stream().map(n -> numbered.indexOf(n) + 1).toList(),
            c.details());
      }
    }
    return rows;
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
