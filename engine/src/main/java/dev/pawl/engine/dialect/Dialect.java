package dev.pawl.engine.dialect;

import dev.pawl.engine.change.SchemaChange;
import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.verify.Observation;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** What differs between databases: how to see a change, how to mend it, what an error means. */
public interface Dialect {
  /** Which database this is. */
  DatabaseKind kind();

  /**
   * What an error means.
   *
   * @param transactional whether it came from inside a transaction that is now rolled back; false
   *     for a statement on its own, which may have left something behind
   * @param before how many errors of the same SQLSTATE the step has met before: some are worth only
   *     a few tries
   */
  Verdict verdict(SQLException error, boolean transactional, int before);

  /** What an error means that is the first of its kind. */
  default Verdict verdict(SQLException error, boolean transactional) {
    return verdict(error, transactional, 0);
  }

  /**
   * What must be remembered before a statement is sent, because afterwards only the difference
   * shows that it has done its work.
   *
   * @return to be kept with the step and given to {@link #observe}
   */
  Optional<String> before(Connection connection, SchemaChange change) throws SQLException;

  /**
   * What the database shows now. Runs in autocommit, and leaves nothing behind.
   *
   * @param before what {@link #before} gave when the statement was sent; empty if it never was
   */
  Observation observe(Connection connection, SchemaChange change, Optional<String> before)
      throws SQLException;

  /**
   * Whether what was verified once is still so, by what no later migration may have changed.
   *
   * @param before as for {@link #observe}
   */
  default Observation observeVerified(
      Connection connection, SchemaChange change, Optional<String> before) throws SQLException {
    return observe(connection, change, before);
  }

  /**
   * Whether a statement outside a transaction has done nothing, because what it should make was
   * there: then it is no better known than before.
   *
   * @param notices the messages that came with its success
   */
  default boolean passedOver(List<String> notices) {
    return false;
  }

  /**
   * Whether what an IF NOT EXISTS has just passed over is what it asks for. Runs in autocommit, and
   * leaves nothing behind. Unobservable is what cannot be compared.
   */
  default Observation passedOver(Connection connection, SchemaChange change) throws SQLException {
    return observe(connection, change, Optional.empty());
  }

  /**
   * The predicate of a change: what a generated verify file asks, and the run where there is none.
   *
   * @return one SELECT of one boolean, true only when the change has really finished; it needs no
   *     parameters, quotes every name, and may be late, never early. Empty where nothing in the
   *     database shows it
   */
  Optional<String> predicate(SchemaChange change);

  /**
   * How far the work of a backend, or of the job it waits for, has come.
   *
   * @param backend the process id of the session that runs the statement
   */
  Optional<Observation.Building> progress(Connection connection, int backend) throws SQLException;

  /**
   * Who else works on what a statement outside a transaction would wait for; asked without waiting.
   *
   * @return for a person; empty where the way is free
   */
  Optional<String> inUse(Connection connection, SchemaChange change) throws SQLException;

  /**
   * The time-outs that must not cut a statement outside a transaction, for it would leave something
   * half-made behind, or never end.
   *
   * @param repair whether it is {@link #repair} that runs
   */
  List<String> mustNotCut(SchemaChange change, boolean repair);

  /**
   * Mends what was observed {@link Observation.Invalid}: afterwards it is Valid, or Absent and to
   * be applied again. Runs in autocommit.
   *
   * @return what was done, for a person
   */
  String repair(Connection connection, SchemaChange change) throws SQLException;

  /**
   * Takes away what a build that has just failed for good left behind, unless somebody else is at
   * work on it. Runs in autocommit.
   */
  void removeLeftover(Connection connection, SchemaChange change) throws SQLException;

  /**
   * Why this role could not tell whether a statement outside a transaction has finished, and what
   * to grant; empty where it can.
   */
  default Optional<String> blindness(Connection connection) throws SQLException {
    return Optional.empty();
  }

  /** The dialect of a kind. */
  static Dialect of(DatabaseKind kind) {
    return switch (kind) {
      case POSTGRESQL -> new PostgresDialect();
      case COCKROACHDB -> new CockroachDialect();
    };
  }
}
