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
import dev.pawl.engine.change.Rename;
import dev.pawl.engine.change.SchemaChange;
import dev.pawl.engine.change.SessionSetting;
import dev.pawl.engine.change.SetSchema;
import dev.pawl.engine.change.Truncate;
import dev.pawl.engine.change.Unclassified;
import dev.pawl.engine.change.ValidateConstraint;
import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.QualifiedName;
import dev.pawl.engine.verify.Observation;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * CockroachDB 22.1 and later; from its documentation and public source, and run only against a
 * model of it. A schema change is a job there: it goes on when its client is gone, so no object is
 * believed, present or absent, while a job that may concern it is unfinished. From 26.1 on catalog
 * views may show an old version of an object until the leases on it have drained; a job ends after
 * that.
 */
final class CockroachDialect implements Dialect {
  @Override
  public DatabaseKind kind() {
    return DatabaseKind.COCKROACHDB;
  }

  @Override
  public Verdict verdict(SQLException error, boolean transactional, int before) {
    return SqlStates.cockroach(error, transactional, before);
  }

  @Override
  public Optional<String> before(Connection connection, SchemaChange change) throws SQLException {
    boolean note =
        change instanceof Truncate
            || change instanceof RefreshMaterializedView
            || look(connection, change, new CockroachOrigin(false, Optional.empty()))
                instanceof Observation.Absent;
    return note
        ? Query.first(
                connection, "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::int8::text")
            .flatMap(now -> CockroachOrigin.note(now.getFirst(), change))
        : Optional.empty();
  }

  @Override
  public Observation observe(Connection connection, SchemaChange change, Optional<String> before)
      throws SQLException {
    return observe(connection, change, new CockroachOrigin(false, before));
  }

  @Override
  public Observation observeVerified(
      Connection connection, SchemaChange change, Optional<String> before) throws SQLException {
    return observe(connection, change, new CockroachOrigin(true, before));
  }

  private static Observation observe(
      Connection connection, SchemaChange change, CockroachOrigin origin) throws SQLException {
    if (isSynchronous(change)) {
      return new Observation.Unobservable();
    }
    var names = CockroachNames.of(change);
    var job = CockroachJobs.unfinished(connection, names);
    if (job.isPresent()) {
      return job.get().building();
    }
    CockroachCatalog.demandOne(connection, names);
    var seen = look(connection, change, origin);
    if (!(seen instanceof Observation.Valid)) {
      CockroachJobs.refuseHalfDone(connection, names);
    }
    return seen;
  }

  /** Has no job, or none that could be told from others by a name. */
  private static boolean isSynchronous(SchemaChange change) {
    return switch (change) {
      case Dml _, Maintenance _, OtherDdl _, Procedural _, SessionSetting _, Unclassified _ -> true;
      default -> false;
    };
  }

  static Observation look(Connection connection, SchemaChange change, CockroachOrigin origin)
      throws SQLException {
    return switch (change) {
      case CreateIndex c -> CockroachIndexes.created(connection, c, origin);
      case DropIndex c -> CockroachIndexes.dropped(connection, c);
      case AlterPrimaryKey c -> CockroachIndexes.primaryKey(connection, c, origin);
      case AddConstraint c -> CockroachConstraints.added(connection, c, origin);
      case ValidateConstraint c -> CockroachConstraints.validated(connection, c);
      case DropConstraint c -> CockroachConstraints.dropped(connection, c);
      case AddColumn c -> CockroachColumns.added(connection, c, origin);
      case DropColumn c -> CockroachColumns.dropped(connection, c);
      case AlterColumn c -> CockroachColumns.altered(connection, c);
      case CreateTable c -> CockroachObjects.tableCreated(connection, c, origin);
      case CreateMaterializedView c -> CockroachObjects.viewCreated(connection, c, origin);
      case CreateType c -> CockroachObjects.typeCreated(connection, c, origin);
      case AddEnumValue c -> CockroachObjects.labelAdded(connection, c);
      case DropTable c -> CockroachObjects.tablesDropped(connection, c);
      case DropObject c -> CockroachObjects.dropped(connection, c);
      case CreateObject c -> CockroachObjects.objectCreated(connection, c, origin);
      case Rename c -> CockroachRenames.renamed(connection, c, origin.noted(c));
      case SetSchema c -> CockroachRenames.moved(connection, c, origin.noted(c));
      case Truncate c -> rowsChanged(connection, c, "TRUNCATE", origin);
      case RefreshMaterializedView c -> rowsChanged(connection, c, "REFRESH", origin);
      default -> new Observation.Unobservable();
    };
  }

  /** Nothing in the catalog tells of it: only a job of the time after it was sent. */
  private static Observation rowsChanged(
      Connection connection, SchemaChange change, String verb, CockroachOrigin origin)
      throws SQLException {
    var sent = origin.sentAt(change);
    if (sent.isEmpty()) {
      return new Observation.Unobservable();
    }
    return CockroachJobs.latest(connection, CockroachNames.of(change), verb, sent.getAsLong())
        .map(job -> done(job.status().equals("succeeded")))
        .orElseGet(Observation.Unobservable::new);
  }

  static Observation done(boolean done) {
    return done ? new Observation.Valid() : new Observation.Absent();
  }

  /**
   * It is there, and whether it is as the author asked cannot be told from the texts. It is what
   * was asked for if it was absent when its statement was sent and a job of this role's has made it
   * since. If there is no job, or the statement would not pass over another's, then the statement's
   * own answer tells; else only a person can.
   *
   * @param passesOver it says IF NOT EXISTS
   */
  static Observation untold(
      Connection connection,
      SchemaChange change,
      CockroachOrigin origin,
      boolean passesOver,
      String shown)
      throws SQLException {
    var sent = origin.sentAt(change);
    if (origin.verified() && sent.isEmpty()) {
      return new Observation.Unobservable();
    }
    if (sent.isPresent()) {
      if (madeByOwnJob(connection, change, sent.getAsLong())) {
        return new Observation.Valid();
      }
      // The older schema changer passes over an index without a word (pkg/sql/create_index.go).
      if (!(change instanceof CreateIndex) || !passesOver || origin.verified()) {
        return new Observation.Unobservable();
      }
    }
    return !passesOver
        ? new Observation.Unobservable()
        : new Observation.Different(
            shown + ", and Pawl cannot tell whether that is what is asked for");
  }

  private static boolean madeByOwnJob(Connection connection, SchemaChange change, long sent)
      throws SQLException {
    var verb =
        switch (change) {
          case AddConstraint _, AddColumn _ -> "ADD";
          default -> "CREATE";
        };
    return CockroachJobs.latest(connection, CockroachNames.of(change), verb, sent)
        .filter(job -> job.mine() && job.status().equals("succeeded"))
        .filter(job -> names(job.description(), change))
        .isPresent();
  }

  /** Whether a job on the table is about this part of it. */
  private static boolean names(String description, SchemaChange change) {
    var part =
        switch (change) {
          case AddColumn c -> Optional.of(c.column());
          case CreateIndex c -> c.name();
          case AddConstraint c -> c.name();
          default -> Optional.<String>empty();
        };
    return part.isEmpty()
        || CockroachText.words(description)
            .containsAll(CockroachText.words(QualifiedName.quote(part.get())));
  }

  /**
   * A notice has the code of success, whatever it says (pkg/sql/pgwire/pgnotice): "relation "t"
   * already exists, skipping".
   */
  @Override
  public boolean passedOver(List<String> notices) {
    return notices.stream().anyMatch(n -> n.endsWith(" already exists, skipping"));
  }

  @Override
  public Optional<String> predicate(SchemaChange change) {
    return CockroachPredicates.of(change);
  }

  @Override
  public Optional<Observation.Building> progress(Connection connection, int backend)
      throws SQLException {
    return CockroachJobs.mine(connection);
  }

  @Override
  public Optional<String> inUse(Connection connection, SchemaChange change) {
    return Optional.empty(); // its schema changes queue
  }

  /** A statement that is cut leaves its job at work: nothing is harmed, and nothing is gained. */
  @Override
  public List<String> mustNotCut(SchemaChange change, boolean repair) {
    return List.of("statement_timeout", "transaction_timeout");
  }

  @Override
  public String repair(Connection connection, SchemaChange change) throws SQLException {
    if (change instanceof AddConstraint constraint) {
      return CockroachConstraints.validate(connection, constraint);
    }
    throw new IllegalStateException("never invalid on CockroachDB: " + change.describe());
  }

  @Override
  public Optional<String> blindness(Connection connection) throws SQLException {
    return CockroachJobs.invisible(connection);
  }

  /** CockroachDB reverts what failed, by the same job. */
  @Override
  public void removeLeftover(Connection connection, SchemaChange change) {}
}
