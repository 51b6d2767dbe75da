package dev.pawl.engine.ledger;

import dev.pawl.engine.plan.Step;
import dev.pawl.engine.sql.DatabaseKind;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The tables in the target database that remember, in schema {@code pawl}. */
public final class Ledger {
  /** The version of the tables this code reads and writes. */
  static final int VERSION = 1;

  private Ledger() {}

  /**
   * Whether there is a ledger, and all of it.
   *
   * @throws SQLException also for a ledger made by a later Pawl
   */
  public static boolean exists(Connection connection, DatabaseKind kind) throws SQLException {
    var version = Tables.of(kind).version(connection);
    if (version.isPresent() && version.get() > VERSION) {
      throw new SQLException(
          "the ledger in schema pawl has version "
              + version.get()
              + ", made by a later Pawl: use that one",
          "PW004");
    }
    return version.isPresent();
  }

  /**
   * Makes the ledger where it is missing. Two at once is harmless: one of them fails with 23505,
   * 42P06, 42P07 or an error that says to try again, and finds it made.
   */
  public static void create(Connection connection, DatabaseKind kind) throws SQLException {
    Tables.of(kind).create(connection);
  }

  /** All rows of a stream, in no particular order. */
  public static List<LedgerRow> rows(Connection connection, String stream) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            SELECT version, ordinal, file, kind, checksum, phase, epoch, attempts,
                   started_at, applied_at, verified_at, before, job, sqlstate, message
              FROM pawl.step WHERE stream = ?
            """)) {
      statement.setString(1, stream);
      return read(statement);
    }
  }

  /** One row, or empty. */
  public static Optional<LedgerRow> row(
      Connection connection, String stream, String version, int ordinal) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            SELECT version, ordinal, file, kind, checksum, phase, epoch, attempts,
                   started_at, applied_at, verified_at, before, job, sqlstate, message
              FROM pawl.step WHERE stream = ? AND version = ? AND ordinal = ?
            """)) {
      statement.setString(1, stream);
      statement.setString(2, version);
      statement.setInt(3, ordinal);
      return read(statement).stream().findFirst();
    }
  }

  private static List<LedgerRow> read(PreparedStatement statement) throws SQLException {
    try (var rows = statement.executeQuery()) {
      var all = new ArrayList<LedgerRow>();
      while (rows.next()) {
        all.add(
            new LedgerRow(
                rows.getString(1),
                rows.getInt(2),
                rows.getString(3),
                rows.getString(4),
                rows.getString(5),
                rows.getString(6),
                rows.getLong(7),
                rows.getInt(8),
                instant(rows, 9),
                instant(rows, 10),
                instant(rows, 11),
                Optional.ofNullable(rows.getString(12)),
                Optional.ofNullable(rows.getString(13)),
                Optional.ofNullable(rows.getString(14)),
                Optional.ofNullable(rows.getString(15))));
      }
      return all;
    }
  }

  private static Optional<Instant> instant(ResultSet rows, int column) throws SQLException {
    return Optional.ofNullable(rows.getTimestamp(column)).map(Timestamp::toInstant);
  }

  /** The names of the streams this database holds, in order. */
  public static List<String> streams(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var rows =
            statement.executeQuery("SELECT DISTINCT stream FROM pawl.step ORDER BY stream")) {
      var names = new ArrayList<String>();
      while (rows.next()) {
        names.add(rows.getString(1));
      }
      return names;
    }
  }

  /**
   * The digest of what a stream held when all of it was verified; empty if some of it is not.
   *
   * @param identity of the server; empty also where it was last observed on another
   */
  public static Optional<String> digest(Connection connection, String stream, String identity)
      throws SQLException {
    return text(
        connection,
        "SELECT digest FROM pawl.stream WHERE stream = ? AND identity = ?",
        stream,
        identity);
  }

  /** Inside a fenced transaction: remembers the digest, or with null forgets it. */
  public static void setDigest(Connection connection, String stream, String digest)
      throws SQLException {
    write(
        connection,
        """
        INSERT INTO pawl.stream (stream, digest) VALUES (?, ?)
        ON CONFLICT (stream) DO UPDATE SET digest = excluded.digest
        """,
        stream,
        digest);
  }

  /** The server and time line on which what is verified was last observed, if it was. */
  public static Optional<String> identity(Connection connection, String stream)
      throws SQLException {
    return text(connection, "SELECT identity FROM pawl.stream WHERE stream = ?", stream);
  }

  /** Inside a fenced transaction: remembers where what is verified has been observed. */
  public static void setIdentity(Connection connection, String stream, String identity)
      throws SQLException {
    write(
        connection,
        """
        INSERT INTO pawl.stream (stream, identity) VALUES (?, ?)
        ON CONFLICT (stream) DO UPDATE SET identity = excluded.identity
        """,
        stream,
        identity);
  }

  /** The one text of a query; empty where there is no row, or NULL. */
  private static Optional<String> text(Connection connection, String sql, String... parameters)
      throws SQLException {
    try (var statement = prepare(connection, sql, parameters);
        var rows = statement.executeQuery()) {
      return rows.next() ? Optional.ofNullable(rows.getString(1)) : Optional.empty();
    }
  }

  private static void write(Connection connection, String sql, String... parameters)
      throws SQLException {
    try (var statement = prepare(connection, sql, parameters)) {
      statement.executeUpdate();
    }
  }

  private static PreparedStatement prepare(Connection connection, String sql, String... parameters)
      throws SQLException {
    var statement = connection.prepareStatement(sql);
    for (int k = 0; k < parameters.length; k++) {
      statement.setString(k + 1, parameters[k]);
    }
    return statement;
  }

  /** Inside a fenced transaction: writes the rows of steps that have never been started. */
  public static void put(Connection connection, String stream, long epoch, List<Step> steps)
      throws SQLException {
    if (steps.isEmpty()) {
      return;
    }
    try (var statement =
        connection.prepareStatement(
            """
            INSERT INTO pawl.step AS s
                   (stream, version, ordinal, file, kind, checksum, raw_sha256, phase, epoch)
            SELECT ?, u.version, u.ordinal, u.file, u.kind, u.checksum, u.raw, 'Pending', ?
              FROM unnest(?::text[], ?::int[], ?::text[], ?::text[], ?::text[], ?::text[])
                   AS u (version, ordinal, file, kind, checksum, raw)
            ON CONFLICT (stream, version, ordinal) DO UPDATE
               SET file = excluded.file, kind = excluded.kind, checksum = excluded.checksum,
                   raw_sha256 = excluded.raw_sha256, phase = 'Pending', epoch = excluded.epoch,
                   before = NULL, job = NULL, started_at = NULL
             WHERE s.phase IN ('Pending', 'Failed') AND s.applied_at IS NULL
            """)) {
      statement.setString(1, stream);
      statement.setLong(2, epoch);
      statement.setArray(3, texts(connection, steps, s -> s.version().text()));
      statement.setArray(
          4, connection.createArrayOf("int4", steps.stream().map(Step::ordinal).toArray()));
      statement.setArray(5, texts(connection, steps, Step::file));
      statement.setArray(6, texts(connection, steps, Ledger::kind));
      statement.setArray(7, texts(connection, steps, Step::checksum));
      statement.setArray(8, texts(connection, steps, Step::rawSha256));
      statement.executeUpdate();
    }
  }

  /**
   * Inside a fenced transaction: takes away rows of steps that were never started and are no more.
   */
  public static void remove(Connection connection, String stream, List<LedgerRow> rows)
      throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            DELETE FROM pawl.step
             WHERE stream = ? AND version = ? AND ordinal = ?
               AND phase IN ('Pending', 'Failed') AND applied_at IS NULL
            """)) {
      for (var row : rows) {
        statement.setString(1, stream);
        statement.setString(2, row.version());
        statement.setInt(3, row.ordinal());
        statement.executeUpdate();
      }
    }
  }

  /** As the ledger spells a kind. */
  public static String kind(Step step) {
    return switch (step.kind()) {
      case TRANSACTION -> "transaction";
      case AUTOCOMMIT -> "autocommit";
    };
  }

  private static Array texts(Connection connection, List<Step> steps, Function<Step, String> field)
      throws SQLException {
    return connection.createArrayOf("text", steps.stream().map(field).toArray());
  }
}
