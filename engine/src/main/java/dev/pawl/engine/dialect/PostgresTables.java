package dev.pawl.engine.dialect;

import dev.pawl.engine.sql.QualifiedName;
import dev.pawl.engine.verify.Observation;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Which tables PostgreSQL means by a name, and who works on them. */
final class PostgresTables {
  /** A name's relation and all its partitions: {@code tree(oid)}. */
  static final String TREE =
      """
      WITH named AS (SELECT pg_catalog.to_regclass(?)::oid AS oid),
           tree AS (SELECT oid FROM named WHERE oid IS NOT NULL
                    UNION SELECT p.relid::oid FROM named,
                                 pg_catalog.pg_partition_tree(named.oid::regclass) p)
      """;

  /** The tables of a table or an index, partitions included; none where it is not there. */
  static List<Long> of(Connection connection, QualifiedName name) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            TREE
                + """
                SELECT DISTINCT coalesce(i.indrelid, tree.oid)::bigint
                  FROM tree LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = tree.oid
                """)) {
      statement.setString(1, name.quoted());
      try (var rows = statement.executeQuery()) {
        var all = new ArrayList<Long>();
        while (rows.next()) {
          all.add(rows.getLong(1));
        }
        return all;
      }
    }
  }

  /** As a literal of an array of oids. */
  static String array(List<Long> oids) {
    return "{" + String.join(",", oids.stream().map(String::valueOf).toList()) + "}";
  }

  /**
   * The process id of a backend that holds, on one of these tables, the lock every CONCURRENTLY
   * statement takes. Needs no privileges. VACUUM and ANALYZE take it too: waiting for them is
   * harmless.
   */
  static Optional<Integer> builder(Connection connection, List<Long> tables) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            SELECT l.pid FROM pg_catalog.pg_locks l
             WHERE l.locktype = 'relation' AND l.granted AND l.mode = 'ShareUpdateExclusiveLock'
               AND l.database = (SELECT oid FROM pg_catalog.pg_database
                                  WHERE datname = pg_catalog.current_database())
               AND l.relation = ANY (?::oid[]) AND l.pid <> pg_catalog.pg_backend_pid()
             ORDER BY l.pid LIMIT 1
            """)) {
      statement.setString(1, array(tables));
      try (var rows = statement.executeQuery()) {
        return rows.next() ? Optional.of(rows.getInt(1)) : Optional.empty();
      }
    }
  }

  /**
   * A backend of this database that waits for others' transactions to end. While it does, DETACH
   * PARTITION CONCURRENTLY holds no lock that tells of its table: which of them it is, if it is one
   * of them, cannot be seen without privileges.
   */
  static Optional<Integer> waitsForTransactions(Connection connection) throws SQLException {
    return Query.first(
            connection,
            """
            SELECT l.pid FROM pg_catalog.pg_locks l
              JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
             WHERE l.locktype = 'virtualxid' AND NOT l.granted
               AND a.datname = pg_catalog.current_database()
               AND l.pid <> pg_catalog.pg_backend_pid()
             ORDER BY l.pid LIMIT 1
            """)
        .map(List::getFirst)
        .map(Integer::valueOf);
  }

  /** Somebody at work, for a person. */
  static Observation.Building building(Connection connection, int backend, String what)
      throws SQLException {
    var progress = PostgresProgress.of(connection, backend);
    var detail = "backend " + backend + " " + what;
    return new Observation.Building(
        progress.map(Observation.Building::percent).orElse(OptionalInt.empty()),
        Optional.of(Integer.toString(backend)),
        progress.map(p -> detail + ": " + p.detail()).orElse(detail));
  }

  /**
   * Whether somebody else works on the tables of these tables and indexes. Asked without waiting: a
   * session that waited longer than deadlock_timeout beside a CONCURRENTLY build would get the
   * builder killed.
   *
   * @param partitions whether their partitions count as well
   */
  Optional<String> inUse(Connection connection, List<QualifiedName> names, boolean partitions)
      throws SQLException {
    for (var name : names) {
      var tables =
          partitions
              ? of(connection, name)
              : PostgresIndexes.relation(connection, name).stream().toList();
      var builder = builder(connection, tables);
      if (builder.isPresent()) {
        return Optional.of("backend " + builder.get() + " works on the table of " + name);
      }
      for (var table : tables) {
        if (locked(connection, table)) {
          return Optional.of("another session holds a lock on the table of " + name);
        }
      }
    }
    return Optional.empty();
  }

  /**
   * A last look before a repair, which would wait without end.
   *
   * @throws SQLException as a lock that is not to be had, where somebody works on the table
   */
  static void mustBeFree(Connection connection, long table) throws SQLException {
    var builder = builder(connection, List.of(table));
    if (builder.isPresent() || locked(connection, table)) {
      throw new SQLException("another session works on the table", "55P03");
    }
  }

  private static boolean locked(Connection connection, long table) throws SQLException {
    var name = PostgresIndexes.qualified(connection, table);
    if (name.isEmpty()) {
      return false;
    }
    connection.setAutoCommit(false);
    try (var statement = connection.createStatement()) {
      statement.execute(
          "LOCK TABLE ONLY " + name.get().quoted() + " IN SHARE UPDATE EXCLUSIVE MODE NOWAIT");
      return false;
    } catch (SQLException e) {
      return switch (SqlStates.state(e)) {
        case "55P03" -> true;
        // Gone meanwhile; or a materialized view, which cannot be locked by a statement.
        case "42P01", "42809" -> false;
        default -> throw e;
      };
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }
}
