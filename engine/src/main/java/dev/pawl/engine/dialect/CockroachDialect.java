package dev.pawl.engine.dialect;

import dev.pawl.engine.change.AddColumn;
import dev.pawl.engine.change.AddConstraint;
import dev.pawl.engine.change.AddEnumValue;
import dev.pawl.engine.change.AlterColumn;
import dev.pawl.engine.change.AlterPrimaryKey;
import dev.pawl.engine.change.CreateIndex;
import dev.pawl.engine.change.CreateMaterializedView;
import dev.pawl.engine.change.CreateTable;
import dev.pawl.engine.change.CreateType;
import dev.pawl.engine.change.DropColumn;
import dev.pawl.engine.change.DropConstraint;
import dev.pawl.engine.change.DropIndex;
import dev.pawl.engine.change.DropTable;
import dev.pawl.engine.change.SchemaChange;
import dev.pawl.engine.change.ValidateConstraint;
import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.QualifiedName;
import dev.pawl.engine.verify.Observation;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * CockroachDB. From its documentation and public source; it has not been run against a CockroachDB
 * yet, and {@code Run} refuses to apply with it until it has been.
 */
final class CockroachDialect implements Dialect {
  /** One unfinished schema-change job. */
  private record Job(String id, String status, OptionalInt percent, String description) {}

  @Override
  public DatabaseKind kind() {
    return DatabaseKind.COCKROACHDB;
  }

  @Override
  public Verdict verdict(SQLException error, boolean transactional) {
    return SqlStates.cockroach(error, transactional);
  }

  @Override
  public Optional<String> before(Connection connection, SchemaChange change) {
    return Optional.empty();
  }

  @Override
  public Observation observe(Connection connection, SchemaChange change, Optional<String> before)
      throws SQLException {
    var job = unfinishedJob(connection, change);
    if (job.isPresent()) {
      return new Observation.Building(
          job.get().percent(),
          Optional.of(job.get().id()),
          "job " + job.get().id() + " is " + job.get().status() + ": " + job.get().description());
    }
    return switch (change) {
      case CreateIndex c -> indexCreated(connection, c);
      case DropIndex c -> indexesGone(connection, c);
      case AddConstraint c -> constraintAdded(connection, c);
      case ValidateConstraint c -> constraintValidated(connection, c.table(), c.name());
      case DropConstraint c -> gone(constraint(connection, c.table(), c.name()).isEmpty());
      case AlterPrimaryKey c -> primaryKey(connection, c);
      case CreateTable c -> present(tableExists(connection, c.table()));
      case CreateMaterializedView c -> present(tableExists(connection, c.view()));
      case DropTable c -> {
        for (var table : c.tables()) {
          if (tableExists(connection, table)) {
            yield new Observation.Absent();
          }
        }
        yield new Observation.Valid();
      }
      case AddColumn c -> present(column(connection, c.table(), c.column()).isPresent());
      case DropColumn c -> gone(column(connection, c.table(), c.column()).isEmpty());
      case AlterColumn c when c.action() == AlterColumn.Action.SET_NOT_NULL ->
          present(column(connection, c.table(), c.column()).filter("NO"::equals).isPresent());
      case CreateType c -> present(typeExists(connection, c.type()));
      case AddEnumValue c -> present(enumLabels(connection, c.type()).contains(c.label()));
      default -> new Observation.Unobservable();
    };
  }

  @Override
  public Optional<String> predicate(SchemaChange change) {
    return Optional.empty();
  }

  @Override
  public Optional<Observation.Building> progress(Connection connection, int backend) {
    return Optional.empty();
  }

  @Override
  public Optional<String> inUse(Connection connection, SchemaChange change) {
    return Optional.empty(); // its schema changes queue
  }

  @Override
  public List<String> mustNotCut(SchemaChange change, boolean repair) {
    return List.of("statement_timeout");
  }

  @Override
  public String repair(Connection connection, SchemaChange change) {
    throw new IllegalStateException(
        "CockroachDB reverts what failed; nothing is left to repair in: " + change.describe());
  }

  @Override
  public void removeLeftover(Connection connection, SchemaChange change) {
    // CockroachDB reverts what failed.
  }

  /**
   * An unfinished schema-change job that may concern the change. The list shortens descriptions, so
   * each is read whole by its id; one that still holds an ellipsis matches everything.
   */
  private Optional<Job> unfinishedJob(Connection connection, SchemaChange change)
      throws SQLException {
    var ids = new ArrayList<String>();
    try (var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                """
                SELECT job_id::STRING FROM [SHOW JOBS]
                 WHERE job_type LIKE '%SCHEMA CHANGE'
                   AND status NOT IN ('succeeded', 'failed', 'canceled', 'revert-failed')
                """)) {
      while (rows.next()) {
        ids.add(rows.getString(1));
      }
    }
    for (var id : ids) {
      try (var statement =
          connection.prepareStatement(
              """
              SELECT description, status, fraction_completed
                FROM [SHOW JOBS SELECT id FROM (VALUES (?::INT8)) AS t (id)]
              """)) {
        statement.setString(1, id);
        try (var rows = statement.executeQuery()) {
          if (rows.next() && concerns(rows.getString(1), change)) {
            return Optional.of(
                new Job(
                    id,
                    rows.getString(2),
                    OptionalInt.of((int) Math.clamp(rows.getDouble(3) * 100, 0, 100)),
                    rows.getString(1)));
          }
        }
      }
    }
    return Optional.empty();
  }

  private static boolean concerns(String description, SchemaChange change) {
    if (description == null || description.contains("…") || description.contains("...")) {
      return true;
    }
    var names =
        switch (change) {
          case CreateIndex c -> List.of(c.table());
          case DropIndex c -> c.table().map(List::of).orElse(c.indexes());
          case AddConstraint c -> List.of(c.table());
          case ValidateConstraint c -> List.of(c.table());
          case DropConstraint c -> List.of(c.table());
          case AlterPrimaryKey c -> List.of(c.table());
          case CreateTable c -> List.of(c.table());
          case CreateMaterializedView c -> List.of(c.view());
          case DropTable c -> c.tables();
          case AddColumn c -> List.of(c.table());
          case DropColumn c -> List.of(c.table());
          case AlterColumn c -> List.of(c.table());
          case CreateType c -> List.of(c.type());
          case AddEnumValue c -> List.of(c.type());
          default -> List.<QualifiedName>of();
        };
    return names.isEmpty() || names.stream().anyMatch(n -> description.contains(n.name()));
  }

  private static Observation present(boolean there) {
    return there ? new Observation.Valid() : new Observation.Absent();
  }

  private static Observation gone(boolean away) {
    return present(away);
  }

  private boolean tableExists(Connection connection, QualifiedName table) throws SQLException {
    return lookup(
            connection,
            """
            SELECT table_type FROM information_schema.tables
             WHERE table_name = ? AND table_schema = coalesce(?, current_schema())
            """,
            table.name(),
            table.schema().orElse(null))
        .isPresent();
  }

  private Optional<String> column(Connection connection, QualifiedName table, String column)
      throws SQLException {
    return lookup(
        connection,
        """
        SELECT is_nullable FROM information_schema.columns
         WHERE table_name = ? AND table_schema = coalesce(?, current_schema()) AND column_name = ?
        """,
        table.name(),
        table.schema().orElse(null),
        column);
  }

  private boolean typeExists(Connection connection, QualifiedName type) throws SQLException {
    return lookup(
            connection,
            """
            SELECT t.typname FROM pg_catalog.pg_type t
              JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
             WHERE t.typname = ? AND n.nspname = coalesce(?, current_schema())
            """,
            type.name(),
            type.schema().orElse(null))
        .isPresent();
  }

  private List<String> enumLabels(Connection connection, QualifiedName type) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            SELECT e.enumlabel FROM pg_catalog.pg_enum e
              JOIN pg_catalog.pg_type t ON t.oid = e.enumtypid
              JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
             WHERE t.typname = ? AND n.nspname = coalesce(?, current_schema())
            """)) {
      statement.setString(1, type.name());
      statement.setString(2, type.schema().orElse(null));
      try (var rows = statement.executeQuery()) {
        var labels = new ArrayList<String>();
        while (rows.next()) {
          labels.add(rows.getString(1));
        }
        return labels;
      }
    }
  }

  private static Optional<String> lookup(Connection connection, String sql, String... parameters)
      throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      for (int k = 0; k < parameters.length; k++) {
        statement.setString(k + 1, parameters[k]);
      }
      try (var rows = statement.executeQuery()) {
        return rows.next() ? Optional.of(String.valueOf(rows.getString(1))) : Optional.empty();
      }
    }
  }

  /** The key columns of an index as "a ASC, b DESC" with its uniqueness; empty if not there. */
  private Optional<String> keys(Connection connection, QualifiedName table, String index)
      throws SQLException {
    try (var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT non_unique, string_agg(column_name || ' ' || direction, ', ' ORDER BY"
                    + " seq_in_index) FROM [SHOW INDEXES FROM "
                    + table.quoted()
                    + "] WHERE NOT storing AND NOT implicit AND index_name = "
                    + dev.pawl.engine.sql.Literal.text(index)
                    + " GROUP BY non_unique")) {
      return rows.next()
          ? Optional.of((rows.getBoolean(1) ? "" : "unique ") + rows.getString(2))
          : Optional.empty();
    }
  }

  private Observation indexCreated(Connection connection, CreateIndex change) throws SQLException {
    if (change.name().isEmpty()) {
      return new Observation.Unobservable();
    }
    var found = keys(connection, change.table(), change.name().get());
    if (found.isEmpty()) {
      return new Observation.Absent();
    }
    var wanted = new StringBuilder(change.unique() ? "unique " : "");
    for (int k = 0; k < change.keys().size(); k++) {
      var key = change.keys().get(k);
      if (key.column().isEmpty()) {
        return new Observation.Unobservable();
      }
      wanted.append(k > 0 ? ", " : "").append(key.column().get());
      wanted.append(key.descending() ? " DESC" : " ASC");
    }
    return found.get().equals(wanted.toString())
        ? new Observation.Valid()
        : new Observation.Different(
            "index " + change.name().get() + " is there, with key " + found.get());
  }

  private Observation indexesGone(Connection connection, DropIndex change) throws SQLException {
    if (change.table().isEmpty()) {
      return new Observation.Unobservable();
    }
    for (var index : change.indexes()) {
      if (keys(connection, change.table().get(), index.name()).isPresent()) {
        return new Observation.Absent();
      }
    }
    return new Observation.Valid();
  }

  private Observation primaryKey(Connection connection, AlterPrimaryKey change)
      throws SQLException {
    var name =
        lookup(
            connection,
            """
            SELECT constraint_name FROM information_schema.table_constraints
             WHERE table_name = ? AND table_schema = coalesce(?, current_schema())
               AND constraint_type = 'PRIMARY KEY'
            """,
            change.table().name(),
            change.table().schema().orElse(null));
    if (name.isEmpty()) {
      return new Observation.Absent();
    }
    var key = keys(connection, change.table(), name.get()).orElse("");
    var columns = key.replace("unique ", "").replace(" ASC", "").replace(" DESC", "");
    return present(columns.equals(String.join(", ", change.columns())));
  }

  /** "true" or "false" for validated; empty where the constraint is not there. */
  private Optional<String> constraint(Connection connection, QualifiedName table, String name)
      throws SQLException {
    try (var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT validated AND details NOT LIKE '%NOT VALID' FROM [SHOW CONSTRAINTS FROM "
                    + table.quoted()
                    + "] WHERE constraint_name = "
                    + dev.pawl.engine.sql.Literal.text(name))) {
      return rows.next() ? Optional.of(Boolean.toString(rows.getBoolean(1))) : Optional.empty();
    }
  }

  private Observation constraintAdded(Connection connection, AddConstraint change)
      throws SQLException {
    if (change.name().isEmpty()) {
      return new Observation.Unobservable();
    }
    if (change.kind() == AddConstraint.Kind.UNIQUE
        || change.kind() == AddConstraint.Kind.PRIMARY_KEY) {
      // SHOW CONSTRAINTS may say validated while the index is still being built.
      var found = keys(connection, change.table(), change.name().get());
      return present(
          found
              .map(k -> k.replace("unique ", "").replace(" ASC", ""))
              .filter(String.join(", ", change.columns())::equals)
              .isPresent());
    }
    var found = constraint(connection, change.table(), change.name().get());
    if (found.isEmpty()) {
      return new Observation.Absent();
    }
    return change.notValid() || found.get().equals("true")
        ? new Observation.Valid()
        : new Observation.Invalid("constraint " + change.name().get() + " is not validated");
  }

  private Observation constraintValidated(Connection connection, QualifiedName table, String name)
      throws SQLException {
    return present(constraint(connection, table, name).filter("true"::equals).isPresent());
  }
}
