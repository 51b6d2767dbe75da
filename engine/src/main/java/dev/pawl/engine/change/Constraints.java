package dev.pawl.engine.change;

import dev.pawl.engine.change.AddConstraint.Kind;
import dev.pawl.engine.change.Reader.Unexpected;
import dev.pawl.engine.sql.QualifiedName;
import java.util.List;
import java.util.Optional;

/** Reads a constraint, of a table or behind a column. */
final class Constraints {
  private final Kind kind;
  private final Optional<String> name;
  private List<String> columns = List.of();
  private Optional<QualifiedName> references = Optional.empty();
  private List<String> referencedColumns = List.of();
  private Optional<String> usingIndex = Optional.empty();
  private boolean notValid;
  private boolean notEnforced;
  private boolean nullsNotDistinct;
  private boolean withoutIndex;

  /** The beginning of its body, where that cannot be cut out of the author's text. */
  private String head = "";

  private int from;

  private Constraints(Kind kind, Optional<String> name, int from) {
    this.kind = kind;
    this.name = name;
    this.from = from;
  }

  /** Whether a constraint of the table begins here, and not a column of that name. */
  static boolean begins(Reader reader) {
    return switch (reader.keyword()) {
      case "CONSTRAINT", "CHECK", "UNIQUE", "PRIMARY", "FOREIGN" -> true;
      case "NOT" -> reader.keyword(1).equals("NULL");
      case "EXCLUDE" -> reader.ahead(1, '(') || reader.keyword(1).equals("USING");
      default -> false;
    };
  }

  /** A constraint of the table, to the end. */
  static AddConstraint read(Reader reader, QualifiedName table) throws Unexpected {
    Optional<String> name = Optional.empty();
    boolean ifNotExists = false;
    if (reader.accept("CONSTRAINT")) {
      ifNotExists = reader.accept("IF", "NOT", "EXISTS");
      name = Optional.of(reader.identifier());
    }
    var kind =
        switch (reader.keyword()) {
          case "CHECK" -> Kind.CHECK;
          case "UNIQUE" -> Kind.UNIQUE;
          case "PRIMARY" -> Kind.PRIMARY_KEY;
          case "FOREIGN" -> Kind.FOREIGN_KEY;
          case "EXCLUDE" -> Kind.EXCLUDE;
          case "NOT" -> Kind.NOT_NULL;
          default -> throw reader.unexpected("a kind of constraint");
        };
    var constraint = new Constraints(kind, name, reader.place());
    constraint.words(reader);
    constraint.subject(reader);
    while (!reader.done()) {
      constraint.attribute(reader);
    }
    return constraint.made(reader, table, ifNotExists);
  }

  /** A constraint behind a column, as if it were one of the table; its attributes follow. */
  static Constraints behindColumn(Reader reader, Kind kind, Optional<String> name, String column)
      throws Unexpected {
    var constraint = new Constraints(kind, name, reader.place());
    if (kind == Kind.FOREIGN_KEY) {
      constraint.columns = List.of(column);
      constraint.references(reader);
      return constraint;
    }
    constraint.words(reader);
    if (kind == Kind.CHECK) {
      reader.parenthesised();
    } else {
      constraint.columns = List.of(column);
      constraint.head =
          reader.textSince(constraint.from) + " (" + QualifiedName.quote(column) + ")";
      constraint.from = reader.place();
    }
    return constraint;
  }

  private void words(Reader reader) throws Unexpected {
    reader.skip();
    switch (kind) {
      case PRIMARY_KEY, FOREIGN_KEY -> reader.expect("KEY");
      case NOT_NULL -> reader.expect("NULL");
      case UNIQUE -> {
        if (reader.accept("NULLS")) {
          nullsNotDistinct = reader.accept("NOT");
          reader.expect("DISTINCT");
        }
        withoutIndex = reader.accept("WITHOUT", "INDEX");
      }
      case CHECK, EXCLUDE -> {}
    }
  }

  private void subject(Reader reader) throws Unexpected {
    switch (kind) {
      case PRIMARY_KEY, UNIQUE -> {
        if (reader.accept("USING", "INDEX")) {
          usingIndex = Optional.of(reader.identifier());
        } else {
          columns = reader.columns();
        }
      }
      case FOREIGN_KEY -> {
        columns = reader.columns();
        if (!reader.at("REFERENCES")) {
          throw reader.unexpected("REFERENCES");
        }
        references(reader);
      }
      case NOT_NULL -> columns = List.of(reader.identifier());
      case CHECK -> reader.parenthesised();
      case EXCLUDE -> {}
    }
  }

  private void references(Reader reader) throws Unexpected {
    reader.skip();
    references = Optional.of(reader.name());
    from = reader.place();
    if (reader.at('(')) {
      referencedColumns = reader.columns();
    }
  }

  /** Passes one of the things that may follow. */
  void attribute(Reader reader) throws Unexpected {
    if (reader.accept("NOT", "VALID")) {
      notValid = true;
    } else if (reader.accept("NOT", "ENFORCED")) {
      notEnforced = true;
    } else if (!reader.accept("SET", "NULL") && !reader.accept("SET", "DEFAULT")) {
      reader.skipItem();
    }
  }

  /** With what was read up to here. */
  AddConstraint made(Reader reader, QualifiedName table, boolean ifNotExists) {
    return new AddConstraint(
        table,
        name,
        kind,
        columns,
        notValid,
        notEnforced,
        references,
        referencedColumns,
        usingIndex,
        nullsNotDistinct,
        withoutIndex,
        (head + " " + reader.textSince(from)).strip(),
        ifNotExists);
  }
}
