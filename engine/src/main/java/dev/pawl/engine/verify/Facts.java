package dev.pawl.engine.verify;

import dev.pawl.engine.change.AddColumn;
import dev.pawl.engine.change.AddConstraint;
import dev.pawl.engine.change.AddEnumValue;
import dev.pawl.engine.change.AlterColumn;
import dev.pawl.engine.change.AlterPrimaryKey;
import dev.pawl.engine.change.CreateIndex;
import dev.pawl.engine.change.CreateMaterializedView;
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
import dev.pawl.engine.change.SchemaChange;
import dev.pawl.engine.change.SessionSetting;
import dev.pawl.engine.change.Truncate;
import dev.pawl.engine.change.Unclassified;
import dev.pawl.engine.change.ValidateConstraint;
import dev.pawl.engine.plan.Step;
import dev.pawl.engine.sql.QualifiedName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a history says of the schema now: the changes that no later one supersedes. Read from the
 * end to the beginning; where a later statement may have renamed or remade anything, what comes
 * before it is not claimed.
 */
public final class Facts {
  /** Statements that may rename or move an object. */
  private static final List<String> RENAMING =
      List.of(
          "ALTER TABLE RENAME",
          "ALTER TABLE SET",
          "ALTER TABLE ALL",
          "ALTER INDEX",
          "ALTER TYPE",
          "ALTER SCHEMA",
          "ALTER VIEW",
          "ALTER MATERIALIZED",
          "ALTER SEQUENCE");

  private Facts() {}

  /** A change that still says something, and the step it comes from. */
  public record Fact(Step step, SchemaChange change) {}

  /** The facts of steps in the order they were applied. */
  public static List<Fact> of(List<Step> steps) {
    var facts = new ArrayList<Fact>();
    var superseded = new HashSet<String>();
    for (int k = steps.size() - 1; k >= 0; k--) {
      var changes = steps.get(k).changes();
      for (int c = changes.size() - 1; c >= 0; c--) {
        var change = changes.get(c);
        if (mayChangeAnything(change)) {
          return facts.reversed();
        }
        if (subjects(change).stream().noneMatch(superseded::contains)) {
          facts.add(new Fact(steps.get(k), change));
        }
        superseded.addAll(supersedes(change));
      }
    }
    return facts.reversed();
  }

  /** Of one step's changes, those that no later one of them is seen to supersede. */
  public static List<SchemaChange> lasting(List<SchemaChange> changes) {
    var lasting = new ArrayList<SchemaChange>();
    var superseded = new HashSet<String>();
    for (var change : changes.reversed()) {
      if (subjects(change).stream().noneMatch(superseded::contains)) {
        lasting.add(change);
      }
      superseded.addAll(supersedes(change));
    }
    return lasting.reversed();
  }

  /** Renames and moves, whose objects are not among the facts, and code that cannot be seen. */
  public static boolean mayChangeAnything(SchemaChange change) {
    return switch (change) {
      case OtherDdl c -> RENAMING.stream().anyMatch(c.keywords()::startsWith);
      case Procedural _, Unclassified _ -> true;
      default -> false;
    };
  }

  private static String key(String kind, QualifiedName name) {
    // The schema does not count: written and unwritten, it may be the same.
    return kind + ":" + name.name();
  }

  private static String key(String kind, QualifiedName table, String part) {
    return key("table", table) + "/" + kind + ":" + part;
  }

  /** What a change says something of: the object itself, and what it is part of. */
  private static List<String> subjects(SchemaChange change) {
    return switch (change) {
      case CreateTable c -> List.of(key("table", c.table()));
      case DropTable c -> c.tables().stream().map(t -> key("table", t)).toList();
      case AddColumn c -> List.of(key("table", c.table()), key("column", c.table(), c.column()));
      case DropColumn c -> List.of(key("table", c.table()), key("column", c.table(), c.column()));
      case AlterColumn c -> List.of(key("table", c.table()), key("column", c.table(), c.column()));
      case CreateIndex c -> {
        var all = new ArrayList<>(List.of(key("table", c.table())));
        c.index().ifPresent(i -> all.add(key("index", i)));
        c.keys().forEach(k -> k.column().ifPresent(n -> all.add(key("column", c.table(), n))));
        c.include().forEach(n -> all.add(key("column", c.table(), n)));
        if (c.keys().stream().anyMatch(k -> k.column().isEmpty()) || c.predicate().isPresent()) {
          all.add(key("column", c.table(), "*"));
        }
        yield all;
      }
      case DropIndex c -> c.indexes().stream().map(i -> key("index", i)).toList();
      case Reindex _ -> List.of();
      case AddConstraint c -> constraint(c.table(), c.name().orElse(""));
      case DropConstraint c -> constraint(c.table(), c.name());
      case ValidateConstraint c -> constraint(c.table(), c.name());
      case AlterPrimaryKey c -> List.of(key("table", c.table()));
      case CreateType c -> List.of(key("type", c.type()));
      case AddEnumValue c -> List.of(key("type", c.type()));
      case CreateMaterializedView c -> List.of(key("table", c.view()));
      case DropObject c -> c.names().stream().map(n -> key(kind(c), n)).toList();
      case DetachPartition c -> List.of(key("table", c.partition()));
      case Dml _,
          Maintenance _,
          OtherDdl _,
          Procedural _,
          RefreshMaterializedView _,
          SessionSetting _,
          Truncate _,
          Unclassified _ ->
          List.of();
    };
  }

  private static List<String> constraint(QualifiedName table, String name) {
    return List.of(key("table", table), key("constraint", table, name));
  }

  private static String kind(DropObject change) {
    return switch (change.kind()) {
      case "VIEW", "MATERIALIZED VIEW", "SEQUENCE", "FOREIGN TABLE" -> "table";
      case "TYPE", "DOMAIN" -> "type";
      default -> change.kind().toLowerCase(Locale.ROOT);
    };
  }

  /** Of what earlier changes say nothing any more. */
  private static Set<String> supersedes(SchemaChange change) {
    return switch (change) {
      // What is made anew says nothing against what was added to it before: it was another.
      case CreateTable c -> c.ifNotExists() ? Set.of() : Set.of(key("table", c.table()));
      case DropTable _, DropObject _, DropIndex _, DropConstraint _ ->
          new HashSet<>(subjects(change));
      case DetachPartition c -> Set.of(key("table", c.partition()));
      case AddColumn c -> Set.of(key("column", c.table(), c.column()));
      case DropColumn c ->
          Set.of(key("column", c.table(), c.column()), key("column", c.table(), "*"));
      case AlterColumn c ->
          Set.of(key("column", c.table(), c.column()), key("column", c.table(), "*"));
      case CreateIndex c -> c.index().map(i -> Set.of(key("index", i))).orElse(Set.of());
      case AddConstraint c -> {
        var all = new HashSet<String>();
        all.add(key("constraint", c.table(), c.name().orElse("")));
        c.usingIndex().ifPresent(i -> all.add(key("index", c.table().sibling(i))));
        yield all;
      }
      case ValidateConstraint c -> Set.of(key("constraint", c.table(), c.name()));
      case CreateMaterializedView c -> Set.of(key("table", c.view()));
      case AlterPrimaryKey _,
          AddEnumValue _,
          CreateType _,
          Dml _,
          Maintenance _,
          OtherDdl _,
          Procedural _,
          RefreshMaterializedView _,
          Reindex _,
          SessionSetting _,
          Truncate _,
          Unclassified _ ->
          Set.of();
    };
  }
}
