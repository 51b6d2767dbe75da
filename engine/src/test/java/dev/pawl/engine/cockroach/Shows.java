package dev.pawl.engine.cockroach;

import dev.pawl.engine.cockroach.world.Descriptor;
import dev.pawl.engine.cockroach.world.Index;
import dev.pawl.engine.cockroach.world.Name;
import dev.pawl.engine.cockroach.world.Sql;
import dev.pawl.engine.cockroach.world.SqlError;
import dev.pawl.engine.cockroach.world.World;
import dev.pawl.engine.sql.Token;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** SHOW statements, as a table that can be selected from. */
final class Shows {
  /** A membership and a role option. */
  private static final Set<String> NO_PRIVILEGE = Set.of("ADMIN", "CONTROLJOB");

  private final Catalog catalog;
  private final Function<List<Token>, String> rewrite;

  /**
   * For one session.
   *
   * @param rewrite for a SELECT inside
   */
  Shows(Catalog catalog, Function<List<Token>, String> rewrite) {
    this.catalog = catalog;
    this.rewrite = rewrite;
  }

  /**
   * A parenthesised SELECT that gives what the SHOW gives; empty where it shows a setting.
   *
   * @param tokens from SHOW on
   * @throws SqlError.Thrown for a table that is not there, and for what the model does not know
   */
  Optional<String> sql(List<Token> tokens) {
    var what = tokens.size() > 1 ? tokens.get(1).keyword() : "";
    return switch (what) {
      case "JOBS", "AUTOMATIC" -> Optional.of(jobs(tokens));
      case "JOB" -> Optional.of(job(tokens));
      case "SESSIONS" -> Optional.of(SessionRows.sql(catalog));
      case "CLUSTER" -> {
        if (tokens.size() != 3 || !Sql.at(tokens, 2, "SESSIONS")) {
          throw SqlError.unknown("the statement " + Sql.text(tokens)).thrown();
        }
        yield Optional.of(SessionRows.sql(catalog));
      }
      case "INDEX", "INDEXES", "KEYS" -> Optional.of(indexes(from(tokens)).sql());
      case "CONSTRAINT", "CONSTRAINTS" -> Optional.of(constraints(from(tokens)).sql());
      case "COLUMNS" -> Optional.of(columns(from(tokens)).sql());
      case "TABLES" -> Optional.of(tables(tokens));
      case "ENUMS", "TYPES" -> Optional.of(enums(tokens).sql());
      case "SCHEMAS" -> {
        var rows = new Rows("schema_name text", "owner text");
        catalog.schemas().forEach(s -> rows.add(s, s.equals("public") ? "admin" : "root"));
        yield Optional.of(
            rows.also(
                    "SELECT nspname::text, 'root' FROM pg_catalog.pg_namespace WHERE nspname ="
                        + " 'pawl'")
                .sql());
      }
      case "SEQUENCES" -> {
        var rows = new Rows("sequence_schema text", "sequence_name text");
        catalog.tables().stream()
            .filter(t -> t.kind() == Descriptor.Table.Kind.SEQUENCE)
            .forEach(t -> rows.add(t.name().schema(), t.name().name()));
        yield Optional.of(rows.sql());
      }
      case "DATABASES" -> {
        var rows = new Rows("database_name text", "owner text");
        List.of(World.DATABASE, "postgres", "system").forEach(d -> rows.add(d, "root"));
        yield Optional.of(rows.sql());
      }
      case "SYSTEM" -> Optional.of(systemGrants(tokens).sql());
      case "GRANTS" -> Optional.of(grants(tokens).sql());
      case "USERS", "ROLES" -> Optional.of(users().sql());
      case "CREATE" -> Optional.of(created(tokens).sql());
      default -> {
        if (tokens.size() > 2 && !Sql.at(tokens, 1, "TRANSACTION", "ISOLATION", "LEVEL")) {
          throw SqlError.unknown("the statement " + Sql.text(tokens)).thrown();
        }
        yield Optional.empty();
      }
    };
  }

  /** The table after FROM. */
  private Descriptor.Table from(List<Token> tokens) {
    int at = 2;
    if (!Sql.at(tokens, at, "FROM") || Sql.at(tokens, at + 1, "DATABASE")) {
      throw SqlError.unknown("the statement " + Sql.text(tokens)).thrown();
    }
    return table(tokens, at + 1);
  }

  private Descriptor.Table table(List<Token> tokens, int at) {
    var name = name(tokens.subList(at, tokens.size()));
    return catalog
        .table(name)
        .orElseThrow(
            () ->
                new SqlError.Thrown(
                    "42P01",
                    "relation \""
                        + (name.schema().equals("public") ? name.name() : name)
                        + "\" does not exist"));
  }

  private static Name name(List<Token> tokens) {
    var parts = tokens.stream().filter(t -> !t.is('.')).map(Sql::name).collect(Collectors.toList());
    if (parts.size() == 3) {
      parts.removeFirst();
    }
    if (parts.contains("") || parts.isEmpty() || parts.size() > 2) {
      throw SqlError.unknown("the name " + Sql.text(tokens)).thrown();
    }
    return parts.size() == 2 ? new Name(parts.get(0), parts.get(1)) : Name.of(parts.getFirst());
  }

  /** SHOW JOBS lists, SHOW JOBS SELECT … shows these whole. */
  private String jobs(List<Token> tokens) {
    if (tokens.size() == 2) {
      return "(SELECT * FROM "
          + JobRows.rows(catalog, false).sql()
          + " AS jobs ORDER BY coalesce(finished, now()) DESC, started DESC)";
    }
    if (tokens.get(1).is("AUTOMATIC")) {
      return "(SELECT * FROM " + JobRows.rows(catalog, false).sql() + " AS jobs WHERE false)";
    }
    if (Sql.at(tokens, 2, "SELECT") || Sql.at(tokens, 2, "VALUES") || Sql.at(tokens, 2, '(')) {
      var inside = rewrite.apply(tokens.subList(2, tokens.size()));
      return "(SELECT * FROM "
          + JobRows.rows(catalog, true).sql()
          + " AS jobs WHERE job_id IN ("
          + inside
          + "))";
    }
    throw SqlError.unknown("the statement " + Sql.text(tokens)).thrown();
  }

  private String job(List<Token> tokens) {
    if (tokens.size() != 3) {
      // SHOW JOB WHEN COMPLETE waits, and fails while its job is paused.
      throw SqlError.unknown("the statement " + Sql.text(tokens)).thrown();
    }
    return "(SELECT * FROM "
        + JobRows.rows(catalog, true).sql()
        + " AS jobs WHERE job_id = ("
        + tokens.get(2).text()
        + "))";
  }

  private Rows indexes(Descriptor.Table table) {
    boolean visible = catalog.version.since(22, 2); // docs of 22.2, "SHOW INDEX"
    var rows =
        visible
            ? new Rows(
                "table_name text",
                "index_name text",
                "non_unique bool",
                "seq_in_index int8",
                "column_name text",
                "direction text",
                "storing bool",
                "implicit bool",
                "visible bool")
            : new Rows(
                "table_name text",
                "index_name text",
                "non_unique bool",
                "seq_in_index int8",
                "column_name text",
                "direction text",
                "storing bool",
                "implicit bool");
    for (var index : Catalog.indexes(table)) {
      // Until 23.1 the statement joined by names alone: a table of the same name in another
      // schema, with an index of the same name, makes every row come twice.
      int times = catalog.version.since(23, 1) ? 1 : namesakes(table, index);
      for (var column : Catalog.indexColumns(table, index)) {
        var values =
            new java.util.ArrayList<Object>(
                List.of(
                    table.name().name(),
                    index.name(),
                    !index.unique(),
                    column.place(),
                    column.key().column(),
                    // docs: N/A for a column that is only stored
                    column.storing() && !column.implicit()
                        ? "N/A"
                        : column.key().descending() ? "DESC" : "ASC",
                    column.storing(),
                    column.implicit()));
        if (visible) {
          values.add(true);
        }
        for (int k = 0; k < times; k++) {
          rows.add(values.toArray());
        }
      }
    }
    return rows;
  }

  private int namesakes(Descriptor.Table table, Index index) {
    return (int)
        catalog.tables().stream().filter(t -> t.name().name().equals(table.name().name())).count();
  }

  private Rows constraints(Descriptor.Table table) {
    var rows =
        new Rows(
            "table_name text",
            "constraint_name text",
            "constraint_type text",
            "details text",
            "validated bool");
    for (var c : Catalog.constraints(table)) {
      rows.add(table.name().name(), c.name(), c.type(), c.details(), c.validated());
    }
    return rows;
  }

  private Rows columns(Descriptor.Table table) {
    var rows =
        new Rows(
            "column_name text",
            "data_type text",
            "is_nullable bool",
            "column_default text",
            "generation_expression text",
            "indices text[]",
            "is_hidden bool");
    for (var c : Catalog.columns(table)) {
      var indices = new TreeSet<String>();
      for (var index : Catalog.indexes(table)) {
        if (Catalog.indexColumns(table, index).stream()
            .anyMatch(i -> i.key().column().equals(c.name()))) {
          indices.add(index.name());
        }
      }
      rows.add(
          c.name(), c.type(), !c.notNull(), c.defaultTo().orElse(null), "", indices, c.hidden());
    }
    return rows;
  }

  private String tables(List<Token> tokens) {
    Optional<String> schema = Optional.empty();
    if (tokens.size() > 2) {
      if (!tokens.get(2).is("FROM")) {
        throw SqlError.unknown("the statement " + Sql.text(tokens)).thrown();
      }
      var name = name(tokens.subList(3, tokens.size()));
      schema = name.name().equals(World.DATABASE) ? Optional.empty() : Optional.of(name.name());
    }
    var rows =
        new Rows(
            "schema_name text",
            "table_name text",
            "type text",
            "owner text",
            "estimated_row_count int8",
            "locality text");
    for (var t : catalog.tables()) {
      if (schema.isEmpty() || schema.get().equals(t.name().schema())) {
        rows.add(
            t.name().schema(),
            t.name().name(),
            t.kind().name().toLowerCase().replace('_', ' '),
            "root",
            0,
            null);
      }
    }
    if (schema.isEmpty() || schema.get().equals("pawl")) {
      rows.also(
          "SELECT 'pawl', relname::text, 'table', 'root', 0, NULL FROM pg_catalog.pg_class c JOIN"
              + " pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE nspname = 'pawl' AND"
              + " relkind = 'r'");
    }
    return rows.sql();
  }

  private Rows enums(List<Token> tokens) {
    boolean types = tokens.get(1).is("TYPES");
    Optional<String> schema =
        tokens.size() > 2 && tokens.get(2).is("FROM")
            ? Optional.of(name(tokens.subList(3, tokens.size())).name())
            : Optional.empty();
    var rows =
        types
            ? new Rows("schema text", "name text", "owner text")
            : new Rows("schema text", "name text", "values text[]", "owner text");
    for (var t : catalog.types()) {
      if (schema.isPresent() && !schema.get().equals(t.name().schema())) {
        continue;
      }
      if (types) {
        rows.add(t.name().schema(), t.name().name(), "root");
      } else {
        rows.add(
            t.name().schema(),
            t.name().name(),
            t.labels().stream().map(Descriptor.EnumType.Label::text).toList(),
            "root");
      }
    }
    return rows;
  }

  /** SHOW SYSTEM GRANTS [FOR user]: new in 22.2 (docs, "SHOW SYSTEM GRANTS"). */
  private Rows systemGrants(List<Token> tokens) {
    if (!catalog.version.since(22, 2) || !Sql.at(tokens, 2, "GRANTS")) {
      throw new SqlError.Thrown("42601", "at or near \"grants\": syntax error");
    }
    var rows = new Rows("grantee text", "privilege_type text", "is_grantable bool");
    var wanted = tokens.size() == 5 ? Optional.of(user(tokens.get(4))) : Optional.<String>empty();
    catalog
        .users
        .all()
        .forEach(
            (user, privileges) -> {
              if (wanted.isEmpty() || wanted.get().equals(user)) {
                privileges.stream()
                    .filter(p -> !NO_PRIVILEGE.contains(p))
                    .forEach(p -> rows.add(user, p, false));
              }
            });
    return rows;
  }

  private String user(Token token) {
    return token.is("CURRENT_USER") || token.is("SESSION_USER") ? caller() : Sql.name(token);
  }

  private String caller() {
    return catalog.caller.user();
  }

  /** Only SHOW GRANTS ON ROLE [role] [FOR user]. */
  private Rows grants(List<Token> tokens) {
    if (!Sql.at(tokens, 2, "ON", "ROLE")) {
      throw SqlError.unknown("the statement " + Sql.text(tokens)).thrown();
    }
    var rows = new Rows("role_name text", "member text", "is_admin bool");
    int last = tokens.size() - 1;
    var member =
        tokens.get(last - 1).is("FOR")
            ? Optional.of(user(tokens.get(last)))
            : Optional.<String>empty();
    for (var user : catalog.users.all().keySet()) {
      if (catalog.users.admin(user) && (member.isEmpty() || member.get().equals(user))) {
        rows.add("admin", user, user.equals("root"));
      }
    }
    return rows;
  }

  /** Role options are text until 23.1's lists (docs, "SHOW USERS"). */
  private Rows users() {
    boolean lists = catalog.version.since(24, 1);
    var rows =
        new Rows("username text", "options " + (lists ? "text[]" : "text"), "member_of text[]");
    rows.add("admin", lists ? List.of() : "", List.of());
    for (var user : catalog.users.all().keySet()) {
      var options = catalog.users.privileges(user).stream().filter("CONTROLJOB"::equals).toList();
      rows.add(
          user,
          lists ? options : String.join(", ", options),
          catalog.users.admin(user) ? List.of("admin") : List.of());
    }
    return rows;
  }

  /** SHOW CREATE [TABLE] t, in CockroachDB's order of things. */
  private Rows created(List<Token> tokens) {
    int at = tokens.get(2).is("TABLE") || tokens.get(2).is("VIEW") ? 3 : 2;
    var table = table(tokens, at);
    var rows = new Rows("table_name text", "create_statement text");
    var parts = new java.util.ArrayList<String>();
    for (var c : Catalog.columns(table)) {
      parts.add(
          Name.quoted(c.name())
              + " "
              + c.type()
              + (c.notNull() ? " NOT NULL" : " NULL")
              + c.defaultTo().map(d -> " DEFAULT " + d).orElse(""));
    }
    for (var c : Catalog.constraints(table)) {
      parts.add("CONSTRAINT " + Name.quoted(c.name()) + " " + c.details());
    }
    for (var index : table.indexes()) {
      if (index.isPublic() && !index.constraint()) {
        parts.add("INDEX " + Name.quoted(index.name()) + " (" + Catalog.keyText(index) + ")");
      }
    }
    rows.add(
        table.name().name(),
        "CREATE TABLE " + table.name() + " (\n\t" + String.join(",\n\t", parts) + "\n)");
    return rows;
  }
}
