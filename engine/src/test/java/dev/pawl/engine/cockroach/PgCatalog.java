package dev.pawl.engine.cockroach;

import dev.pawl.engine.cockroach.world.Descriptor;
import dev.pawl.engine.cockroach.world.SqlError;
import dev.pawl.engine.cockroach.world.World;
import java.util.Optional;
import java.util.Set;

/** The tables of pg_catalog that the model knows (docs, "pg_catalog"). */
final class PgCatalog {
  /** There for compatibility, and empty (docs, "pg_catalog"). */
  private static final Set<String> EMPTY =
      Set.of("pg_locks", "pg_stat_activity", "pg_inherits", "pg_prepared_xacts");

  private PgCatalog() {}

  static String sql(Catalog catalog, String name) {
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
        int oid = 1;
        for (var user : catalog.users.all().keySet()) {
          rows.add(oid++, user, catalog.users.admin(user));
        }
        if (roles) {
          rows.add(oid, "admin", true);
        }
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
}
