package dev.pawl.engine.dialect;

import dev.pawl.engine.change.AddColumn;
import dev.pawl.engine.change.AddConstraint;
import dev.pawl.engine.change.AddEnumValue;
import dev.pawl.engine.change.AlterColumn;
import dev.pawl.engine.change.AlterPrimaryKey;
import dev.pawl.engine.change.CreateIndex;
import dev.pawl.engine.change.CreateMaterializedView;
import dev.pawl.engine.change.CreateObject;
import dev.pawl.engine.change.CreateTable;
import dev.pawl.engine.change.CreateType;
import dev.pawl.engine.change.DetachPartition;
import dev.pawl.engine.change.Dml;
import dev.pawl.engine.change.DropColumn;
import dev.pawl.engine.change.DropConstraint;
import dev.pawl.engine.change.DropIndex;
import dev.pawl.engine.change.DropObject;
import dev.pawl.engine.change.DropTable;
import dev.pawl.engine.change.Maintenance;
import dev.pawl.engine.change.OtherDdl;
import dev.pawl.engine.change.Procedural;
import dev.pawl.engine.change.RefreshMaterializedView;
import dev.pawl.engine.change.Reindex;
import dev.pawl.engine.change.Rename;
import dev.pawl.engine.change.SchemaChange;
import dev.pawl.engine.change.SessionSetting;
import dev.pawl.engine.change.SetSchema;
import dev.pawl.engine.change.Truncate;
import dev.pawl.engine.change.Unclassified;
import dev.pawl.engine.change.ValidateConstraint;
import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.verify.Observation;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** PostgreSQL 14 and later. What each predicate reads was tried on 15 and 18. */
final class PostgresDialect implements Dialect {
  private static final List<String> ALL_TIMEOUTS =
      List.of("lock_timeout", "statement_timeout", "transaction_timeout");

  private final PostgresTables tables = new PostgresTables();
  private final PostgresIndexes indexes = new PostgresIndexes();
  private final PostgresReindex reindex = new PostgresReindex();
  private final PostgresColumns columns = new PostgresColumns();
  private final PostgresConstraints constraints = new PostgresConstraints();
  private final PostgresTypes types = new PostgresTypes();
  private final PostgresCatalog catalog = new PostgresCatalog(columns, constraints);
  private final PostgresSkips skips = new PostgresSkips(catalog);

  @Override
  public DatabaseKind kind() {
    return DatabaseKind.POSTGRESQL;
  }

  @Override
  public Verdict verdict(SQLException error, boolean transactional, int before) {
    return SqlStates.postgres(error, transactional);
  }

  @Override
  public Optional<String> before(Connection connection, SchemaChange change) throws SQLException {
    return switch (change) {
      case Reindex c -> Optional.of(reindex.files(connection, c));
      case DropIndex c -> Optional.of(indexes.meant(connection, c));
      default -> Optional.empty();
    };
  }

  @Override
  public Observation observe(Connection connection, SchemaChange change, Optional<String> before)
      throws SQLException {
    return switch (change) {
      case CreateIndex c -> indexes.created(connection, c);
      case DropIndex c -> indexes.dropped(connection, c, before);
      case Reindex c -> reindex.reindexed(connection, c, before);
      case DetachPartition c -> catalog.detached(connection, c);
      case CreateTable c -> catalog.tableCreated(connection, c);
      case DropTable c -> catalog.relationsGone(connection, c.tables());
      case AddColumn c -> columns.added(connection, c);
      case DropColumn c -> columns.gone(connection, c.table(), c.column());
      case AlterColumn c -> columns.altered(connection, c);
      case AddConstraint c -> constraints.added(connection, c);
      case ValidateConstraint c -> constraints.validated(connection, c);
      case DropConstraint c -> constraints.gone(connection, c.table(), c.name());
      case CreateType c -> types.created(connection, c);
      case AddEnumValue c -> types.valueAdded(connection, c);
      case CreateMaterializedView c -> catalog.viewPopulated(connection, c);
      case DropObject c -> catalog.objectsGone(connection, c);
      case CreateObject c -> catalog.objectCreated(connection, c);
      case Rename c -> catalog.renamed(connection, c);
      case SetSchema c -> catalog.schemaSet(connection, c);
      case AlterPrimaryKey _,
          Dml _,
          Maintenance _,
          OtherDdl _,
          Procedural _,
          RefreshMaterializedView _,
          SessionSetting _,
          Truncate _,
          Unclassified _ ->
          new Observation.Unobservable();
    };
  }

  @Override
  public Observation passedOver(Connection connection, SchemaChange change) throws SQLException {
    return switch (change) {
      case CreateTable c -> skips.table(connection, c);
      case CreateObject c -> skips.object(connection, c);
      default -> observe(connection, change, Optional.empty());
    };
  }

  @Override
  public Optional<String> predicate(SchemaChange change) {
    return PostgresPredicates.of(change);
  }

  @Override
  public Optional<Observation.Building> progress(Connection connection, int backend)
      throws SQLException {
    return PostgresProgress.of(connection, backend);
  }

  @Override
  public Optional<String> inUse(Connection connection, SchemaChange change) throws SQLException {
    return switch (change) {
      case CreateIndex c -> tables.inUse(connection, List.of(c.table()), true);
      case DropIndex c -> tables.inUse(connection, c.indexes(), true);
      case DetachPartition c -> tables.inUse(connection, List.of(c.table(), c.partition()), false);
      case Reindex c ->
          tables.inUse(connection, c.target().stream().filter(_ -> named(c)).toList(), true);
      default -> Optional.empty();
    };
  }

  private static boolean named(Reindex change) {
    return change.kind() == Reindex.Kind.INDEX || change.kind() == Reindex.Kind.TABLE;
  }

  /** Another statement that is cut has done nothing, and waits for locks in small bites. */
  @Override
  public List<String> mustNotCut(SchemaChange change, boolean repair) {
    return switch (change) {
      case CreateIndex _, DropIndex _, Reindex _ -> ALL_TIMEOUTS;
      case DetachPartition _ -> repair ? List.of() : ALL_TIMEOUTS;
      case Maintenance _ -> List.of("statement_timeout", "transaction_timeout");
      default -> List.of();
    };
  }

  @Override
  public String repair(Connection connection, SchemaChange change) throws SQLException {
    return switch (change) {
      case CreateIndex c -> indexes.repair(connection, c);
      case Reindex c -> reindex.dropLeftovers(connection, c);
      case DetachPartition c -> catalog.finalizeDetach(connection, c);
      default -> throw new IllegalStateException("nothing to repair in: " + change.describe());
    };
  }

  @Override
  public void removeLeftover(Connection connection, SchemaChange change) throws SQLException {
    if (change instanceof CreateIndex index) {
      indexes.dropInvalid(connection, index);
    }
  }
}
