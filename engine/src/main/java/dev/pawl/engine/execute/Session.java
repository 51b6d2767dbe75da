package dev.pawl.engine.execute;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/**
 * One connection, in autocommit; transactions are spelled out. In simple query mode a text goes to
 * the server as one message, byte for byte.
 */
final class Session implements AutoCloseable {
  /**
   * What is asked of a server at once on connecting.
   *
   * @param pooled whether a pooler stands between: the backend is another than the one that greeted
   * @param version as the server says it
   * @param deadlockMillis its deadlock_timeout
   */
  record Greeting(
      int backend, boolean pooled, String version, boolean standby, int deadlockMillis) {}

  final Connection connection;
  final Greeting greeting;
  private final List<String> prologue = new ArrayList<>();
  private boolean tainted;

  Session(Connection connection) throws SQLException {
    this.connection = connection;
    this.greeting = greet(connection);
  }

  private static Greeting greet(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                """
                SELECT pg_catalog.pg_backend_pid(), pg_catalog.version(),
                       pg_catalog.pg_is_in_recovery(),
                       (SELECT setting::int FROM pg_catalog.pg_settings
                         WHERE name = 'deadlock_timeout'),
                       pg_catalog.set_config('standard_conforming_strings', 'on', false),
                       pg_catalog.set_config('default_transaction_isolation', 'read committed', false)
                """)) {
      rows.next();
      int greeted = connection.unwrap(BaseConnection.class).getBackendPID();
      return new Greeting(
          rows.getInt(1),
          greeted != rows.getInt(1),
          rows.getString(2),
          rows.getBoolean(3),
          rows.getInt(4));
    }
  }

  /** The session settings executed so far. */
  List<String> prologue() {
    return prologue;
  }

  void setPrologue(List<String> settings) throws SQLException {
    for (var setting : settings) {
      send(setting);
      prologue.add(setting);
    }
  }

  /**
   * Sends a text as one message and reads all its answers.
   *
   * @return the SQLSTATEs of the notices that came with them
   */
  List<String> send(String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(sql);
      while (statement.getMoreResults() || statement.getUpdateCount() != -1) {
        // Reads on to the last answer: an error may come with any of them.
      }
      var states = new ArrayList<String>();
      for (SQLWarning w = statement.getWarnings(); w != null; w = w.getNextWarning()) {
        states.add(String.valueOf(w.getSQLState()));
      }
      return states;
    }
  }

  /** Whether the server says that no transaction is open. */
  boolean idle() throws SQLException {
    return connection.unwrap(BaseConnection.class).getTransactionState() == TransactionState.IDLE;
  }

  /** After any error: nothing but this may follow. A COMMIT would roll back without saying so. */
  void rollback() {
    try {
      if (!idle()) {
        send("ROLLBACK");
      }
    } catch (SQLException e) {
      close();
    }
  }

  /** It has settings that its prologue does not name: it must not serve another step. */
  void taint() {
    tainted = true;
  }

  boolean usable() {
    try {
      return !tainted && !connection.isClosed() && idle();
    } catch (SQLException e) {
      return false;
    }
  }

  /** At once, from any thread, without a word to the server. */
  void abort() {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      close();
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      // A connection that cannot be closed is as gone as one that was.
      abortQuietly();
    }
  }

  private void abortQuietly() {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
