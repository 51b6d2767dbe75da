package dev.pawl.engine.lint;

import dev.pawl.engine.change.AddColumn;
import dev.pawl.engine.change.AddConstraint;
import dev.pawl.engine.change.AlterColumn;
import dev.pawl.engine.change.CreateIndex;
import dev.pawl.engine.change.CreateMaterializedView;
import dev.pawl.engine.change.CreateTable;
import dev.pawl.engine.change.CreateType;
import dev.pawl.engine.change.Dml;
import dev.pawl.engine.change.DropColumn;
import dev.pawl.engine.change.DropConstraint;
import dev.pawl.engine.change.DropIndex;
import dev.pawl.engine.change.DropTable;
import dev.pawl.engine.change.OtherDdl;
import dev.pawl.engine.change.RefreshMaterializedView;
import dev.pawl.engine.change.Rename;
import dev.pawl.engine.change.SchemaChange;
import dev.pawl.engine.change.SetSchema;
import dev.pawl.engine.change.Truncate;
import dev.pawl.engine.change.ValidateConstraint;
import dev.pawl.engine.plan.Version;
import dev.pawl.engine.plan.WrittenStep;
import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.QualifiedName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the statements before the one that is looked at have made, as far as the source tells. A
 * table that it did not create is one that exists and has rows.
 */
final class History {
  final DatabaseKind kind;
  private final Map<String, List<Table>> tables = new HashMap<>();
  private final Map<String, Version> types = new HashMap<>();

  final Domains domains;

  /** Whether each function is volatile, by its last name. */
  private final Map<String, Boolean> functions = new HashMap<>();

  /** The tables and indexes that a version creates, also later on: "table t", "index i". */
  private final Map<Version, Set<String>> creations = new HashMap<>();

  History(DatabaseKind kind, List<WrittenStep> all) {
    this.kind = kind;
    this.domains = new Domains(kind);
    for (var step : all) {
      for (var change : step.step().changes()) {
        switch (change) {
          case CreateTable create -> creates(step, "table ", create.table().name());
          case CreateIndex create -> create.name().ifPresent(i -> creates(step, "index ", i));
          default -> {}
        }
      }
    }
  }

  private void creates(WrittenStep step, String what, String name) {
    creations.computeIfAbsent(step.step().version(), v -> new HashSet<>()).add(what + name);
  }

  /** The table, where the source has spoken of it. A name without a schema matches any. */
  Optional<Table> find(QualifiedName name) {
    Table close = null;
    for (var table : tables.getOrDefault(name.name(), List.of())) {
      if (table.name.equals(name)) {
        return Optional.of(table);
      }
      if (name.schema().isEmpty()
          || table.name.schema().isEmpty()
          || name.schema().equals(table.name.schema())) {
        close = table;
      }
    }
    return Optional.ofNullable(close);
  }

  /** Whether this very version has created it: nobody uses it yet. */
  boolean isNew(QualifiedName table, Version version) {
    return find(table).map(t -> isNew(t, version)).orElse(false);
  }

  /** Whether it holds no rows that its users know: it is new, or was emptied in this step. */
  boolean isEmpty(QualifiedName table, Subject subject) {
    return isNew(table, subject.version())
        || find(table).flatMap(t -> t.emptiedIn).filter(subject.step().id()::equals).isPresent();
  }

  static boolean isNew(Table table, Version version) {
    return table.createdIn.filter(version::equals).isPresent();
  }

  boolean isNewColumn(QualifiedName table, String column, Version version) {
    return find(table)
        .flatMap(t -> t.column(column))
        .flatMap(Table.Column::addedIn)
        .filter(version::equals)
        .isPresent();
  }

  boolean isNewType(QualifiedName type, Version version) {
    return version.equals(types.get(type.name()));
  }

  boolean createsTable(Version version, QualifiedName table) {
    return creations.getOrDefault(version, Set.of()).contains("table " + table.name());
  }

  boolean createsIndex(Version version, QualifiedName index) {
    return creations.getOrDefault(version, Set.of()).contains("index " + index.name());
  }

  /** The table that an index belongs to. */
  Optional<Table> tableOfIndex(QualifiedName index) {
    return tables.values().stream()
        .flatMap(List::stream)
        .filter(table -> table.indexes.containsKey(index.name()))
        .findFirst();
  }

  /**
   * Whether a function that the source creates is volatile; empty where it creates none so named.
   */
  Optional<Boolean> isVolatile(String function) {
    return Optional.ofNullable(functions.get(function));
  }

  // ---- what a statement does

  void apply(Subject subject) {
    for (var change : subject.changes()) {
      apply(change, subject);
    }
  }

  private void apply(SchemaChange change, Subject subject) {
    var version = subject.version();
    switch (change) {
      case CreateTable create -> {
        if (find(create.table()).isEmpty() || !create.ifNotExists()) {
          var table = create(create.table(), version);
          new TableBody(this, table, version).read(create, subject.reader());
        }
      }
      case CreateMaterializedView view -> {
        if (find(view.view()).isEmpty()) {
          create(view.view(), version).unpopulated = view.withNoData();
        }
      }
      case RefreshMaterializedView refresh ->
          find(refresh.view()).ifPresent(view -> view.unpopulated = false);
      case Truncate truncate -> truncate.tables().forEach(table -> empty(table, subject));
      case DropTable drop -> drop.tables().forEach(this::forget);
      case DropIndex drop ->
          drop.indexes()
              .forEach(i -> tableOfIndex(i).ifPresent(table -> table.indexes.remove(i.name())));
      case CreateType type -> types.put(type.type().name(), version);
      case OtherDdl other -> {
        switch (other.keywords()) {
          case "CREATE FUNCTION" ->
              Functions.created(subject.reader())
                  .ifPresent(f -> functions.put(f.name(), f.isVolatile()));
          case "CREATE DOMAIN" -> domains.create(subject.reader());
          case "ALTER DOMAIN" -> domains.alter(subject.reader());
          default -> {}
        }
      }
      case Dml dml -> {
        DataChange.of(subject.reader())
            .filter(d -> d.verb() == DataChange.Verb.DELETE && d.reach() == DataChange.Reach.ALL)
            .ifPresent(d -> empty(d.table(), subject));
        if (dml.keyword().equals("SELECT") || dml.keyword().equals("WITH")) {
          DataChange.selectInto(subject.reader()).ifPresent(name -> create(name, version));
        }
      }
      case AddColumn add -> apply(add, table(add.table()), version);
      case AddConstraint add -> apply(add, table(add.table()), version);
      case AlterColumn alter -> apply(alter, table(alter.table()), version);
      case Rename rename -> rename(rename);
      case SetSchema move -> {
        if (move.kind() == Rename.Kind.TABLE) {
          renameTable(move.object(), QualifiedName.of(move.schema(), move.object().name()));
        }
      }
      case DropColumn drop -> apply(drop, table(drop.table()), version);
      case DropConstraint drop -> apply(drop, table(drop.table()), version);
      case ValidateConstraint validate -> apply(validate, table(validate.table()), version);
      case CreateIndex index -> apply(index, table(index.table()), version);
      default -> {}
    }
  }

  /** A change of one table; of others nothing. */
  void apply(SchemaChange change, Table table, Version version) {
    switch (change) {
      case AddColumn add -> {
        if (!add.ifNotExists() || table.column(add.column()).isEmpty()) {
          boolean serial = Types.isSerial(add.type());
          table.columns.put(
              add.column(),
              new Table.Column(add.type(), add.notNull() || serial, Optional.of(version)));
        }
      }
      case AddConstraint add -> Checks.add(table, add, kind);
      case AlterColumn alter -> alter(table, alter);
      case DropColumn drop -> table.dropColumn(drop.column());
      case DropConstraint drop -> {
        table.checks.remove(drop.name());
        table.indexes.remove(drop.name());
      }
      case ValidateConstraint validate -> table.validate(validate.name());
      case CreateIndex index ->
          index.name().ifPresent(name -> table.indexes.put(name, Table.Index.of(index, kind)));
      default -> {}
    }
  }

  private static void alter(Table table, AlterColumn alter) {
    switch (alter.action()) {
      case SET_NOT_NULL -> table.setNotNull(alter.column(), true);
      case DROP_NOT_NULL -> table.setNotNull(alter.column(), false);
      case SET_TYPE -> {
        var known =
            table.column(alter.column()).orElse(new Table.Column("", false, Optional.empty()));
        table.columns.put(alter.column(), known.withType(alter.detail().orElse("")));
      }
      case SET_DEFAULT, DROP_DEFAULT, OTHER -> {}
    }
  }

  private void rename(Rename rename) {
    var from = rename.from();
    switch (rename.kind()) {
      case TABLE, MATERIALIZED_VIEW -> renameTable(from, from.sibling(rename.to()));
      case COLUMN -> table(rename.in().orElseThrow()).renameColumn(from.name(), rename.to());
      case CONSTRAINT ->
          rename
              .in()
              .flatMap(this::find)
              .ifPresent(
                  table -> {
                    move(table.checks, from.name(), rename.to());
                    move(table.indexes, from.name(), rename.to());
                  });
      case INDEX ->
          tableOfIndex(from).ifPresent(table -> move(table.indexes, from.name(), rename.to()));
      case VIEW, SEQUENCE, FOREIGN_TABLE, TYPE, SCHEMA, LABEL -> {}
    }
  }

  private void renameTable(QualifiedName from, QualifiedName to) {
    find(from)
        .ifPresent(
            table -> {
              tables.get(table.name.name()).remove(table);
              table.name = to;
              tables.computeIfAbsent(to.name(), n -> new ArrayList<>(1)).add(table);
            });
  }

  private static <V> void move(Map<String, V> map, String from, String to) {
    var value = map.remove(from);
    if (value != null) {
      map.put(to, value);
    }
  }

  /** The table; one that the source did not create is known from its first change on. */
  private Table table(QualifiedName name) {
    return find(name).orElseGet(() -> remember(new Table(name, Optional.empty())));
  }

  private void empty(QualifiedName name, Subject subject) {
    table(name).emptiedIn = Optional.of(subject.step().id());
  }

  private Table create(QualifiedName name, Version version) {
    forget(name);
    return remember(new Table(name, Optional.of(version)));
  }

  private Table remember(Table table) {
    tables.computeIfAbsent(table.name.name(), n -> new ArrayList<>(1)).add(table);
    return table;
  }

  private void forget(QualifiedName name) {
    find(name).ifPresent(table -> tables.get(table.name.name()).remove(table));
  }
}
