package dev.pawl.engine.execute;

import dev.pawl.engine.sql.Literal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/**
 * One connection, in autocommit; transactions are spelled out. In simple query mode a text goes to
 * the server as one message, byte for byte.
 */
final class Session implements AutoCloseable {
  final Connection connection;
  final Greeting greeting;
  private final List<String> prologue = new ArrayList<>();
  private boolean tainted;

  Session(Connection connection) throws SQLException {
    this.connection = connection;
    this.greeting = Greeting.of(connection);
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
    if (!settings.isEmpty()) {
      send("SET lock_timeout = " + Math.min(400, Math.max(1, greeting.deadlockMillis() / 2)));
    }
  }

  /** Puts the time-outs back as they were. */
  interface Restore extends AutoCloseable {
    @Override
    void close();
  }

  /** Until it is closed, these time-outs do not cut anything. */
  Restore without(List<String> timeouts) throws SQLException {
    if (timeouts.isEmpty()) {
      return () -> {};
    }
    var back = new StringJoiner(";");
    try (var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT name, setting, reset_val, pg_catalog.set_config(name, '0', false)"
                    + " FROM pg_catalog.pg_settings WHERE name IN ("
                    + String.join(",", timeouts.stream().map(Literal::text).toList())
                    + ")")) {
      while (rows.next()) {
        var name = rows.getString(1);
        // What the server had set goes back to what it has set by then, not to what it was.
        boolean inherited = rows.getString(2).equals(rows.getString(3));
        back.add(
            inherited
                ? "RESET " + name
                : "SELECT pg_catalog.set_config("
                    + Literal.text(name)
                    + ","
                    + Literal.text(rows.getString(2))
                    + ",false)");
      }
    }
    return () -> {
      try {
        if (usable()) {
          send(back.toString());
        }
      } catch (SQLException e) {
        taint();
      }
    };
  }

  /**
   * Sends a text as one message and reads all its answers.
   *
   * @return the notices that came with them, in order
   */
  List<Notice> send(String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(sql);
      while (statement.getMoreResults() || statement.getUpdateCount() != -1) {
        // Reads on to the last answer: an error may come with any of them.
      }
      var notices = new ArrayList<Notice>();
      for (SQLWarning w = statement.getWarnings(); w != null; w = w.getNextWarning()) {
        notices.add(Notice.of(w));
      }
      return notices;
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

  /** From now on an answer may take as long as it takes. */
  void waitWithoutEnd() throws SQLException {
    connection.setNetworkTimeout(Runnable::run, 0);
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
