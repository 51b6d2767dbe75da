package dev.pawl.engine.change;

import dev.pawl.engine.sql.QualifiedName;
import java.util.Locale;
import java.util.Optional;

/**
 * CREATE of what is known by its name alone. (CREATE OR REPLACE, after which the name tells
 * nothing, is {@link OtherDdl}.)
 *
 * @param kind in capitals as the statement says it: SEQUENCE, VIEW, SCHEMA or FOREIGN TABLE; with
 *     IF NOT EXISTS on PostgreSQL also COLLATION, EXTENSION, SERVER, STATISTICS, on CockroachDB
 *     also DATABASE, ROLE, USER
 * @param options of a sequence but its owner, of an extension, or of CockroachDB's schema, as
 *     written; of CockroachDB's database, role or user their words without values
 */
public record CreateObject(
    String kind, QualifiedName name, boolean ifNotExists, Optional<String> options)
    implements SchemaChange {

  @Override
  public String describe() {
    return "create " + kind.toLowerCase(Locale.ROOT) + " " + name;
  }
}
