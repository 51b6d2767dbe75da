package dev.pawl.engine.plan;

/** The databases Pawl speaks to. */
public enum DatabaseKind {
  POSTGRESQL,
  COCKROACHDB
}
