package dev.pawl.engine.change;

import java.util.Locale;

/**
 * A statement whose facts are not needed: on PostgreSQL it commits with its ledger row, which is
 * the guarantee; on CockroachDB it is known to be synchronous.
 *
 * @param keywords its leading keywords in capitals: CREATE FUNCTION, COMMENT ON, GRANT, …
 * @param transactional false for CREATE DATABASE, ALTER SYSTEM and the like
 */
public record OtherDdl(String keywords, boolean transactional) implements SchemaChange {

  @Override
  public String describe() {
    return keywords.toLowerCase(Locale.ROOT);
  }
}
