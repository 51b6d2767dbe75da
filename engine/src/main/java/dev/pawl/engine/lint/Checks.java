package dev.pawl.engine.lint;

import dev.pawl.engine.change.AddConstraint;
import dev.pawl.engine.change.Reader;
import dev.pawl.engine.change.Reader.Unexpected;
import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.Splitter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What constraints prove of a table's columns. */
final class Checks {
  private Checks() {}

  static void add(Table table, AddConstraint add, DatabaseKind kind) {
    boolean valid = !add.notValid() && !add.notEnforced();
    switch (add.kind()) {
      case CHECK -> {
        var notNull = notNull(add.body(), kind);
        table.checks.put(name(table, add, notNull), new Table.Check(notNull, false, valid));
      }
      case NOT_NULL -> {
        var columns = Set.copyOf(add.columns());
        table.checks.put(name(table, add, columns), new Table.Check(columns, true, valid));
        if (valid) {
          columns.forEach(c -> table.setNotNull(c, true));
        }
      }
      case PRIMARY_KEY -> {
        add.columns().forEach(c -> table.setNotNull(c, true));
        index(table, add);
      }
      case UNIQUE -> index(table, add);
      case FOREIGN_KEY, EXCLUDE -> {}
    }
  }

  private static void index(Table table, AddConstraint add) {
    var columns = add.columns();
    if (add.usingIndex().isPresent()) {
      var index = table.indexes.remove(add.usingIndex().get());
      columns = index == null ? List.of() : index.keys();
      if (add.kind() == AddConstraint.Kind.PRIMARY_KEY) {
        columns.forEach(c -> table.setNotNull(c, true));
      }
    }
    var name =
        add.name()
            .orElse(
                add.kind() == AddConstraint.Kind.PRIMARY_KEY
                    ? table.name.name() + "_pkey"
                    : table.name.name() + "_" + String.join("_", columns) + "_key");
    table.indexes.put(name, new Table.Index(columns, List.of(), true));
  }

  /** The name, or the one that PostgreSQL makes up. */
  private static String name(Table table, AddConstraint add, Set<String> columns) {
    if (add.name().isPresent()) {
      return add.name().get();
    }
    var column = columns.size() == 1 ? columns.iterator().next() + "_" : "";
    var kind = add.kind() == AddConstraint.Kind.NOT_NULL ? "not_null" : "check";
    var base = table.name.name() + "_" + column + kind;
    var name = base;
    for (int i = 1; table.checks.containsKey(name); i++) {
      name = base + i;
    }
    return name;
  }

  /** The columns c of which a CHECK says c IS NOT NULL, alone or beside others with AND. */
  static Set<String> notNull(String body, DatabaseKind kind) {
    var columns = new HashSet<String>();
    for (var statement : Splitter.split(body, kind)) {
      var reader = new Reader(statement, kind);
      try {
        if (reader.accept("CHECK") && reader.at('(')) {
          for (var condition : conjuncts(inside(reader))) {
            notNullColumn(condition).ifPresent(columns::add);
          }
        }
      } catch (Unexpected e) {
        // Then it proves nothing that is known here.
      }
    }
    return columns;
  }

  /** What stands in the parentheses here, and only in them; commas do not matter. */
  private static Reader inside(Reader reader) throws Unexpected {
    var parts = reader.parenthesised();
    if (parts.size() != 1) {
      throw reader.unexpected("one condition");
    }
    return parts.getFirst();
  }

  /**
   * The conditions between AND; one alone where there is an OR. Parentheses around are taken off.
   */
  private static List<Reader> conjuncts(Reader condition) throws Unexpected {
    var open = new ArrayList<Reader>(List.of(condition));
    var found = new ArrayList<Reader>();
    while (!open.isEmpty()) {
      var reader = open.removeLast();
      int from = reader.place();
      boolean or = reader.parts("OR").size() > 1;
      reader.back(from);
      var parts = reader.parts("AND");
      reader.back(from);
      if (parts.size() > 1 && !or) {
        open.addAll(parts);
        continue;
      }
      if (reader.at('(')) {
        reader.skipItem();
        if (reader.done()) {
          reader.back(from);
          open.add(inside(reader));
          continue;
        }
        reader.back(from);
      }
      found.add(reader);
    }
    return found;
  }

  private static Optional<String> notNullColumn(Reader condition) throws Unexpected {
    if (!condition.atIdentifier()) {
      return Optional.empty();
    }
    var column = condition.identifier();
    boolean notNull = condition.accept("IS", "NOT", "NULL") || condition.accept("NOTNULL");
    return notNull && condition.done() ? Optional.of(column) : Optional.empty();
  }
}
