package dev.pawl.engine.dialect;

import dev.pawl.engine.change.AddColumn;
import dev.pawl.engine.change.AddConstraint;
import dev.pawl.engine.change.AddEnumValue;
import dev.pawl.engine.change.AlterColumn;
import dev.pawl.engine.change.CreateMaterializedView;
import dev.pawl.engine.change.CreateType;
import dev.pawl.engine.change.DetachPartition;
import dev.pawl.engine.change.DropObject;
import dev.pawl.engine.change.ValidateConstraint;
import dev.pawl.engine.sql.QualifiedName;
import dev.pawl.engine.verify.Observation;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** How PostgreSQL's catalog shows everything but indexes. */
final class PostgresCatalog {
  /** Sets the parameters of a query. */
  private interface Binder {
    void bind(PreparedStatement statement) throws SQLException;
  }

  /** The first row as texts, or empty. */
  private static Optional<List<String>> first(Connection connection, String sql, Binder binder)
      throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      binder.bind(statement);
      try (var rows = statement.executeQuery()) {
        if (!rows.next()) {
          return Optional.empty();
        }
        var values = new ArrayList<String>();
        for (int k = 1; k <= rows.getMetaData().getColumnCount(); k++) {
          values.add(rows.getString(k));
        }
        return Optional.of(values);
      }
    }
  }

  private static Observation presentOrAbsent(boolean present) {
    return present ? new Observation.Valid() : new Observation.Absent();
  }

  Observation tableExists(Connection connection, QualifiedName table) throws SQLException {
    var kind =
        first(
            connection,
            "SELECT relkind::text FROM pg_catalog.pg_class WHERE oid = pg_catalog.to_regclass(?)",
            s -> s.setString(1, table.quoted()));
    if (kind.isEmpty()) {
      return new Observation.Absent();
    }
    return List.of("r", "p", "f").contains(kind.get().getFirst())
        ? new Observation.Valid()
        : new Observation.Different(table + " is there, but is not a table");
  }

  Observation relationsGone(Connection connection, List<QualifiedName> names) throws SQLException {
    for (var name : names) {
      if (PostgresIndexes.relation(connection, name).isPresent()) {
        return new Observation.Absent();
      }
    }
    return new Observation.Valid();
  }

  private Optional<List<String>> column(Connection connection, QualifiedName table, String column)
      throws SQLException {
    return first(
        connection,
        """
        SELECT pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull
          FROM pg_catalog.pg_attribute a
         WHERE a.attrelid = pg_catalog.to_regclass(?) AND a.attname = ?::text::name AND NOT a.attisdropped
        """,
        s -> {
          s.setString(1, table.quoted());
          s.setString(2, column);
        });
  }

  Observation columnAdded(Connection connection, AddColumn change) throws SQLException {
    var found = column(connection, change.table(), change.column());
    if (found.isEmpty()) {
      return new Observation.Absent();
    }
    var type = found.get().getFirst();
    var wanted = canonicalType(connection, change.type());
    // serial and its like are words of the parser, not types: presence is all that can be compared.
    if (wanted.isPresent() && !wanted.get().equals(type)) {
      return new Observation.Different(
          "column " + change.table() + "." + change.column() + " is there, of type " + type);
    }
    if (change.notNull() && !found.get().get(1).equals("t")) {
      return new Observation.Different(
          "column " + change.table() + "." + change.column() + " is there, and allows NULL");
    }
    return new Observation.Valid();
  }

  /** A type as the server spells it, with its modifier; empty where the words name no type. */
  private Optional<String> canonicalType(Connection connection, String type) throws SQLException {
    try {
      return Probe.ask(
          connection,
          () ->
              column(connection, QualifiedName.of("pg_temp", "pawl_probe"), "c")
                  .map(List::getFirst),
          "CREATE TEMP TABLE pawl_probe (c " + type + ") ON COMMIT DROP");
    } catch (SQLException e) {
      if (SqlStates.state(e).startsWith("42") && !SqlStates.state(e).equals("42501")) {
        return Optional.empty();
      }
      throw e;
    }
  }

  Observation columnGone(Connection connection, QualifiedName table, String column)
      throws SQLException {
    return presentOrAbsent(column(connection, table, column).isEmpty());
  }

  Observation columnAltered(Connection connection, AlterColumn change) throws SQLException {
    var found = column(connection, change.table(), change.column());
    return switch (change.action()) {
      case SET_NOT_NULL ->
          presentOrAbsent(
              found.isPresent()
                  && found.get().get(1).equals("t")
                  && unvalidatedNotNull(connection, change.table(), change.column()).isEmpty());
      case DROP_NOT_NULL -> presentOrAbsent(found.isPresent() && found.get().get(1).equals("f"));
      case SET_TYPE -> {
        var wanted = canonicalType(connection, change.detail().orElse(""));
        yield wanted.isEmpty()
            ? new Observation.Unobservable()
            : presentOrAbsent(found.isPresent() && found.get().getFirst().equals(wanted.get()));
      }
      case RENAME -> presentOrAbsent(found.isEmpty());
      case SET_DEFAULT, DROP_DEFAULT, OTHER -> new Observation.Unobservable();
    };
  }

  /**
   * From PostgreSQL 18, NOT NULL … NOT VALID shows attnotnull although rows with NULL are there.
   */
  private Optional<List<String>> unvalidatedNotNull(
      Connection connection, QualifiedName table, String column) throws SQLException {
    return first(
        connection,
        """
        SELECT c.conname FROM pg_catalog.pg_constraint c
          JOIN pg_catalog.pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
         WHERE c.conrelid = pg_catalog.to_regclass(?) AND c.contype = 'n'
           AND NOT c.convalidated AND a.attname = ?::text::name
        """,
        s -> {
          s.setString(1, table.quoted());
          s.setString(2, column);
        });
  }

  private Optional<List<String>> constraint(Connection connection, QualifiedName table, String name)
      throws SQLException {
    return first(
        connection,
        """
        SELECT c.contype::text, c.convalidated, coalesce(i.indisvalid AND i.indisready, true),
               pg_catalog.pg_get_constraintdef(c.oid)
          FROM pg_catalog.pg_constraint c
          LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.conindid AND c.contype IN ('p','u','x')
         WHERE c.conrelid = pg_catalog.to_regclass(?) AND c.conname = ?::text::name
        """,
        s -> {
          s.setString(1, table.quoted());
          s.setString(2, name);
        });
  }

  Observation constraintAdded(Connection connection, AddConstraint change) throws SQLException {
    if (change.name().isEmpty()) {
      return new Observation.Unobservable();
    }
    var found = constraint(connection, change.table(), change.name().get());
    if (found.isEmpty()) {
      return new Observation.Absent();
    }
    var kind =
        switch (change.kind()) {
          case CHECK -> "c";
          case FOREIGN_KEY -> "f";
          case UNIQUE -> "u";
          case PRIMARY_KEY -> "p";
          case EXCLUDE -> "x";
          case NOT_NULL -> "n";
        };
    if (!found.get().getFirst().equals(kind)) {
      return new Observation.Different(
          "constraint "
              + change.name().get()
              + " on "
              + change.table()
              + " is there, defined as: "
              + found.get().get(3));
    }
    boolean validated = found.get().get(1).equals("t") || change.notValid() || change.notEnforced();
    return validated && found.get().get(2).equals("t")
        ? new Observation.Valid()
        : new Observation.Invalid(
            "constraint " + change.name().get() + " on " + change.table() + " is not validated");
  }

  Observation constraintValidated(Connection connection, ValidateConstraint change)
      throws SQLException {
    var found = constraint(connection, change.table(), change.name());
    return presentOrAbsent(found.isPresent() && found.get().get(1).equals("t"));
  }

  Observation constraintGone(Connection connection, QualifiedName table, String name)
      throws SQLException {
    return presentOrAbsent(constraint(connection, table, name).isEmpty());
  }

  Observation typeExists(Connection connection, CreateType change) throws SQLException {
    var found =
        first(
            connection,
            """
            SELECT t.typtype::text,
                   (SELECT string_agg(e.enumlabel, E'\\x1f') FROM pg_catalog.pg_enum e
                     WHERE e.enumtypid = t.oid)
              FROM pg_catalog.pg_type t WHERE t.oid = pg_catalog.to_regtype(?)
            """,
            s -> s.setString(1, change.type().quoted()));
    if (found.isEmpty()) {
      return new Observation.Absent();
    }
    var labels = found.get().get(1);
    var there = labels == null ? List.of() : List.of(labels.split("\u001f", -1));
    return there.containsAll(change.labels())
        ? new Observation.Valid()
        : new Observation.Different("type " + change.type() + " is there, with labels " + there);
  }

  Observation enumValueExists(Connection connection, AddEnumValue change) throws SQLException {
    return presentOrAbsent(
        first(
                connection,
                """
                SELECT 1 FROM pg_catalog.pg_enum
                 WHERE enumtypid = pg_catalog.to_regtype(?) AND enumlabel = ?
                """,
                s -> {
                  s.setString(1, change.type().quoted());
                  s.setString(2, change.label());
                })
            .isPresent());
  }

  Observation viewPopulated(Connection connection, CreateMaterializedView change)
      throws SQLException {
    var found =
        first(
            connection,
            """
            SELECT relkind::text, relispopulated FROM pg_catalog.pg_class
             WHERE oid = pg_catalog.to_regclass(?)
            """,
            s -> s.setString(1, change.view().quoted()));
    if (found.isEmpty()) {
      return new Observation.Absent();
    }
    if (!found.get().getFirst().equals("m")) {
      return new Observation.Different(change.view() + " is there, but is not a materialized view");
    }
    return change.withNoData() || found.get().get(1).equals("t")
        ? new Observation.Valid()
        : new Observation.Invalid("materialized view " + change.view() + " has no data");
  }

  Observation objectsGone(Connection connection, DropObject change) throws SQLException {
    var lookup =
        switch (change.kind()) {
          case "VIEW", "MATERIALIZED VIEW", "SEQUENCE", "FOREIGN TABLE" -> "to_regclass";
          case "TYPE", "DOMAIN" -> "to_regtype";
          case "SCHEMA" -> "to_regnamespace";
          default -> "";
        };
    if (lookup.isEmpty() || change.names().isEmpty()) {
      return new Observation.Unobservable();
    }
    for (var name : change.names()) {
      var there =
          first(
              connection,
              "SELECT 1 WHERE pg_catalog." + lookup + "(?) IS NOT NULL",
              s -> s.setString(1, name.quoted()));
      if (there.isPresent()) {
        return new Observation.Absent();
      }
    }
    return new Observation.Valid();
  }

  Observation detached(Connection connection, DetachPartition change) throws SQLException {
    var table = PostgresIndexes.relation(connection, change.table());
    if (table.isEmpty()) {
      return new Observation.Absent();
    }
    var found =
        first(
            connection,
            """
            SELECT inhdetachpending FROM pg_catalog.pg_inherits
             WHERE inhparent = ?::oid AND inhrelid = pg_catalog.to_regclass(?)
            """,
            s -> {
              s.setLong(1, table.get());
              s.setString(2, change.partition().quoted());
            });
    if (found.isEmpty()) {
      return new Observation.Valid();
    }
    var builder = PostgresIndexes.builder(connection, table.get());
    if (builder.isPresent()) {
      return new Observation.Building(
          OptionalInt.empty(),
          Optional.of(Integer.toString(builder.get())),
          "backend " + builder.get() + " works on " + change.table());
    }
    return found.get().getFirst().equals("t")
        ? new Observation.Invalid(
            "the detaching of " + change.partition() + " was interrupted and is pending")
        : new Observation.Absent();
  }

  String finalizeDetach(Connection connection, DetachPartition change) throws SQLException {
    PostgresIndexes.execute(
        connection,
        "ALTER TABLE "
            + change.table().quoted()
            + " DETACH PARTITION "
            + change.partition().quoted()
            + " FINALIZE");
    return "finalized the interrupted detaching of " + change.partition();
  }
}
