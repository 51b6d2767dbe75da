package dev.pawl.engine.sql;

/** The databases Pawl speaks to. */
public enum DatabaseKind {
  POSTGRESQL,
  COCKROACHDB
}
