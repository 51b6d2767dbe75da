package dev.pawl.e2e.chaos;

import dev.pawl.e2e.harness.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What other clients do to a database while Pawl is at work, well or badly. */
final class DatabaseFaults {
  private static final int MOST_CONNECTIONS = 200;

  private DatabaseFaults() {}

  /** Does work, and keeps what it leaves for so long. */
  private interface Deed {
    void on(Connection connection) throws SQLException;
  }

  private static void as(Connection connection, Deed deed) throws SQLException {
    try (connection) {
      deed.on(connection);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Ends or cancels whatever the database's owner has running: Pawl, and the tools too. */
  static void signal(Database database, String function, boolean activeOnly) throws SQLException {
    as(
        database.connectAsSuperuser(),
        c ->
            execute(
                c,
                "SELECT %s(pid) FROM pg_stat_activity WHERE usename = '%s'%s"
                    .formatted(
                        function, database.name(), activeOnly ? " AND state = 'active'" : "")));
  }

  private static Optional<String> table(Connection connection, String stream, int pick)
      throws SQLException {
    var tables = new ArrayList<String>();
    try (var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname ~ '^"
                    + stream
                    + "_t[0-9]+$' ORDER BY oid")) {
      while (rows.next()) {
        tables.add(rows.getString(1));
      }
    }
    return tables.isEmpty() ? Optional.empty() : Optional.of(tables.get(pick % tables.size()));
  }

  static void holdLock(Database database, String stream, int pick, int millis) throws SQLException {
    as(
        database.connect(),
        c -> {
          var table = table(c, stream, pick);
          if (table.isPresent()) {
            c.setAutoCommit(false);
            execute(c, "SET LOCAL lock_timeout = '10s'");
            execute(c, "LOCK TABLE " + table.get() + " IN ACCESS EXCLUSIVE MODE");
            Threads.pause(millis);
            c.rollback();
          }
        });
  }

  static void holdSnapshot(Database database, int millis) throws SQLException {
    as(
        database.connect(),
        c -> {
          c.setAutoCommit(false);
          execute(c, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
          execute(c, "SELECT count(*) FROM pg_class");
          Threads.pause(millis);
          c.rollback();
        });
  }

  static void fillConnections(Database database, int millis) {
    var taken = new ArrayList<Connection>();
    try {
      while (taken.size() < MOST_CONNECTIONS) {
        taken.add(database.connect());
      }
    } catch (IllegalStateException e) {
      // Now there is none left.
    }
    Threads.pause(millis);
    for (var connection : taken) {
      try {
        connection.close();
      } catch (SQLException e) {
        // It was closed already.
      }
    }
  }

  /**
   * Copies rows of a table under other ids, so that every other key is there twice: of one that a
   * unique index will be built on, where one will.
   */
  static void duplicate(Stream stream, int pick) throws SQLException {
    as(
        stream.namespace().database().connect(),
        c -> {
          var table =
              buildsToCome(stream).stream()
                  .filter(sql -> sql.startsWith("CREATE UNIQUE"))
                  .map(sql -> sql.replaceFirst(".* ON (\\S+) .*", "$1"))
                  .findFirst();
          if (table.isEmpty()) {
            table = table(c, stream.name(), pick);
          }
          if (table.isPresent()) {
            execute(
                c,
                """
                DO $$
                DECLARE names text;
                BEGIN
                  SELECT string_agg(quote_ident(attname), ',') INTO names FROM pg_attribute
                  WHERE attrelid = '%1$s'::regclass AND attnum > 0 AND NOT attisdropped
                    AND attname <> 'id';
                  EXECUTE 'INSERT INTO %1$s (id,' || names || ') SELECT id + %2$d,' || names
                    || ' FROM %1$s WHERE id <= 2';
                END $$\
                """
                    .formatted(table.get(), History.FOREIGN_ID));
          }
        });
  }

  /** Takes all duplicates of a stream away again. */
  static void mendDuplicates(Database database, String stream) throws SQLException {
    as(
        database.connect(),
        c -> {
          for (int pick = 0; ; pick++) {
            var table = table(c, stream, pick);
            if (table.isEmpty() || pick > 0 && table.equals(table(c, stream, 0))) {
              return;
            }
            execute(c, "DELETE FROM " + table.get() + " WHERE id >= " + History.FOREIGN_ID);
          }
        });
  }

  /** The builds of indexes that a history still has before it, in order. */
  static List<String> buildsToCome(Stream stream) {
    var versions = new ArrayList<>(stream.history().versions());
    versions.addAll(stream.history().ahead());
    return versions.stream()
        .flatMap(v -> v.steps().stream())
        .filter(s -> s.proof() instanceof History.Proof.Valid)
        .filter(s -> stream.track().verified(s.id()).isEmpty())
        .map(History.Step::sql)
        .toList();
  }

  /** Runs an index build as a tool would that knows of no other. */
  static void naiveTool(Database database, String sql) throws SQLException {
    var careful =
        sql.contains("IF NOT EXISTS")
            ? sql
            : sql.replace("CONCURRENTLY ", "CONCURRENTLY IF NOT EXISTS ");
    as(database.connect(), c -> execute(c, careful));
  }

  /** Begins an index build and breaks it off after so long. */
  static void brokenBuild(Database database, String sql, int millis) throws SQLException {
    as(
        database.connect(),
        c -> {
          execute(c, "SET statement_timeout = " + millis);
          execute(c, sql);
        });
  }
}
