package dev.pawl.engine.lint;

import dev.pawl.engine.change.CreateIndex;
import dev.pawl.engine.plan.Version;
import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.Lexer;
import dev.pawl.engine.sql.Literals;
import dev.pawl.engine.sql.QualifiedName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the source has said of a table, a materialized view included, up to here. */
final class Table {
  /**
   * A column.
   *
   * @param type as written; empty where it is not known
   */
  record Column(String type, boolean notNull, Optional<Version> addedIn) {
    Column withNotNull(boolean value) {
      return new Column(type, value, addedIn);
    }

    Column withType(String value) {
      return new Column(value, notNull, addedIn);
    }
  }

  /**
   * A CHECK or NOT NULL constraint.
   *
   * @param notNull the columns that it proves to hold no NULL, once it is validated
   */
  record Check(Set<String> notNull, boolean notNullConstraint, boolean validated) {}

  /**
   * An index.
   *
   * @param keys its columns; expressions are left out
   * @param others columns that it stores, and words of its predicate, columns among them
   * @param constraint it belongs to a UNIQUE or PRIMARY KEY constraint
   */
  record Index(List<String> keys, List<String> others, boolean constraint) {
    static Index of(CreateIndex index, DatabaseKind kind) {
      var keys = index.keys().stream().flatMap(key -> key.column().stream()).toList();
      var others = new ArrayList<>(index.include());
      for (var token : Lexer.lex(index.predicate().orElse(""), kind)) {
        Literals.identifier(token, '\\', kind).ifPresent(others::add);
      }
      return new Index(keys, others, false);
    }

    boolean has(String column) {
      return keys.contains(column) || others.contains(column);
    }

    Index ofConstraint() {
      return new Index(keys, others, true);
    }

    Index renamed(String from, String to) {
      return new Index(renamed(keys, from, to), renamed(others, from, to), constraint);
    }

    private static List<String> renamed(List<String> columns, String from, String to) {
      return columns.stream().map(c -> c.equals(from) ? to : c).toList();
    }
  }

  QualifiedName name;

  /** Empty where the source did not create it. */
  final Optional<Version> createdIn;

  boolean partitioned;

  /** The step that took away all its rows. */
  Optional<String> emptiedIn = Optional.empty();

  /** Of a materialized view: created WITH NO DATA, and not refreshed since. */
  boolean unpopulated;

  final Map<String, Column> columns = new HashMap<>();
  final Map<String, Check> checks = new HashMap<>();
  final Map<String, Index> indexes = new HashMap<>();

  Table(QualifiedName name, Optional<Version> createdIn) {
    this.name = name;
    this.createdIn = createdIn;
  }

  Optional<Column> column(String column) {
    return Optional.ofNullable(columns.get(column));
  }

  /** Whether the column is known to hold no NULL, so that nobody has to look. */
  boolean provesNotNull(String column) {
    return column(column).map(Column::notNull).orElse(false)
        || checks.values().stream()
            .anyMatch(check -> check.validated() && check.notNull().contains(column));
  }

  void validate(String constraint) {
    var check = checks.get(constraint);
    if (check == null) {
      return;
    }
    checks.put(constraint, new Check(check.notNull(), check.notNullConstraint(), true));
    if (check.notNullConstraint()) {
      check.notNull().forEach(c -> setNotNull(c, true));
    }
  }

  void setNotNull(String column, boolean value) {
    var known = column(column).orElse(new Column("", false, Optional.empty()));
    columns.put(column, known.withNotNull(value));
  }

  void renameColumn(String from, String to) {
    var column = columns.remove(from);
    if (column != null) {
      columns.put(to, column);
    }
    checks.replaceAll(
        (name, check) ->
            new Check(
                renamed(check.notNull(), from, to), check.notNullConstraint(), check.validated()));
    indexes.replaceAll((name, index) -> index.renamed(from, to));
  }

  private static Set<String> renamed(Set<String> columns, String from, String to) {
    if (!columns.contains(from)) {
      return columns;
    }
    var renamed = new HashSet<>(columns);
    renamed.remove(from);
    renamed.add(to);
    return renamed;
  }

  void dropColumn(String column) {
    columns.remove(column);
    checks.values().removeIf(check -> check.notNull().contains(column));
    indexes.values().removeIf(index -> index.has(column));
  }

  /** Columns of another table, for LIKE, INHERITS and PARTITION OF. */
  void copyColumns(Table other, Version version) {
    other.columns.forEach(
        (name, column) ->
            columns.put(name, new Column(column.type(), column.notNull(), Optional.of(version))));
  }
}
