package dev.pawl.engine.cockroach.world;

import dev.pawl.engine.cockroach.world.Descriptor.Table.Kind;
import dev.pawl.engine.sql.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads CockroachDB's data definition language: by the grammar of its documentation, and by nothing
 * of Pawl's own classifier, whose mistakes it is to show.
 */
final class DdlParser {
  private final Cursor in;
  private final List<Token> tokens;

  private DdlParser(List<Token> tokens) {
    this.tokens = tokens;
    this.in = new Cursor(tokens);
  }

  /** Whether a statement is one of those that change the schema or a job. */
  static boolean recognises(List<Token> tokens) {
    var first = tokens.getFirst();
    return first.is("CREATE")
        || first.is("ALTER")
        || first.is("DROP")
        || first.is("TRUNCATE")
        || first.is("REFRESH")
        || first.is("COMMENT")
        || first.is("GRANT")
        || first.is("REVOKE")
        || (first.is("PAUSE") || first.is("RESUME") || first.is("CANCEL"))
            && (Sql.at(tokens, 1, "JOB") || Sql.at(tokens, 1, "JOBS"));
  }

  /**
   * A statement as read.
   *
   * @param description as its job will have it
   */
  record Parsed(Ddl ddl, String description) {}

  /**
   * The statement.
   *
   * @throws SqlError.Thrown for what the model does not know
   */
  static Parsed parse(List<Token> tokens) {
    var parser = new DdlParser(tokens);
    var ddl = parser.statement();
    parser.in.end();
    return new Parsed(ddl, parser.in.described());
  }

  private SqlError.Thrown unknown() {
    return SqlError.unknown("the statement " + Sql.text(tokens)).thrown();
  }

  private Ddl statement() {
    if (in.take("CREATE")) {
      return create();
    }
    if (in.take("DROP")) {
      return drop();
    }
    if (in.take("ALTER")) {
      return alter();
    }
    if (in.take("TRUNCATE")) {
      in.take("TABLE");
      var tables = in.names();
      behaviour();
      return new Ddl.Truncate(tables);
    }
    if (in.take("REFRESH")) {
      in.expect("MATERIALIZED", "VIEW");
      in.take("CONCURRENTLY");
      var view = in.name();
      in.take("WITH", "DATA");
      return new Ddl.Refresh(view);
    }
    for (var verb : Ddl.JobControl.Verb.values()) {
      if (in.take(verb.name(), "JOB")) {
        return new Ddl.JobControl(verb, List.of(in.number()));
      }
    }
    if (in.take("COMMENT", "ON")) {
      in.until();
      return new Ddl.Nothing("COMMENT ON");
    }
    for (var verb : List.of("GRANT", "REVOKE")) {
      if (in.take(verb)) {
        in.until();
        return new Ddl.Nothing(verb);
      }
    }
    throw unknown();
  }

  private boolean ifNotExists() {
    return in.take("IF", "NOT", "EXISTS");
  }

  private boolean ifExists() {
    return in.take("IF", "EXISTS");
  }

  private boolean behaviour() {
    return !in.take("RESTRICT") && in.take("CASCADE");
  }

  private Ddl create() {
    if (in.take("TABLE")) {
      return table();
    }
    boolean materialized = in.take("MATERIALIZED");
    if (in.take("VIEW")) {
      boolean ifNotExists = ifNotExists();
      var name = in.name();
      if (in.see('(')) {
        in.group();
      }
      in.expect("AS");
      var query = in.rest();
      in.until();
      return new Ddl.CreateAs(
          name, ifNotExists, materialized ? Kind.MATERIALIZED_VIEW : Kind.VIEW, query);
    }
    if (in.take("SEQUENCE")) {
      boolean ifNotExists = ifNotExists();
      var name = in.name();
      in.until();
      return new Ddl.CreateSequence(name, ifNotExists);
    }
    if (in.take("TYPE")) {
      boolean ifNotExists = ifNotExists();
      var name = in.name();
      in.expect("AS", "ENUM");
      in.expect('(');
      var labels = new ArrayList<String>();
      while (!in.see(')')) {
        labels.add(in.string());
        if (!in.take(',')) {
          break;
        }
      }
      in.expect(')');
      return new Ddl.CreateType(name, ifNotExists, labels);
    }
    if (in.take("SCHEMA")) {
      boolean ifNotExists = ifNotExists();
      return new Ddl.CreateSchema(in.identifier(), ifNotExists);
    }
    boolean unique = in.take("UNIQUE");
    var method = TableParser.method(in);
    if (in.take("INDEX")) {
      in.take("CONCURRENTLY"); // accepted and without meaning (docs, "CREATE INDEX")
      boolean ifNotExists = ifNotExists();
      Optional<String> name = in.see("ON") ? Optional.empty() : Optional.of(in.identifier());
      in.expect("ON");
      var table = in.name();
      return new Ddl.CreateIndex(table, ifNotExists, TableParser.index(in, name, unique, method));
    }
    throw unknown();
  }

  private Ddl table() {
    boolean ifNotExists = ifNotExists();
    var name = in.name();
    if (in.take("AS")) {
      var query = in.rest();
      in.until();
      return new Ddl.CreateAs(name, ifNotExists, Kind.TABLE, query);
    }
    var body = new Cursor(in.group());
    var columns = new ArrayList<Ddl.ColumnDef>();
    var constraints = new ArrayList<Ddl.ConstraintDef>();
    var indexes = new ArrayList<Ddl.IndexDef>();
    while (!body.done()) {
      TableParser.element(body, columns, constraints, indexes);
      if (!body.take(',')) {
        break;
      }
    }
    body.end();
    if (in.take("WITH")) {
      in.group();
    }
    return new Ddl.CreateTable(name, ifNotExists, columns, constraints, indexes);
  }

  private Ddl drop() {
    if (in.take("INDEX")) {
      in.take("CONCURRENTLY");
      boolean ifExists = ifExists();
      var indexes = new ArrayList<Ddl.IndexRef>();
      do {
        indexes.add(indexRef());
      } while (in.take(','));
      return new Ddl.DropIndex(indexes, ifExists, behaviour());
    }
    var kind =
        in.take("TABLE")
            ? Kind.TABLE
            : in.take("VIEW")
                ? Kind.VIEW
                : in.take("MATERIALIZED", "VIEW")
                    ? Kind.MATERIALIZED_VIEW
                    : in.take("SEQUENCE") ? Kind.SEQUENCE : null;
    if (kind != null) {
      boolean ifExists = ifExists();
      var names = in.names();
      return new Ddl.DropRelations(kind, names, ifExists, behaviour());
    }
    if (in.take("TYPE")) {
      boolean ifExists = ifExists();
      var names = in.names();
      behaviour();
      return new Ddl.DropTypes(names, ifExists);
    }
    if (in.take("SCHEMA")) {
      boolean ifExists = ifExists();
      var names = new ArrayList<String>();
      do {
        names.add(in.identifier());
      } while (in.take(','));
      return new Ddl.DropSchemas(names, ifExists, behaviour());
    }
    throw unknown();
  }

  /** Either table@index or index. */
  private Ddl.IndexRef indexRef() {
    var first = in.name();
    if (in.take('@')) {
      return new Ddl.IndexRef(Optional.of(first), in.identifier());
    }
    return new Ddl.IndexRef(Optional.empty(), first.name());
  }

  private Ddl alter() {
    if (in.take("TABLE")) {
      boolean ifExists = ifExists();
      var name = in.name();
      var actions = new ArrayList<Ddl.Action>();
      do {
        actions.add(TableParser.action(in, this::unknown));
      } while (in.take(','));
      return new Ddl.AlterTable(name, ifExists, actions);
    }
    if (in.take("INDEX")) {
      boolean ifExists = ifExists();
      var index = indexRef();
      in.expect("RENAME", "TO");
      return new Ddl.RenameIndex(index, ifExists, in.identifier());
    }
    if (in.take("TYPE")) {
      var type = in.name();
      if (in.take("ADD", "VALUE")) {
        boolean ifNotExists = ifNotExists();
        var label = in.string();
        if (in.take("BEFORE") || in.take("AFTER")) {
          in.string(); // the order of values is not modelled
        }
        return new Ddl.AddValue(type, ifNotExists, label);
      }
      if (in.take("DROP", "VALUE")) {
        return new Ddl.DropValue(type, in.string());
      }
      if (in.take("RENAME", "TO")) {
        return new Ddl.RenameType(type, in.identifier());
      }
    }
    throw unknown();
  }
}
