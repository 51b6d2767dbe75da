package dev.pawl.engine.cockroach;

import dev.pawl.engine.cockroach.world.Descriptor;
import java.util.Locale;
import java.util.Optional;

/** CockroachDB's types as its catalogs name them (docs, "Data types"). */
final class Types {
  private Types() {}

  private static String base(String type) {
    int end = type.indexOf('(');
    return (end < 0 ? type : type.substring(0, end)).strip().toUpperCase(Locale.ROOT);
  }

  private static Optional<Descriptor.EnumType> user(Catalog catalog, String type) {
    var name = type.substring(type.lastIndexOf('.') + 1).replace("\"", "");
    return catalog.types().stream().filter(t -> t.name().name().equals(name)).findFirst();
  }

  /** As information_schema.columns.data_type has it. */
  static String standard(Catalog catalog, String type) {
    if (type.endsWith("]")) {
      return "ARRAY";
    }
    return switch (base(type)) {
      case "INT8" -> "bigint";
      case "INT4" -> "integer";
      case "INT2" -> "smallint";
      case "STRING" -> "text";
      case "VARCHAR" -> "character varying";
      case "CHAR" -> "character";
      case "BOOL" -> "boolean";
      case "BYTES" -> "bytea";
      case "DECIMAL" -> "numeric";
      case "FLOAT8" -> "double precision";
      case "FLOAT4" -> "real";
      case "TIMESTAMPTZ" -> "timestamp with time zone";
      case "TIMESTAMP" -> "timestamp without time zone";
      default ->
          user(catalog, type).isPresent() ? "USER-DEFINED" : base(type).toLowerCase(Locale.ROOT);
    };
  }

  /** As pg_type.typname has it. */
  static String pgName(Catalog catalog, String type) {
    if (type.endsWith("]")) {
      return "_" + pgName(catalog, type.substring(0, type.indexOf('[')));
    }
    return switch (base(type)) {
      case "STRING" -> "text";
      case "CHAR" -> "bpchar";
      case "BYTES" -> "bytea";
      case "DECIMAL" -> "numeric";
      default ->
          user(catalog, type).map(t -> t.name().name()).orElse(base(type).toLowerCase(Locale.ROOT));
    };
  }

  static long enumOid(Descriptor.EnumType type) {
    return 100_000 + type.id();
  }

  /** As pg_type.oid has it; 0 where it is not known. */
  static long oid(Catalog catalog, String type) {
    return switch (pgName(catalog, type)) {
      case "bool" -> 16;
      case "bytea" -> 17;
      case "int8" -> 20;
      case "int2" -> 21;
      case "int4" -> 23;
      case "text" -> 25;
      case "oid" -> 26;
      case "float4" -> 700;
      case "float8" -> 701;
      case "bpchar" -> 1042;
      case "varchar" -> 1043;
      case "date" -> 1082;
      case "timestamp" -> 1114;
      case "timestamptz" -> 1184;
      case "interval" -> 1186;
      case "numeric" -> 1700;
      case "uuid" -> 2950;
      case "jsonb" -> 3802;
      default -> user(catalog, type).map(Types::enumOid).orElse(0L);
    };
  }
}
