package dev.pawl.engine.dialect;

import dev.pawl.engine.change.Rename;
import dev.pawl.engine.change.SetSchema;
import dev.pawl.engine.sql.QualifiedName;
import dev.pawl.engine.verify.Observation;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Renames and moves on CockroachDB. That the new name is there and the old one is not shows that it
 * is done only where it was the other way round when the statement was sent.
 */
final class CockroachRenames {
  private CockroachRenames() {}

  static Observation renamed(Connection connection, Rename change, boolean absentBefore)
      throws SQLException {
    return moved(
        there(connection, change, change.from().name()),
        there(connection, change, change.to()),
        change.ifExists(),
        absentBefore,
        change.describe());
  }

  static Observation moved(Connection connection, SetSchema change, boolean absentBefore)
      throws SQLException {
    return moved(
        exists(connection, change.kind(), change.object()),
        exists(connection, change.kind(), target(change)),
        change.ifExists(),
        absentBefore,
        change.describe());
  }

  private static Observation moved(
      Optional<Boolean> from,
      Optional<Boolean> to,
      boolean ifExists,
      boolean absentBefore,
      String what) {
    if (from.isEmpty() || to.isEmpty()) {
      return new Observation.Unobservable();
    }
    if (from.get()) {
      return to.get()
          ? new Observation.Different("both names are there; asked for was to " + what)
          : new Observation.Absent();
    }
    if (to.get()) {
      return absentBefore ? new Observation.Valid() : new Observation.Unobservable();
    }
    return ifExists ? new Observation.Unobservable() : new Observation.Absent();
  }

  /** What a change is about, by its old and its new name. */
  static List<QualifiedName> names(Rename change) {
    var names = new ArrayList<QualifiedName>();
    change.in().ifPresent(names::add);
    if (change.in().isEmpty()) {
      names.add(change.from());
      names.add(change.from().sibling(change.to()));
    }
    return names;
  }

  static List<QualifiedName> names(SetSchema change) {
    return List.of(change.object(), target(change));
  }

  static QualifiedName target(SetSchema change) {
    return QualifiedName.of(change.schema(), change.object().name());
  }

  private static Optional<Boolean> there(Connection connection, Rename change, String name)
      throws SQLException {
    var in = change.in();
    return switch (change.kind()) {
      case COLUMN ->
          Optional.of(CockroachCatalog.column(connection, in.orElseThrow(), name).isPresent());
      case CONSTRAINT ->
          Optional.of(
              CockroachCatalog.constraints(connection, in.orElseThrow()).stream()
                  .anyMatch(c -> c.name().equals(name)));
      case LABEL ->
          Optional.of(CockroachCatalog.labels(connection, in.orElseThrow()).contains(name));
      case INDEX ->
          Optional.of(
              in.isPresent()
                  ? CockroachCatalog.indexes(connection, in.get()).contains(name)
                  : CockroachCatalog.indexExists(connection, change.from().sibling(name)));
      default -> exists(connection, change.kind(), change.from().sibling(name));
    };
  }

  private static Optional<Boolean> exists(
      Connection connection, Rename.Kind kind, QualifiedName name) throws SQLException {
    return switch (kind) {
      case TABLE, VIEW, MATERIALIZED_VIEW, SEQUENCE, FOREIGN_TABLE ->
          CockroachObjects.exists(connection, "VIEW", name);
      case TYPE -> CockroachObjects.exists(connection, "TYPE", name);
      case SCHEMA -> CockroachObjects.exists(connection, "SCHEMA", name);
      case INDEX, COLUMN, CONSTRAINT, LABEL -> Optional.empty();
    };
  }
}
