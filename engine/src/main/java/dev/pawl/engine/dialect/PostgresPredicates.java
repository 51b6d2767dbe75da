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
import dev.pawl.engine.sql.Literal;
import dev.pawl.engine.sql.QualifiedName;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * For each change one SELECT of one boolean that PostgreSQL 14 and later answer with true only when
 * the change has really finished. They are meant to be read: by whoever reviews a verify file.
 */
final class PostgresPredicates {
  private PostgresPredicates() {}

  /** Empty where the catalog shows nothing of the change. */
  static Optional<String> of(SchemaChange change) {
    return switch (change) {
      case CreateIndex c -> PostgresIndexPredicates.created(c);
      case DropIndex c -> Optional.of(PostgresIndexPredicates.dropped(c));
      case Reindex c -> PostgresIndexPredicates.reindexed(c);
      case CreateTable c -> Optional.of(PostgresTablePredicates.created(c));
      case CreateObject c -> objectCreated(c);
      case Rename c -> Optional.of(PostgresRenamePredicates.renamed(c));
      case SetSchema c -> Optional.of(PostgresRenamePredicates.moved(c));
      case DropTable c -> Optional.of(gone("to_regclass", c.tables()));
      case DetachPartition c -> Optional.of(PostgresTablePredicates.detached(c));
      case AddColumn c -> Optional.of(PostgresColumnPredicates.added(c));
      case DropColumn c -> Optional.of(PostgresColumnPredicates.dropped(c));
      case AlterColumn c -> PostgresColumnPredicates.altered(c);
      case AddConstraint c -> PostgresConstraintPredicates.added(c);
      case ValidateConstraint c -> Optional.of(PostgresConstraintPredicates.validated(c));
      case DropConstraint c -> Optional.of(PostgresConstraintPredicates.dropped(c));
      // A shell, of which nothing is said yet, is not found by its name.
      case CreateType c -> c.body().isEmpty() ? Optional.empty() : Optional.of(typeCreated(c));
      case AddEnumValue c -> Optional.of(labelAdded(c));
      case CreateMaterializedView c ->
          Optional.of(
              relation(c.view(), "'m'", c.withNoData() ? "" : "\n     AND c.relispopulated"));
      case RefreshMaterializedView c ->
          c.withNoData()
              ? Optional.of(relation(c.view(), "'m'", "\n     AND NOT c.relispopulated"))
              : Optional.empty();
      case DropObject c -> objectsDropped(c);
      case AlterPrimaryKey _,
          Dml _,
          Maintenance _,
          OtherDdl _,
          Procedural _,
          SessionSetting _,
          Truncate _,
          Unclassified _ ->
          Optional.empty();
    };
  }

  /** A name's object identifier, or null: {@code pg_catalog.to_regclass('"a"."b"')}. */
  static String lookup(String function, QualifiedName name) {
    return "pg_catalog." + function + "(" + Literal.text(name.quoted()) + ")";
  }

  static String regclass(QualifiedName name) {
    return lookup("to_regclass", name);
  }

  /** An array of names as text. */
  static String array(List<String> names) {
    return "ARRAY["
        + names.stream().map(Literal::text).collect(Collectors.joining(", "))
        + "]::pg_catalog.text[]";
  }

  static String relation(QualifiedName name, String kinds, String conditions) {
    return """
    SELECT EXISTS (
      SELECT FROM pg_catalog.pg_class c
       WHERE c.oid = %s
         AND c.relkind IN (%s)%s
    )\
    """
        .formatted(regclass(name), kinds, conditions);
  }

  private static Optional<String> objectCreated(CreateObject change) {
    return switch (change.kind()) {
      case "SEQUENCE" -> Optional.of(relation(change.name(), "'S'", ""));
      case "VIEW" -> Optional.of(relation(change.name(), "'v'", ""));
      case "FOREIGN TABLE" -> Optional.of(relation(change.name(), "'f'", ""));
      case "SCHEMA" ->
          Optional.of("SELECT " + lookup("to_regnamespace", change.name()) + " IS NOT NULL");
      default -> Optional.empty();
    };
  }

  private static String gone(String function, List<QualifiedName> names) {
    return "SELECT "
        + names.stream()
            .map(name -> lookup(function, name) + " IS NULL")
            .collect(Collectors.joining("\n   AND "));
  }

  /** Not a table's row type, which a name stands for too. */
  private static String typeCreated(CreateType change) {
    var found =
        """
        SELECT EXISTS (
          SELECT FROM pg_catalog.pg_type t
            LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
           WHERE t.oid = %s
             AND coalesce(c.relkind, 'c') = 'c'%s
        )\
        """
            .formatted(
                lookup("to_regtype", change.type()),
                change.labels().isEmpty() ? "" : "\n     AND t.typtype = 'e'");
    if (change.labels().isEmpty()) {
      return found;
    }
    return found
        + """

           AND %2$s = (
          SELECT pg_catalog.array_agg(e.enumlabel::text ORDER BY e.enumsortorder)
            FROM pg_catalog.pg_enum e
           WHERE e.enumtypid = %1$s
             AND e.enumlabel = ANY (%2$s)
        )\
        """
            .formatted(lookup("to_regtype", change.type()), array(change.labels()));
  }

  private static String labelAdded(AddEnumValue change) {
    var neighbour = change.before().or(change::after);
    if (neighbour.isEmpty()) {
      return """
      SELECT EXISTS (
        SELECT FROM pg_catalog.pg_enum e
         WHERE e.enumtypid = %s
           AND e.enumlabel = %s
      )\
      """
          .formatted(lookup("to_regtype", change.type()), Literal.text(change.label()));
    }
    return """
    SELECT EXISTS (
      SELECT FROM pg_catalog.pg_enum e
        JOIN pg_catalog.pg_enum n ON n.enumtypid = e.enumtypid
       WHERE e.enumtypid = %s
         AND e.enumlabel = %s
         AND n.enumlabel = %s
         AND e.enumsortorder %s n.enumsortorder
    )\
    """
        .formatted(
            lookup("to_regtype", change.type()),
            Literal.text(change.label()),
            Literal.text(neighbour.get()),
            change.before().isPresent() ? "<" : ">");
  }

  private static Optional<String> objectsDropped(DropObject change) {
    if (change.names().isEmpty()) {
      return Optional.empty();
    }
    return switch (change.kind()) {
      case "VIEW", "MATERIALIZED VIEW", "SEQUENCE", "FOREIGN TABLE" ->
          Optional.of(gone("to_regclass", change.names()));
      case "TYPE", "DOMAIN" -> Optional.of(gone("to_regtype", change.names()));
      case "SCHEMA" -> Optional.of(gone("to_regnamespace", change.names()));
      case "COLLATION" -> Optional.of(gone("to_regcollation", change.names()));
      case "ROLE", "USER", "GROUP" -> Optional.of(gone("to_regrole", change.names()));
      case "ACCESS METHOD" -> notIn("pg_am", "amname", change);
      case "DATABASE" -> notIn("pg_database", "datname", change);
      case "EVENT TRIGGER" -> notIn("pg_event_trigger", "evtname", change);
      case "EXTENSION" -> notIn("pg_extension", "extname", change);
      case "FOREIGN DATA WRAPPER" -> notIn("pg_foreign_data_wrapper", "fdwname", change);
      case "LANGUAGE" -> notIn("pg_language", "lanname", change);
      case "PUBLICATION" -> notIn("pg_publication", "pubname", change);
      case "SERVER" -> notIn("pg_foreign_server", "srvname", change);
      case "TABLESPACE" -> notIn("pg_tablespace", "spcname", change);
      default -> Optional.empty();
    };
  }

  /** Of objects that are in no schema. */
  private static Optional<String> notIn(String catalog, String column, DropObject change) {
    return Optional.of(
        """
        SELECT NOT EXISTS (
          SELECT FROM pg_catalog.%s o
           WHERE o.%s = ANY (%s)
        )\
        """
            .formatted(
                catalog, column, array(change.names().stream().map(QualifiedName::name).toList())));
  }
}
