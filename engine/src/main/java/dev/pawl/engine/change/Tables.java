package dev.pawl.engine.change;

import dev.pawl.engine.change.Reader.Unexpected;
import dev.pawl.engine.sql.QualifiedName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads CREATE TABLE with its columns, constraints and indexes. */
final class Tables {
  private final QualifiedName table;
  private final List<AddColumn> columns = new ArrayList<>();
  private final List<AddConstraint> constraints = new ArrayList<>();
  private final List<CreateIndex> indexes = new ArrayList<>();

  /** What a table has of other tables, or beside columns, stands among its columns. */
  private boolean whole;

  private Tables(QualifiedName table) {
    this.table = table;
  }

  /** From TABLE on. */
  static CreateTable create(Reader reader, boolean unlogged) throws Unexpected {
    reader.skip();
    boolean ifNotExists = reader.accept("IF", "NOT", "EXISTS");
    var table = new Tables(reader.name());
    int from = reader.place();
    if (filledByQuery(reader)) {
      int end = reader.place() + reader.rest().size() - reader.withDataAtEnd();
      return new CreateTable(
          table.table,
          ifNotExists,
          unlogged,
          true,
          Optional.empty(),
          List.of(),
          List.of(),
          List.of(),
          Optional.of(reader.textBetween(from, end)),
          Optional.empty());
    }
    reader.back(from);
    Optional<QualifiedName> partitionOf =
        reader.accept("PARTITION", "OF") ? Optional.of(reader.name()) : Optional.empty();
    boolean typed = partitionOf.isEmpty() && reader.at("OF");
    if (partitionOf.isEmpty() && reader.at('(')) {
      for (var element : reader.parenthesised()) {
        if (!element.done()) {
          table.element(element);
        }
      }
    }
    var body = Optional.of(reader.textSince(from)).filter(_ -> table.whole);
    var options = Optional.of(reader.textToEnd()).filter(text -> !text.isEmpty());
    return new CreateTable(
        table.table,
        ifNotExists,
        unlogged,
        false,
        partitionOf,
        table.withKeysNotNull(),
        table.constraints,
        table.indexes,
        typed ? options : body,
        typed ? Optional.empty() : options);
  }

  private static boolean filledByQuery(Reader reader) throws Unexpected {
    while (!reader.done()) {
      if (reader.accept("AS")) {
        switch (reader.keyword()) {
          case "SELECT", "WITH", "VALUES", "TABLE", "EXECUTE" -> {
            return true;
          }
          default -> {
            if (reader.at('(')) {
              return true;
            }
          }
        }
      } else {
        reader.skipItem();
      }
    }
    return false;
  }

  private void element(Reader element) throws Unexpected {
    if (element.at("LIKE")) {
      whole = true; // the columns of another table, whatever they are
      return;
    }
    if (element.cockroach()) {
      if (element.at("FAMILY")) {
        whole = true;
        return;
      }
      if (Indexes.beginsInTable(element)) {
        indexes.add(Indexes.inTable(element, table));
        return;
      }
    }
    if (Constraints.begins(element)) {
      constraints.add(Constraints.read(element, table));
      return;
    }
    var column = Columns.read(element, table, false);
    columns.add(column.column());
    constraints.addAll(column.constraints());
  }

  private List<AddColumn> withKeysNotNull() {
    Set<String> keys = new HashSet<>();
    for (var constraint : constraints) {
      if (constraint.kind() == AddConstraint.Kind.PRIMARY_KEY
          || constraint.kind() == AddConstraint.Kind.NOT_NULL) {
        keys.addAll(constraint.columns());
      }
    }
    var all = new ArrayList<AddColumn>(columns.size());
    for (var c : columns) {
      all.add(
          keys.contains(c.column()) && !c.notNull()
              ? new AddColumn(
                  c.table(), c.column(), c.type(), true, c.hasDefault(), c.definition(), false)
              : c);
    }
    return all;
  }
}
