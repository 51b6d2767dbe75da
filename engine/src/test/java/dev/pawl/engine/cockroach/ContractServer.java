package dev.pawl.engine.cockroach;

import dev.pawl.engine.execute.Target;
import java.sql.Connection;
import java.sql.SQLException;

/** A server that the contract suite runs against: a CockroachDB, or the model of one. */
interface ContractServer {
  /** Its address, entered as one who may do everything. */
  Target target();

  /** Its address, entered as a new user of this name, or one like it. */
  Target newUser(String name) throws SQLException;

  /** In simple query mode, as Pawl itself connects. */
  Connection connect() throws SQLException;

  /** Whether it is of this release series or a later one. */
  boolean since(int major, int minor);

  /** Shown as the name of its tests. */
  @Override
  String toString();
}
