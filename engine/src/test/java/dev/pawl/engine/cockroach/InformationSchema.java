package dev.pawl.engine.cockroach;

import dev.pawl.engine.cockroach.world.Descriptor;
import dev.pawl.engine.cockroach.world.SqlError;
import dev.pawl.engine.cockroach.world.World;
import java.util.List;

/** The tables of information_schema that the model knows (docs, "information_schema"). */
final class InformationSchema {
  private InformationSchema() {}

  static String sql(Catalog catalog, String name) {
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
}
