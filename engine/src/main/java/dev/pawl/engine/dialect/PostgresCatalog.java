package dev.pawl.engine.dialect;

import dev.pawl.engine.change.CreateMaterializedView;
import dev.pawl.engine.change.DetachPartition;
import dev.pawl.engine.change.DropObject;
import dev.pawl.engine.sql.QualifiedName;
import dev.pawl.engine.verify.Observation;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** How PostgreSQL's catalog shows tables, views, partitions, and what is gone. */
final class PostgresCatalog {
  Observation tableExists(Connection connection, QualifiedName table) throws SQLException {
    var kind =
        Query.first(
            connection,
            "SELECT relkind::text FROM pg_catalog.pg_class WHERE oid = pg_catalog.to_regclass(?)",
            table.quoted());
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
      var there =
          Query.first(
              connection, "SELECT 1 WHERE pg_catalog." + lookup + "(?) IS NOT NULL", name.quoted());
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
