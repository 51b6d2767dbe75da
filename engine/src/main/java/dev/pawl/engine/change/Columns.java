package dev.pawl.engine.change;

import dev.pawl.engine.change.AddConstraint.Kind;
import dev.pawl.engine.change.Reader.Unexpected;
import dev.pawl.engine.sql.QualifiedName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the definition of one column, of CREATE TABLE or ADD COLUMN: name, type, constraints. */
final class Columns {
  /** A column with the constraints written behind it. */
  record Column(AddColumn column, List<AddConstraint> constraints) {}

  private final Reader reader;
  private final QualifiedName table;
  private final String column;
  private final boolean ifNotExists;
  private final List<AddConstraint> constraints = new ArrayList<>();

  /** What is neither a constraint of its own nor the name of one. */
  private final List<String> definition = new ArrayList<>();

  private int definedFrom;
  private Optional<String> name = Optional.empty();
  private Optional<Constraints> open = Optional.empty();
  private boolean notNull;
  private boolean hasDefault;

  private Columns(Reader reader, QualifiedName table, String column, boolean ifNotExists) {
    this.reader = reader;
    this.table = table;
    this.column = column;
    this.ifNotExists = ifNotExists;
    this.definedFrom = reader.place();
  }

  /** From the column's name to the end. */
  static Column read(Reader reader, QualifiedName table, boolean ifNotExists) throws Unexpected {
    var columns = new Columns(reader, table, reader.identifier(), ifNotExists);
    int from = reader.place();
    while (!reader.done() && !endsType(reader)) {
      reader.skipItem();
    }
    var type = reader.textSince(from);
    while (!reader.done()) {
      columns.clause();
    }
    columns.close();
    columns.define();
    return new Column(
        new AddColumn(
            table,
            columns.column,
            type,
            columns.notNull,
            columns.hasDefault,
            String.join("\n", columns.definition),
            ifNotExists),
        columns.constraints);
  }

  private static boolean endsType(Reader reader) {
    return switch (reader.keyword()) {
      case "DEFERRABLE", "INITIALLY", "NOT", "ON", "OPTIONS" -> true;
      default -> beginsClause(reader);
    };
  }

  /** Whether what is here is no part of the constraint before it. */
  private static boolean beginsClause(Reader reader) {
    return switch (reader.keyword()) {
      case "NOT" -> reader.keyword(1).equals("NULL") || reader.keyword(1).equals("VISIBLE");
      case "AS",
          "CHECK",
          "COLLATE",
          "COMPRESSION",
          "CONSTRAINT",
          "CREATE",
          "DEFAULT",
          "FAMILY",
          "GENERATED",
          "NULL",
          "PRIMARY",
          "REFERENCES",
          "STORAGE",
          "UNIQUE",
          "VISIBLE" ->
          true;
      default -> false;
    };
  }

  private void clause() throws Unexpected {
    if (open.isPresent() && !beginsClause(reader)) {
      open.get().attribute(reader);
      return;
    }
    close();
    switch (reader.keyword()) {
      case "CONSTRAINT" -> {
        define();
        reader.skip();
        name = Optional.of(reader.identifier());
        definedFrom = reader.place();
        return; // whose name it is, comes next
      }
      case "PRIMARY" -> {
        notNull = true;
        open(Kind.PRIMARY_KEY);
      }
      case "UNIQUE" -> open(Kind.UNIQUE);
      case "REFERENCES" -> open(Kind.FOREIGN_KEY);
      case "CHECK" -> open(Kind.CHECK);
      case "NOT" -> {
        notNull |= reader.accept("NOT", "NULL");
        if (reader.at("NOT")) {
          reader.skip();
        }
      }
      case "DEFAULT", "GENERATED", "AS" -> {
        hasDefault = true;
        value();
      }
      default -> reader.skipItem();
    }
    name = Optional.empty();
  }

  /** A default or a computed value; what stands between CASE and END are no clauses. */
  private void value() throws Unexpected {
    reader.skip();
    int depth = 0;
    while (!reader.done()) {
      if (reader.at("CASE")) {
        depth++;
      } else if (reader.at("END")) {
        depth--;
      }
      reader.skipItem();
      if (depth <= 0) {
        return;
      }
    }
  }

  private void open(Kind kind) throws Unexpected {
    define();
    open = Optional.of(Constraints.behindColumn(reader, kind, name, column));
  }

  /** What was read up to here belongs to the column itself. */
  private void define() {
    var text = reader.textSince(definedFrom);
    if (!text.isEmpty()) {
      definition.add(text);
    }
    definedFrom = reader.place();
  }

  private void close() {
    if (open.isPresent()) {
      constraints.add(open.get().made(reader, table, ifNotExists));
      open = Optional.empty();
      definedFrom = reader.place();
    }
  }
}
