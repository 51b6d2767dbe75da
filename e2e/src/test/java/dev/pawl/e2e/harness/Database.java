package dev.pawl.e2e.harness;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The database of one test.
 *
 * @param name of the database and of the role that owns it
 */
public record Database(Postgres server, String name, String password) {

  /** As spec.database.url has it: seen from the operator, without the password. */
  public String url() {
    return "postgres://%s@%s:%d/%s".formatted(name, server.operatorHost(), server.port(), name);
  }

  /** The same with another port, where nobody listens. */
  public String urlWithPort(int port) {
    return "postgres://%s@%s:%d/%s".formatted(name, server.operatorHost(), port, name);
  }

  /** As the role that owns it. */
  public Connection connect() {
    try {
      return server.connect(name, name, password);
    } catch (SQLException e) {
      throw new IllegalStateException("the test cannot connect to its database", e);
    }
  }

  /** As the superuser, for whom the server keeps connections free. */
  public Connection connectAsSuperuser() throws SQLException {
    return server.connectAsSuperuser(name);
  }

  /** Executes statements, each by itself. */
  public void execute(String... statements) {
    try (var connection = connect();
        var statement = connection.createStatement()) {
      for (var sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException("the test's own SQL failed: " + e.getMessage(), e);
    }
  }

  /** Executes a statement as the superuser, in another database of the server. */
  public void executeOnServer(String sql) {
    executeAsSuperuser("postgres", sql);
  }

  /** Executes a statement as the superuser, in this database. */
  public void executeAsSuperuser(String sql) {
    executeAsSuperuser(name, sql);
  }

  private void executeAsSuperuser(String database, String sql) {
    try (var connection = server.connectAsSuperuser(database);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException("the test's own SQL failed: " + e.getMessage(), e);
    }
  }

  /** The first column of every row, as text. */
  public List<String> column(String sql) {
    try (var connection = connect();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      var values = new ArrayList<String>();
      while (rows.next()) {
        values.add(rows.getString(1));
      }
      return values;
    } catch (SQLException e) {
      throw new IllegalStateException("the test's own SQL failed: " + e.getMessage(), e);
    }
  }

  /** The one value of a query, as text; null for NULL. */
  public String value(String sql) {
    var values = column(sql);
    if (values.size() != 1) {
      throw new IllegalStateException(values.size() + " rows instead of one: " + sql);
    }
    return values.getFirst();
  }

  /**
   * Holds a table so that no other may change or read it, until closed: what a long transaction of
   * the application does.
   */
  public Hold hold(String table) {
    try {
      var connection = connect();
      connection.setAutoCommit(false);
      try (var statement = connection.createStatement()) {
        statement.execute("LOCK TABLE " + table + " IN ACCESS EXCLUSIVE MODE");
      }
      return new Hold(connection);
    } catch (SQLException e) {
      throw new IllegalStateException("the test cannot lock " + table, e);
    }
  }

  /**
   * Makes a function held(int) that gives back what it is given: whoever calls it waits, for no
   * lock, until the hold is closed. An index may be built on it.
   */
  public Hold holdCalls() {
    execute(
        """
        CREATE OR REPLACE FUNCTION held(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$BEGIN
          -- What pg_locks shows is so now, whatever the statement's snapshot is.
          WHILE EXISTS (SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database
              WHERE l.locktype = 'advisory' AND d.datname = current_database()) LOOP
            PERFORM pg_sleep(0.05);
          END LOOP;
          RETURN $1;
        END$$
        """);
    var connection = connect();
    try (var statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("SELECT pg_advisory_xact_lock(1)");
      return new Hold(connection);
    } catch (SQLException e) {
      throw new IllegalStateException("the test cannot hold its calls", e);
    }
  }

  /** What an open transaction holds; closed twice, it does nothing the second time. */
  public record Hold(Connection connection) implements AutoCloseable {
    @Override
    public void close() {
      try (connection) {
        if (!connection.isClosed()) {
          connection.rollback();
        }
      } catch (SQLException e) {
        throw new IllegalStateException("the test's lock could not be given up", e);
      }
    }
  }
}
