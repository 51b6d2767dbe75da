package dev.pawl.engine.ledger;

import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.Splitter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Looking for the ledger's tables and making them: what differs between databases. */
sealed interface Tables {
  /** The version that is there; empty where there is none, or one that is not complete. */
  Optional<Integer> version(Connection connection) throws SQLException;

  /** Makes what is missing. */
  void create(Connection connection) throws SQLException;

  static Tables of(DatabaseKind kind) {
    return switch (kind) {
      case POSTGRESQL -> new OnPostgres();
      case COCKROACHDB -> new OnCockroach();
    };
  }

  private static String resource(String name) {
    try (var in = Tables.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Integer> ask(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      return rows.next() ? Optional.of(rows.getInt(1)) : Optional.empty();
    }
  }

  /** All of it is one transaction. */
  record OnPostgres() implements Tables {
    @Override
    public Optional<Integer> version(Connection connection) throws SQLException {
      boolean there =
          ask(connection, "SELECT 1 WHERE pg_catalog.to_regclass('pawl.database') IS NOT NULL")
              .isPresent();
      return there
          ? ask(connection, "SELECT ledger_version FROM pawl.database").or(() -> Optional.of(0))
          : Optional.empty();
    }

    @Override
    public void create(Connection connection) throws SQLException {
      try (var statement = connection.createStatement()) {
        statement.setEscapeProcessing(false);
        try {
          // Only where it is missing: IF NOT EXISTS asks for the right to make it all the same.
          statement.execute(
              "BEGIN;DO $$BEGIN IF pg_catalog.to_regnamespace('pawl') IS NULL THEN"
                  + " CREATE SCHEMA pawl; END IF; END$$;"
                  + resource("postgresql.sql")
                  + ";COMMIT");
        } catch (SQLException e) {
          statement.execute("ROLLBACK");
          throw e;
        }
      }
    }
  }

  /**
   * Each statement is a schema change of its own, for a transaction would not make them one. The
   * version's row is the last, so a ledger that is half made counts as none and is completed.
   */
  record OnCockroach() implements Tables {
    private static final List<String> NOT_THERE = List.of("42P01", "3F000");

    /** The schema is asked for first: pawl.database may mean a database called pawl, too. */
    @Override
    public Optional<Integer> version(Connection connection) throws SQLException {
      if (ask(connection, SCHEMA).isEmpty()) {
        return Optional.empty();
      }
      try {
        return ask(connection, "SELECT ledger_version FROM pawl.database WHERE id = 1");
      } catch (SQLException e) {
        if (NOT_THERE.contains(e.getSQLState())) {
          return Optional.empty();
        }
        throw e;
      }
    }

    private static final String SCHEMA =
        "SELECT 1 FROM information_schema.schemata WHERE schema_name = 'pawl'";

    @Override
    public void create(Connection connection) throws SQLException {
      try (var statement = connection.createStatement()) {
        statement.setEscapeProcessing(false);
        if (ask(connection, SCHEMA).isEmpty()) {
          statement.execute("CREATE SCHEMA IF NOT EXISTS pawl");
        }
        for (var part : Splitter.split(resource("cockroachdb.sql"), DatabaseKind.COCKROACHDB)) {
          statement.execute(part.text());
        }
      }
    }
  }
}
