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
import dev.pawl.engine.change.DropColumn;
import dev.pawl.engine.change.DropConstraint;
import dev.pawl.engine.change.DropIndex;
import dev.pawl.engine.change.DropObject;
import dev.pawl.engine.change.DropTable;
import dev.pawl.engine.change.Rename;
import dev.pawl.engine.change.SchemaChange;
import dev.pawl.engine.change.SetSchema;
import dev.pawl.engine.change.ValidateConstraint;
import dev.pawl.engine.sql.Literal;
import dev.pawl.engine.sql.QualifiedName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The predicate of a change on CockroachDB: what the catalog must show, and that no job which may
 * concern it is unfinished, in one SELECT.
 */
final class CockroachPredicates {
  private CockroachPredicates() {}

  static Optional<String> of(SchemaChange change) {
    return condition(change)
        .map(
            condition ->
                """
                SELECT %s
                   AND %s
                """
                    .formatted(noJob(CockroachNames.of(change)), indented(condition, 3)));
  }

  /** But for a line break within a name. */
  private static String indented(String text, int spaces) {
    var out = new StringBuilder();
    char quote = 0;
    for (char c : text.strip().toCharArray()) {
      out.append(c);
      if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else if (c == '\n') {
        out.append(" ".repeat(spaces));
      }
    }
    return out.toString();
  }

  /**
   * By the name anywhere in a description, or an ellipsis: the list shortens descriptions since
   * 24.1. A name that a description may write in another way matches every job.
   */
  private static String noJob(List<QualifiedName> names) {
    var job =
        """
        NOT EXISTS (
          SELECT 1 FROM [SHOW JOBS]
           WHERE job_type LIKE '%SCHEMA CHANGE'
             AND status NOT IN ('succeeded', 'failed', 'canceled', 'revert-failed')\
        """;
    boolean plain =
        !names.isEmpty() && names.stream().allMatch(n -> n.name().matches("[a-z_][a-z0-9_]*"));
    if (!plain) {
      return job + ")";
    }
    var mentioned =
        names.stream()
            .map(QualifiedName::name)
            .distinct()
            .map(n -> "\n       OR strpos(lower(description), " + Literal.text(n) + ") > 0")
            .collect(Collectors.joining());
    return job
        + "\n     AND (description IS NULL"
        + "\n       OR description LIKE '%…%'"
        + "\n       OR description LIKE '%...%'"
        + mentioned
        + "))";
  }

  private static Optional<String> condition(SchemaChange change) {
    return switch (change) {
      case CreateIndex c -> c.name().map(name -> index(c, name));
      case DropIndex c -> Optional.of(indexesGone(c));
      case AlterPrimaryKey c -> Optional.of(primaryKey(c.table(), c.columns()));
      case AddConstraint c -> constraint(c);
      case ValidateConstraint c ->
          Optional.of(
              constraints(c.table(), c.name(), "validated", "details NOT LIKE '%NOT VALID'"));
      case DropConstraint c -> Optional.of("NOT " + constraints(c.table(), c.name()));
      case AddColumn c ->
          Optional.of(
              column(c.table(), c.column(), nullable(!c.notNull()), type(c.type()).orElse("")));
      case DropColumn c -> Optional.of("NOT " + column(c.table(), c.column()));
      case AlterColumn c -> altered(c);
      case CreateTable c -> Optional.of(relation(c.table(), "'r'"));
      case CreateMaterializedView c -> Optional.of(relation(c.view(), "'m'"));
      case CreateType c -> Optional.of(type(c));
      case AddEnumValue c -> Optional.of(labels(c.type(), List.of(c.label())));
      case DropTable c ->
          Optional.of(
              c.tables().stream()
                  .map(t -> "NOT " + relation(t, "'r'"))
                  .collect(Collectors.joining("\nAND ")));
      case DropObject c -> dropped(c);
      case CreateObject c -> created(c);
      case Rename c -> renamed(c);
      case SetSchema c -> moved(c);
      default -> Optional.empty();
    };
  }

  private static String texts(List<String> values) {
    return "ARRAY[" + values.stream().map(Literal::text).collect(Collectors.joining(", ")) + "]";
  }

  /** Each row once: until 23.1 SHOW INDEXES may tell them again for another schema's table. */
  private static String keys(
      QualifiedName table, String name, List<String> columns, List<String> rest) {
    return """
    (SELECT array_agg(k.name ORDER BY k.seq_in_index) = %s%s
       FROM (SELECT DISTINCT seq_in_index, direction, non_unique,
                    CASE WHEN column_name LIKE 'crdb_internal_idx_expr%%'
                         THEN '(expression)' ELSE column_name END AS name
               FROM [SHOW INDEXES FROM %s]
              WHERE index_name = %s AND NOT storing AND NOT implicit
                AND column_name NOT LIKE 'crdb_internal_%%_shard_%%') AS k)
    """
        .formatted(
            texts(columns),
            rest.stream().map(r -> "\n        AND " + r).collect(Collectors.joining()),
            table.quoted(),
            name);
  }

  private static String index(CreateIndex change, String name) {
    var columns = change.keys().stream().map(k -> k.column().orElse("(expression)")).toList();
    var directions = change.keys().stream().map(k -> k.descending() ? "DESC" : "ASC").toList();
    var rest = new ArrayList<String>();
    rest.add("array_agg(k.direction ORDER BY k.seq_in_index) = " + texts(directions));
    rest.add(change.unique() ? "bool_and(NOT k.non_unique)" : "bool_and(k.non_unique)");
    return keys(change.table(), Literal.text(name), columns, rest);
  }

  private static String indexesGone(DropIndex change) {
    var names =
        change.indexes().stream()
            .map(i -> Literal.text(i.name()))
            .collect(Collectors.joining(", "));
    var first = change.table().orElse(change.indexes().getFirst());
    return """
    NOT EXISTS (
      SELECT 1 FROM pg_catalog.pg_indexes
       WHERE indexname IN (%s) AND %s%s)
    """
        .formatted(
            names,
            CockroachCatalog.schemaIs("schemaname", first),
            change.table().map(t -> " AND tablename = " + Literal.text(t.name())).orElse(""));
  }

  private static String primaryKey(QualifiedName table, List<String> columns) {
    return keys(
        table,
        "(SELECT constraint_name FROM [SHOW CONSTRAINTS FROM "
            + table.quoted()
            + "] WHERE constraint_type = 'PRIMARY KEY')",
        columns,
        List.of());
  }

  private static Optional<String> constraint(AddConstraint change) {
    return switch (change.kind()) {
      case PRIMARY_KEY -> Optional.of(primaryKey(change.table(), change.columns()));
      case UNIQUE ->
          change
              .name()
              .map(
                  n ->
                      keys(
                          change.table(),
                          Literal.text(n),
                          change.columns(),
                          List.of("bool_and(NOT k.non_unique)")));
      case CHECK, FOREIGN_KEY -> {
        var type =
            "constraint_type = "
                + (change.kind() == AddConstraint.Kind.CHECK ? "'CHECK'" : "'FOREIGN KEY'");
        yield change
            .name()
            .map(
                n ->
                    change.notValid()
                        ? constraints(change.table(), n, type)
                        : constraints(
                            change.table(), n, type, "validated", "details NOT LIKE '%NOT VALID'"));
      }
      case EXCLUDE, NOT_NULL -> Optional.empty();
    };
  }

  private static String constraints(QualifiedName table, String name, String... conditions) {
    return exists(
        "[SHOW CONSTRAINTS FROM " + table.quoted() + "]",
        "constraint_name = " + Literal.text(name),
        conditions);
  }

  private static String exists(String from, String first, String... conditions) {
    var all = new ArrayList<>(List.of(first));
    for (var condition : conditions) {
      if (!condition.isEmpty()) {
        all.add(condition);
      }
    }
    return """
    EXISTS (
      SELECT 1 FROM %s
       WHERE %s)
    """
        .formatted(from, String.join("\n     AND ", all));
  }

  private static String column(QualifiedName table, String column, String... conditions) {
    var all = new ArrayList<>(List.of(conditions));
    all.addFirst(CockroachCatalog.schemaIs("table_schema", table));
    return exists(
        "information_schema.columns",
        "table_name = " + Literal.text(table.name()) + " AND column_name = " + Literal.text(column),
        all.toArray(String[]::new));
  }

  private static String nullable(boolean nullable) {
    return "is_nullable = " + (nullable ? "'YES'" : "'NO'");
  }

  /** Of a type that is shown in one way only. */
  private static Optional<String> type(String written) {
    var type = CockroachText.type(written);
    if (!CockroachText.isBuiltIn(type) || written.toUpperCase(Locale.ROOT).contains("SERIAL")) {
      return Optional.empty();
    }
    return Optional.of(
        CockroachText.isPlainInt(written)
            ? "crdb_sql_type = 'INT' || current_setting('default_int_size') || "
                + Literal.text(type.substring("INT8".length()))
            : "crdb_sql_type = " + Literal.text(type));
  }

  private static Optional<String> altered(AlterColumn change) {
    var table = change.table();
    var column = change.column();
    return switch (change.action()) {
      case SET_NOT_NULL -> Optional.of(column(table, column, nullable(false)));
      case DROP_NOT_NULL -> Optional.of(column(table, column, nullable(true)));
      case DROP_DEFAULT -> Optional.of(column(table, column, "column_default IS NULL"));
      case SET_TYPE -> type(change.detail().orElseThrow()).map(t -> column(table, column, t));
      case SET_DEFAULT, OTHER -> Optional.empty(); // an older default would pass for the new one
    };
  }

  private static String relation(QualifiedName name, String kinds) {
    return exists(
        "pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace",
        "c.relname = " + Literal.text(name.name()) + " AND c.relkind IN (" + kinds + ")",
        CockroachCatalog.schemaIs("n.nspname", name));
  }

  private static final String TYPES =
      "pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace";

  private static String type(CreateType change) {
    return change.labels().isEmpty()
        ? typeThere(change.type())
        : labels(change.type(), change.labels());
  }

  private static String typeThere(QualifiedName type) {
    return exists(
        TYPES,
        "t.typname = " + Literal.text(type.name()),
        CockroachCatalog.schemaIs("n.nspname", type));
  }

  /** These labels in this order; later migrations may have added others between them. */
  private static String labels(QualifiedName type, List<String> labels) {
    return """
    (SELECT array_agg(e.enumlabel::text ORDER BY e.enumsortorder) = %s
       FROM pg_catalog.pg_enum e
       JOIN pg_catalog.pg_type t ON t.oid = e.enumtypid
       JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
      WHERE t.typname = %s AND e.enumlabel::text = ANY (%s)
        AND %s)
    """
        .formatted(
            texts(labels),
            Literal.text(type.name()),
            texts(labels),
            CockroachCatalog.schemaIs("n.nspname", type));
  }

  private static Optional<String> dropped(DropObject change) {
    var gone = new ArrayList<String>();
    for (var name : change.names()) {
      var there = there(change.kind(), name);
      if (there.isEmpty()) {
        return Optional.empty();
      }
      gone.add("NOT " + there.get());
    }
    return gone.isEmpty() ? Optional.empty() : Optional.of(String.join("AND ", gone));
  }

  /** That an object is there; empty for a kind that is not looked for. */
  private static Optional<String> there(String kind, QualifiedName name) {
    return switch (kind) {
      case "VIEW", "MATERIALIZED VIEW", "SEQUENCE" ->
          Optional.of(relation(name, "'r', 'v', 'm', 'S'"));
      case "TYPE" -> Optional.of(typeThere(name));
      case "SCHEMA" ->
          Optional.of(
              exists("information_schema.schemata", "schema_name = " + Literal.text(name.name())));
      case "DATABASE" ->
          Optional.of(exists("[SHOW DATABASES]", "database_name = " + Literal.text(name.name())));
      default -> Optional.empty();
    };
  }

  private static Optional<String> created(CreateObject change) {
    return switch (change.kind()) {
      case "SEQUENCE" -> Optional.of(relation(change.name(), "'S'"));
      case "VIEW" -> Optional.of(relation(change.name(), "'v'"));
      default -> there(change.kind(), change.name());
    };
  }

  private static Optional<String> renamed(Rename change) {
    return named(change, change.to())
        .flatMap(
            to ->
                named(change, change.from().name()).map(from -> to.strip() + "\nAND NOT " + from));
  }

  private static Optional<String> named(Rename change, String name) {
    return switch (change.kind()) {
      case COLUMN -> Optional.of(column(change.in().orElseThrow(), name));
      case CONSTRAINT -> Optional.of(constraints(change.in().orElseThrow(), name));
      case LABEL -> Optional.of(labels(change.in().orElseThrow(), List.of(name)).strip());
      case INDEX -> Optional.of(indexThere(change, name));
      case TABLE, VIEW, MATERIALIZED_VIEW, SEQUENCE, FOREIGN_TABLE ->
          there("VIEW", change.from().sibling(name));
      case TYPE, SCHEMA -> there(change.kind().name(), change.from().sibling(name));
    };
  }

  private static String indexThere(Rename change, String name) {
    var path = change.in().orElse(change.from());
    return exists(
        "pg_catalog.pg_indexes",
        "indexname = " + Literal.text(name),
        CockroachCatalog.schemaIs("schemaname", path),
        change.in().map(t -> "tablename = " + Literal.text(t.name())).orElse(""));
  }

  private static Optional<String> moved(SetSchema change) {
    var kind = change.kind() == Rename.Kind.TYPE ? "TYPE" : "VIEW";
    return there(kind, CockroachRenames.target(change))
        .flatMap(to -> there(kind, change.object()).map(from -> to.strip() + "\nAND NOT " + from));
  }
}
