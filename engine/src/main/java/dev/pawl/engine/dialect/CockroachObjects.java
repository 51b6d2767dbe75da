package dev.pawl.engine.dialect;

import dev.pawl.engine.change.AddColumn;
import dev.pawl.engine.change.AddConstraint;
import dev.pawl.engine.change.AddEnumValue;
import dev.pawl.engine.change.CreateMaterializedView;
import dev.pawl.engine.change.CreateObject;
import dev.pawl.engine.change.CreateTable;
import dev.pawl.engine.change.CreateType;
import dev.pawl.engine.change.DropObject;
import dev.pawl.engine.change.DropTable;
import dev.pawl.engine.sql.QualifiedName;
import dev.pawl.engine.verify.Observation;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Optional;

/**
 * Tables, views, sequences, types and schemas on CockroachDB, made and dropped. A name is free when
 * it is in no catalog and no job of its drop is unfinished; what the drop leaves to be collected
 * after the TTL is not waited for.
 */
final class CockroachObjects {
  private CockroachObjects() {}

  static Observation tableCreated(Connection connection, CreateTable change, CockroachOrigin origin)
      throws SQLException {
    if (!CockroachCatalog.tableExists(connection, change.table())) {
      return new Observation.Absent();
    }
    var shown = "table " + change.table() + " is there already";
    boolean told = !change.columns().isEmpty();
    for (var part : change.parts()) {
      switch (CockroachDialect.look(connection, part, origin)) {
        case Observation.Valid _ -> {
          // As asked for.
        }
        case Observation.Different d -> {
          return new Observation.Different(shown + ": " + d.found());
        }
        case Observation.Unobservable _ -> told = false;
        default -> {
          return new Observation.Different(shown + ", and not so: " + part.describe());
        }
      }
    }
    if (origin.verified()) {
      return told ? new Observation.Valid() : new Observation.Unobservable();
    }
    if (origin.others()) {
      var more = more(connection, change);
      if (more.isPresent()) {
        return new Observation.Different(shown + ", " + more.get());
      }
    }
    var besides = CockroachClauses.ofTable(change);
    return told && besides.isEmpty()
        ? new Observation.Valid()
        : CockroachDialect.untold(
            connection,
            change,
            origin,
            change.ifNotExists(),
            shown + besides.map(b -> ", asked for with " + b).orElse(""));
  }

  /** What a table that was there before has besides, and must not have to be the one asked for. */
  private static Optional<String> more(Connection connection, CreateTable change)
      throws SQLException {
    if (change.asSelect()) {
      return Optional.empty();
    }
    var demanded = new ArrayList<>(CockroachCatalog.demandedColumns(connection, change.table()));
    demanded.removeAll(change.columns().stream().map(AddColumn::column).toList());
    if (!demanded.isEmpty()) {
      return Optional.of("with more columns: " + String.join(", ", demanded));
    }
    boolean keyed =
        change.constraints().stream().anyMatch(c -> c.kind() == AddConstraint.Kind.PRIMARY_KEY);
    return CockroachIndexes.primary(connection, change.table())
        .filter(key -> !keyed && !key.keys().getFirst().column().equals("rowid"))
        .map(key -> "with the primary key " + key);
  }

  static Observation objectCreated(
      Connection connection, CreateObject change, CockroachOrigin origin) throws SQLException {
    var there = exists(connection, change.kind(), change.name());
    if (there.isEmpty()) {
      return new Observation.Unobservable();
    }
    if (!there.get()) {
      return new Observation.Absent();
    }
    switch (change.kind()) {
      case "SEQUENCE", "VIEW" -> {
        var kind = change.kind().equals("SEQUENCE") ? "S" : "v";
        if (!CockroachCatalog.relationKind(connection, change.name()).equals(Optional.of(kind))) {
          return new Observation.Different(change.name() + " is there, and is something else");
        }
      }
      case "DATABASE", "SCHEMA" -> {
        if (change.options().isEmpty()) {
          return new Observation.Valid(); // its name is all there is to it
        }
      }
      default -> {
        // Only a person can tell.
      }
    }
    return CockroachDialect.untold(
        connection,
        change,
        origin,
        change.ifNotExists(),
        change.kind().toLowerCase(Locale.ROOT) + " " + change.name() + " is there already");
  }

  static Observation viewCreated(
      Connection connection, CreateMaterializedView change, CockroachOrigin origin)
      throws SQLException {
    if (CockroachCatalog.elsewhere(connection, change.view())) {
      return new Observation.Unobservable();
    }
    var kind = CockroachCatalog.relationKind(connection, change.view());
    if (kind.isEmpty()) {
      return new Observation.Absent();
    }
    if (!kind.get().equals("m")) {
      return new Observation.Different(change.view() + " is there, and is not a materialized view");
    }
    return CockroachDialect.untold(
        connection,
        change,
        origin,
        change.ifNotExists(),
        "materialized view " + change.view() + " is there already");
  }

  static Observation typeCreated(Connection connection, CreateType change, CockroachOrigin origin)
      throws SQLException {
    if (CockroachCatalog.elsewhere(connection, change.type())) {
      return new Observation.Unobservable();
    }
    if (!CockroachCatalog.typeExists(connection, change.type())) {
      return new Observation.Absent();
    }
    var labels = CockroachCatalog.labels(connection, change.type());
    if (change.labels().isEmpty()) {
      return CockroachDialect.untold(
          connection,
          change,
          origin,
          change.ifNotExists(),
          "type " + change.type() + " is there already");
    }
    var asked = new ArrayList<>(labels);
    if (!origin.others()) {
      asked.retainAll(change.labels()); // later migrations may have added others between them
    }
    if (!asked.equals(change.labels())) {
      return new Observation.Different(
          "type " + change.type() + " is there, with the labels " + String.join(", ", labels));
    }
    return usable(connection, change.type(), change.labels().getLast());
  }

  /**
   * ADD VALUE. Without BEFORE or AFTER it asks for no place: where IF NOT EXISTS passes over a
   * label that is there, the server promises no more than that it is (docs, "ALTER TYPE").
   */
  static Observation labelAdded(Connection connection, AddEnumValue change) throws SQLException {
    if (CockroachCatalog.elsewhere(connection, change.type())) {
      return new Observation.Unobservable();
    }
    var labels = CockroachCatalog.labels(connection, change.type());
    int place = labels.indexOf(change.label());
    if (place < 0) {
      return new Observation.Absent();
    }
    boolean there =
        change.before().map(b -> !labels.contains(b) || place < labels.indexOf(b)).orElse(true)
            && change
                .after()
                .map(a -> !labels.contains(a) || place > labels.indexOf(a))
                .orElse(true);
    return there
        ? usable(connection, change.type(), change.label())
        : new Observation.Different(
            "type "
                + change.type()
                + " has its labels in this order: "
                + String.join(", ", labels));
  }

  /** Listed and not usable, with no job at work on it: another has just begun. */
  private static Observation usable(Connection connection, QualifiedName type, String label)
      throws SQLException {
    return CockroachCatalog.labelIsUsable(connection, type, label)
        ? new Observation.Valid()
        : new Observation.Invalid("label " + label + " of type " + type + " cannot be used yet");
  }

  static Observation tablesDropped(Connection connection, DropTable change) throws SQLException {
    for (var table : change.tables()) {
      if (CockroachCatalog.tableExists(connection, table)) {
        return new Observation.Absent();
      }
    }
    return new Observation.Valid();
  }

  static Observation dropped(Connection connection, DropObject change) throws SQLException {
    for (var name : change.names()) {
      var there = exists(connection, change.kind(), name);
      if (there.isEmpty()) {
        return new Observation.Unobservable();
      }
      if (there.get()) {
        return new Observation.Absent();
      }
    }
    return change.names().isEmpty() ? new Observation.Unobservable() : new Observation.Valid();
  }

  /** Whether there is one of this name; empty where that cannot be seen. */
  static Optional<Boolean> exists(Connection connection, String kind, QualifiedName name)
      throws SQLException {
    boolean inSchema =
        switch (kind) {
          case "DATABASE", "ROLE", "USER" -> false;
          default -> true;
        };
    if (inSchema && CockroachCatalog.elsewhere(connection, name)) {
      return Optional.empty();
    }
    return switch (kind.toUpperCase(Locale.ROOT)) {
      case "VIEW", "MATERIALIZED VIEW", "SEQUENCE" ->
          // Refused to a role without rights on it, which the views would not show it to.
          Optional.of(
              CockroachCatalog.tableExists(connection, name)
                  || CockroachCatalog.relationKind(connection, name).isPresent());
      case "TYPE" -> Optional.of(CockroachCatalog.typeExists(connection, name));
      case "SCHEMA" ->
          name.parts().size() > 1
              ? Optional.empty()
              : Optional.of(CockroachCatalog.schemaExists(connection, name.name()));
      case "DATABASE" -> Optional.of(CockroachCatalog.databaseExists(connection, name.name()));
      case "ROLE", "USER" -> Optional.of(CockroachCatalog.roleExists(connection, name.name()));
      default -> Optional.empty();
    };
  }
}
