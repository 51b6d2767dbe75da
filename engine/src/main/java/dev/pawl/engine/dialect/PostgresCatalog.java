package dev.pawl.engine.dialect;

import dev.pawl.engine.change.CreateMaterializedView;
import dev.pawl.engine.change.CreateObject;
import dev.pawl.engine.change.CreateTable;
import dev.pawl.engine.change.DetachPartition;
import dev.pawl.engine.change.DropObject;
import dev.pawl.engine.change.Rename;
import dev.pawl.engine.change.SetSchema;
import dev.pawl.engine.sql.QualifiedName;
import dev.pawl.engine.verify.Observation;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** How PostgreSQL's catalog shows tables, views, partitions, and what is gone. */
final class PostgresCatalog {
  private static final Map<String, List<String>> RELATIONS =
      Map.of(
          "SEQUENCE", List.of("S"),
          "VIEW", List.of("v"),
          "FOREIGN TABLE", List.of("f"),
          "TABLE", List.of("r", "p", "f"));

  private final PostgresColumns columns;
  private final PostgresConstraints constraints;

  PostgresCatalog(PostgresColumns columns, PostgresConstraints constraints) {
    this.columns = columns;
    this.constraints = constraints;
  }

  /** It may have more than it was created with: later migrations add to it. */
  Observation tableCreated(Connection connection, CreateTable change) throws SQLException {
    var there = table(connection, change.table());
    if (!(there instanceof Observation.Valid)) {
      return there;
    }
    if (change.partitionOf().isPresent() && !isPartition(connection, change)) {
      return new Observation.Different(
          "table "
              + change.table()
              + " is there, but is no partition of "
              + change.partitionOf().get());
    }
    for (var column : change.columns()) {
      var observed = columns.added(connection, column);
      if (!(observed instanceof Observation.Valid)) {
        return part(change, "column " + column.column(), observed);
      }
    }
    for (var constraint : change.constraints()) {
      var observed = constraints.added(connection, constraint);
      if (!(observed instanceof Observation.Valid)) {
        var name = constraint.name().map(n -> "constraint " + n).orElse(constraint.body());
        return part(change, name, observed);
      }
    }
    return there;
  }

  Observation table(Connection connection, QualifiedName name) throws SQLException {
    return relation(connection, name, "TABLE");
  }

  private static boolean isPartition(Connection connection, CreateTable change)
      throws SQLException {
    return Query.first(
            connection,
            """
            SELECT 1 FROM pg_catalog.pg_inherits
             WHERE inhrelid = pg_catalog.to_regclass(?) AND inhparent = pg_catalog.to_regclass(?)
            """,
            change.table().quoted(),
            change.partitionOf().orElseThrow().quoted())
        .isPresent();
  }

  private static Observation part(CreateTable change, String part, Observation observed) {
    return observed instanceof Observation.Absent
        ? new Observation.Different(
            "table " + change.table() + " is there, but without what is asked for: " + part)
        : observed;
  }

  private static Observation relation(Connection connection, QualifiedName name, String kind)
      throws SQLException {
    var found =
        Query.first(
            connection,
            "SELECT relkind::text FROM pg_catalog.pg_class WHERE oid = pg_catalog.to_regclass(?)",
            name.quoted());
    if (found.isEmpty()) {
      return new Observation.Absent();
    }
    return RELATIONS.get(kind).contains(found.get().getFirst())
        ? new Observation.Valid()
        : new Observation.Different(
            name + " is there, but is not a " + kind.toLowerCase(Locale.ROOT));
  }

  Observation objectCreated(Connection connection, CreateObject change) throws SQLException {
    return switch (change.kind()) {
      case "SCHEMA" -> doneIf(exists(connection, "to_regnamespace", change.name()));
      case "SEQUENCE", "VIEW", "FOREIGN TABLE" ->
          relation(connection, change.name(), change.kind());
      default -> new Observation.Unobservable();
    };
  }

  private static Observation doneIf(boolean so) {
    return so ? new Observation.Valid() : new Observation.Absent();
  }

  private static boolean exists(Connection connection, String lookup, QualifiedName name)
      throws SQLException {
    return Query.first(
            connection, "SELECT 1 WHERE pg_catalog." + lookup + "(?) IS NOT NULL", name.quoted())
        .isPresent();
  }

  Observation renamed(Connection connection, Rename change) throws SQLException {
    var from = change.from();
    return switch (change.kind()) {
      case TABLE, INDEX, VIEW, MATERIALIZED_VIEW, SEQUENCE, FOREIGN_TABLE ->
          moved(connection, "to_regclass", from, from.sibling(change.to()));
      case TYPE -> moved(connection, "to_regtype", from, from.sibling(change.to()));
      case SCHEMA -> moved(connection, "to_regnamespace", from, from.sibling(change.to()));
      case COLUMN ->
          renamed(
              columns.gone(connection, change.in().orElseThrow(), from.name()),
              columns.gone(connection, change.in().orElseThrow(), change.to()));
      case CONSTRAINT ->
          renamed(
              constraints.gone(connection, change.in().orElseThrow(), from.name()),
              constraints.gone(connection, change.in().orElseThrow(), change.to()));
      case LABEL -> {
        var labels = PostgresTypes.labels(connection, change.in().orElseThrow());
        yield doneIf(!labels.contains(from.name()) && labels.contains(change.to()));
      }
    };
  }

  private static Observation renamed(Observation oldGone, Observation newGone) {
    return doneIf(oldGone instanceof Observation.Valid && !(newGone instanceof Observation.Valid));
  }

  private static Observation moved(
      Connection connection, String lookup, QualifiedName from, QualifiedName to)
      throws SQLException {
    return doneIf(!exists(connection, lookup, from) && exists(connection, lookup, to));
  }

  /** Without its schema, the old name may mean another now. */
  Observation schemaSet(Connection connection, SetSchema change) throws SQLException {
    var lookup = change.kind() == Rename.Kind.TYPE ? "to_regtype" : "to_regclass";
    var to = QualifiedName.of(change.schema(), change.object().name());
    return change.object().schema().isPresent()
            && !change.object().schema().get().equals(change.schema())
        ? moved(connection, lookup, change.object(), to)
        : doneIf(exists(connection, lookup, to));
  }

  Observation relationsGone(Connection connection, List<QualifiedName> names) throws SQLException {
    for (var name : names) {
      if (PostgresIndexes.relation(connection, name).isPresent()) {
        return new Observation.Absent();
      }
    }
    return new Observation.Valid();
  }

  Observation viewPopulated(Connection connection, CreateMaterializedView change)
      throws SQLException {
    var found =
        Query.first(
            connection,
            """
            SELECT relkind::text, relispopulated, pg_catalog.pg_get_viewdef(oid)
              FROM pg_catalog.pg_class WHERE oid = pg_catalog.to_regclass(?)
            """,
            change.view().quoted());
    if (found.isEmpty()) {
      return new Observation.Absent();
    }
    if (!found.get().getFirst().equals("m")) {
      return new Observation.Different(change.view() + " is there, but is not a materialized view");
    }
    var query = found.get().get(2);
    var compared =
        Probe.compare(
            "materialized view " + change.view(),
            query,
            new Definition(Map.of("query", query)),
            () ->
                Probe.ask(
                    connection,
                    () ->
                        Definition.read(
                                connection,
                                "SELECT pg_catalog.pg_get_viewdef(pg_catalog.to_regclass(?)) AS"
                                    + " query",
                                "pg_temp.pawl_probe_view")
                            .orElseThrow(),
                    "CREATE TEMP VIEW pawl_probe_view " + change.body()));
    if (!(compared instanceof Observation.Valid)) {
      return compared;
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
      if (exists(connection, lookup, name)) {
        return new Observation.Absent();
      }
    }
    return new Observation.Valid();
  }

  Observation detached(Connection connection, DetachPartition change) throws SQLException {
    var table = PostgresIndexes.relation(connection, change.table());
    if (table.isEmpty() || !exists(connection, "to_regclass", change.partition())) {
      return new Observation.Absent(); // the statement will say that there is no such table
    }
    var found =
        Query.first(
            connection,
            """
            SELECT inhdetachpending FROM pg_catalog.pg_inherits
             WHERE inhparent = ?::oid AND inhrelid = pg_catalog.to_regclass(?)
            """,
            table.get(),
            change.partition().quoted());
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
    if (found.get().getFirst().equals("f")) {
      return new Observation.Absent();
    }
    var waiter = PostgresTables.waitsForTransactions(connection);
    return waiter.isPresent()
        ? new Observation.Building(
            OptionalInt.empty(),
            Optional.of(Integer.toString(waiter.get())),
            "the detaching of "
                + change.partition()
                + " is pending, and backend "
                + waiter.get()
                + " waits for older transactions to end")
        : new Observation.Invalid(
            "the detaching of " + change.partition() + " was interrupted and is pending");
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
