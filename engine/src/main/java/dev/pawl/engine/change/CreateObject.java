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
 * @param unlogged of a sequence: UNLOGGED was written
 * @param options of a sequence or an extension, as written; of a schema, whose it is, where
 *     PostgreSQL's may be there already; of CockroachDB's database, role or user their words
 *     without values
 */
public record CreateObject(
    String kind,
    QualifiedName name,
    boolean ifNotExists,
    boolean unlogged,
    Optional<String> options)
    implements SchemaChange {

  @Override
  public String describe() {
    return "create " + kind.toLowerCase(Locale.ROOT) + " " + name;
  }
}
