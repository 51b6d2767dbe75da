package dev.pawl.engine.verify;

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
import dev.pawl.engine.sql.QualifiedName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What a change says something of, and of what it makes earlier changes say nothing any more: both
 * as keys. The schema is no part of a key, for written and unwritten it may be the same; tables,
 * indexes, views and sequences share their names.
 */
final class Subjects {
  /** Statements whose facts were not read, of kinds that facts are about; and DROP OWNED. */
  private static final Set<String> UNSEEN =
      Set.of(
          "ALTER DOMAIN",
          "ALTER EXTENSION",
          "ALTER FOREIGN TABLE",
          "ALTER INDEX",
          "ALTER MATERIALIZED VIEW",
          "ALTER SCHEMA",
          "ALTER SEQUENCE",
          "ALTER TABLE",
          "ALTER TYPE",
          "ALTER VIEW",
          "DROP FOREIGN TABLE",
          "DROP INDEX",
          "DROP MATERIALIZED VIEW",
          "DROP OWNED",
          "DROP SCHEMA",
          "DROP SEQUENCE",
          "DROP TABLE",
          "DROP TYPE",
          "DROP VIEW");

  private static final String ANY_VIEW = "any view";
  private static final String ANY_REFERENCE = "any reference";

  private Subjects() {}

  /** Whether it may have changed what cannot be told from it. */
  static boolean mayChangeAnything(SchemaChange change) {
    return switch (change) {
      case Procedural _, Unclassified _ -> true;
      case OtherDdl c -> UNSEEN.contains(c.keywords());
      case DropObject c ->
          switch (c.kind()) {
            case "FOREIGN TABLE", "MATERIALIZED VIEW", "SEQUENCE", "VIEW" -> false;
            case "DATABASE", "EXTENSION", "SCHEMA" -> true; // and what is in it
            default -> c.cascade();
          };
      // Columns speak of types by name, and everything of its schema.
      case Rename c -> c.kind() == Rename.Kind.TYPE || c.kind() == Rename.Kind.SCHEMA;
      case SetSchema c -> c.kind() == Rename.Kind.TYPE;
      default -> false;
    };
  }

  private static String relation(QualifiedName name) {
    return relation(name.name());
  }

  private static String relation(String name) {
    return "relation:" + name;
  }

  private static String part(String kind, QualifiedName table, String name) {
    return relation(table) + "/" + kind + ":" + name;
  }

  private static String column(QualifiedName table, String name) {
    return part("column", table, name);
  }

  /** What an expression may speak of: any column. */
  private static String anyColumn(QualifiedName table) {
    return column(table, "*");
  }

  private static String notNull(QualifiedName table, String column) {
    return part("not null", table, column);
  }

  private static String primaryKey(QualifiedName table) {
    return part("key", table, "primary");
  }

  private static String referenced(QualifiedName table) {
    return part("key", table, "referenced");
  }

  /** A constraint with an index goes by the name of that, whatever its table is. */
  private static String constraintOfAnyTable(String name) {
    return "constraint:" + name;
  }

  private static String type(QualifiedName type) {
    return "type:" + type.name();
  }

  private static String object(String kind, QualifiedName name) {
    return switch (kind) {
      case "VIEW", "MATERIALIZED VIEW", "SEQUENCE", "FOREIGN TABLE" -> relation(name);
      case "TYPE", "DOMAIN" -> type(name);
      default -> kind.toLowerCase(Locale.ROOT) + ":" + name.name();
    };
  }

  /** What a change says something of: the object itself, and what it is part of. */
  static List<String> of(SchemaChange change) {
    return switch (change) {
      case CreateTable c ->
          with(List.of(relation(c.table())), c.partitionOf().map(Subjects::relation));
      case DropTable c -> c.tables().stream().map(Subjects::relation).toList();
      // With NOT NULL or without; only one that is there can have been a constraint.
      case AddColumn c ->
          with(
              column(c.table(), c.column(), notNull(c.table(), c.column())),
              notNull(c.table(), "*"),
              c.notNull());
      case DropColumn c -> List.of(relation(c.table()), column(c.table(), c.column()));
      case AlterColumn c ->
          aboutNull(c)
              ? with(
                  column(c.table(), c.column(), notNull(c.table(), c.column())),
                  notNull(c.table(), "*"),
                  c.action() == AlterColumn.Action.SET_NOT_NULL)
              : List.of(relation(c.table()), column(c.table(), c.column()));
      case CreateIndex c -> index(c);
      case DropIndex c -> c.indexes().stream().map(Subjects::relation).toList();
      case AddConstraint c -> constraint(c);
      case DropConstraint c -> constraint(c.table(), c.name());
      case ValidateConstraint c -> constraint(c.table(), c.name());
      case AlterPrimaryKey c -> {
        var all = new ArrayList<>(List.of(relation(c.table()), primaryKey(c.table())));
        c.columns().forEach(n -> all.add(column(c.table(), n)));
        yield all;
      }
      case CreateType c -> List.of(type(c.type()));
      case AddEnumValue c -> List.of(type(c.type()));
      case CreateMaterializedView c -> List.of(relation(c.view()), ANY_VIEW);
      case CreateObject c ->
          with(List.of(object(c.kind(), c.name())), ANY_VIEW, c.kind().equals("VIEW"));
      case DropObject c -> c.names().stream().map(n -> object(c.kind(), n)).toList();
      case DetachPartition c -> List.of(relation(c.partition()));
      case Rename c ->
          with(
              renamed(c),
              c.in().filter(_ -> c.kind() != Rename.Kind.LABEL).map(Subjects::relation));
      case SetSchema c -> List.of(relation(c.object()));
      case Dml _,
          Maintenance _,
          OtherDdl _,
          Procedural _,
          RefreshMaterializedView _,
          Reindex _,
          SessionSetting _,
          Truncate _,
          Unclassified _ ->
          List.of();
    };
  }

  private static boolean aboutNull(AlterColumn change) {
    return switch (change.action()) {
      case SET_NOT_NULL, DROP_NOT_NULL -> true;
      case SET_TYPE, SET_DEFAULT, DROP_DEFAULT, OTHER -> false;
    };
  }

  private static List<String> column(QualifiedName table, String name, String also) {
    return List.of(relation(table), column(table, name), also);
  }

  private static List<String> index(CreateIndex change) {
    var table = change.table();
    var all = new ArrayList<>(List.of(relation(table)));
    change.name().ifPresent(n -> all.add(relation(n)));
    change.keys().forEach(k -> k.column().ifPresent(n -> all.add(column(table, n))));
    change.include().forEach(n -> all.add(column(table, n)));
    if (change.keys().stream().anyMatch(k -> k.column().isEmpty())
        || change.predicate().isPresent()) {
      all.add(anyColumn(table));
    }
    return all;
  }

  private static List<String> constraint(AddConstraint change) {
    var table = change.table();
    var all = new ArrayList<>(constraint(table, change.name().orElse("")));
    change.columns().forEach(n -> all.add(column(table, n)));
    switch (change.kind()) {
      case CHECK, EXCLUDE -> all.add(anyColumn(table));
      case PRIMARY_KEY -> all.add(primaryKey(table));
      case NOT_NULL -> change.columns().forEach(n -> all.add(notNull(table, n)));
      case FOREIGN_KEY, UNIQUE -> {}
    }
    change
        .references()
        .ifPresent(
            to -> {
              all.addAll(List.of(relation(to), referenced(to), ANY_REFERENCE));
              change.referencedColumns().forEach(n -> all.add(column(to, n)));
              if (change.referencedColumns().isEmpty()) {
                all.add(anyColumn(to));
              }
            });
    return all;
  }

  private static List<String> constraint(QualifiedName table, String name) {
    return List.of(relation(table), part("constraint", table, name), constraintOfAnyTable(name));
  }

  private static List<String> renamed(Rename change) {
    var all = new ArrayList<String>();
    for (var name : List.of(change.from().name(), change.to())) {
      switch (change.kind()) {
        case COLUMN -> all.add(column(change.in().orElseThrow(), name));
        case CONSTRAINT -> {
          all.add(part("constraint", change.in().orElseThrow(), name));
          all.add(relation(name)); // of its index, if it has one
        }
        case LABEL -> all.add(type(change.in().orElseThrow()));
        case TYPE -> all.add("type:" + name);
        case SCHEMA -> all.add("schema:" + name);
        case FOREIGN_TABLE, INDEX, MATERIALIZED_VIEW, SEQUENCE, TABLE, VIEW -> {
          all.add(relation(name));
          all.add(constraintOfAnyTable(name)); // PostgreSQL's ALTER TABLE renames indexes too
        }
      }
    }
    return all;
  }

  /** Of what earlier changes say nothing any more. */
  static List<String> supersededBy(SchemaChange change) {
    return switch (change) {
      case CreateTable c -> {
        var all = new ArrayList<String>();
        if (!c.ifNotExists()) {
          all.add(relation(c.table())); // what was there before was another
        }
        c.constraints().forEach(k -> k.name().ifPresent(n -> all.add(relation(n))));
        c.indexes().forEach(i -> i.name().ifPresent(n -> all.add(relation(n))));
        yield all;
      }
      case DropTable c -> with(of(c), ANY_VIEW, c.cascade());
      case DropObject c -> with(of(c), ANY_VIEW, c.cascade());
      case DropIndex c -> {
        var all = new ArrayList<>(with(of(c), ANY_REFERENCE, c.cascade()));
        c.indexes().forEach(i -> all.add(constraintOfAnyTable(i.name())));
        yield all;
      }
      case DropConstraint c -> {
        // It may have been a NOT NULL, from PostgreSQL 18 on.
        var all =
            List.of(
                part("constraint", c.table(), c.name()),
                relation(c.name()),
                notNull(c.table(), "*"));
        yield with(with(all, referenced(c.table()), c.cascade()), ANY_VIEW, c.cascade());
      }
      case DetachPartition c -> List.of(relation(c.partition()));
      case AddColumn c -> List.of(column(c.table(), c.column()));
      case DropColumn c ->
          with(List.of(column(c.table(), c.column()), anyColumn(c.table())), ANY_VIEW, c.cascade());
      case AlterColumn c ->
          switch (c.action()) {
            case SET_NOT_NULL, DROP_NOT_NULL -> List.of(notNull(c.table(), c.column()));
            case SET_DEFAULT, DROP_DEFAULT -> List.of();
            case SET_TYPE, OTHER -> List.of(column(c.table(), c.column()), anyColumn(c.table()));
          };
      case CreateIndex c -> c.name().map(n -> List.of(relation(n))).orElse(List.of());
      case AddConstraint c -> {
        var all = new ArrayList<String>();
        all.add(part("constraint", c.table(), c.name().orElse("")));
        c.name().ifPresent(n -> all.add(relation(n)));
        c.usingIndex().ifPresent(i -> all.add(relation(i)));
        yield with(all, primaryKey(c.table()), c.kind() == AddConstraint.Kind.PRIMARY_KEY);
      }
      case ValidateConstraint c -> List.of(part("constraint", c.table(), c.name()));
      case CreateMaterializedView c -> List.of(relation(c.view()));
      case CreateObject c -> List.of(object(c.kind(), c.name()));
      case RefreshMaterializedView c -> c.withNoData() ? List.of(relation(c.view())) : List.of();
      case Rename c ->
          with(
              renamed(c),
              c.in().filter(_ -> c.kind() == Rename.Kind.COLUMN).map(Subjects::anyColumn));
      case SetSchema c -> List.of(relation(c.object()), constraintOfAnyTable(c.object().name()));
      case AlterPrimaryKey c -> List.of(primaryKey(c.table()));
      case AddEnumValue _,
          CreateType _,
          Dml _,
          Maintenance _,
          OtherDdl _,
          Procedural _,
          Reindex _,
          SessionSetting _,
          Truncate _,
          Unclassified _ ->
          List.of();
    };
  }

  private static List<String> with(List<String> keys, String key, boolean also) {
    return with(keys, Optional.of(key).filter(_ -> also));
  }

  private static List<String> with(List<String> keys, Optional<String> key) {
    if (key.isEmpty()) {
      return keys;
    }
    var all = new ArrayList<>(keys);
    all.add(key.get());
    return all;
  }
}
