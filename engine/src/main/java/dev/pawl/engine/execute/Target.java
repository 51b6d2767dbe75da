package dev.pawl.engine.execute;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * Where a database is and how to enter it.
 *
 * @param password asked at every connection, so that a rotated one is picked up; may give null for
 *     none
 * @param tlsMode disable, prefer, require, verify-ca or verify-full
 * @param caPem the authority's certificate as PEM, for verify-ca and verify-full
 * @param direct the same database past a pooler, for what a pooler cannot do
 */
public record Target(
    String host,
    int port,
    String database,
    String user,
    Supplier<String> password,
    String tlsMode,
    Optional<String> caPem,
    Optional<Target> direct) {

  /** Never shows the password. */
  @Override
  public String toString() {
    return user + "@" + host + ":" + port + "/" + database;
  }
}
