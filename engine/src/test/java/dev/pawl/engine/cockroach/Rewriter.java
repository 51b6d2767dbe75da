package dev.pawl.engine.cockroach;

import dev.pawl.engine.cockroach.world.Sql;
import dev.pawl.engine.cockroach.world.SqlError;
import dev.pawl.engine.cockroach.world.World;
import dev.pawl.engine.sql.Token;
import dev.pawl.engine.sql.TokenType;
import java.util.List;
import java.util.Set;

/**
 * Turns a statement in CockroachDB's SQL into one that PostgreSQL evaluates: catalogs and SHOW
 * become tables made up from the world, and what is spelled differently is spelled PostgreSQL's
 * way. All else stays byte for byte.
 */
final class Rewriter {
  private static final Set<String> AFTER_TABLE =
      Set.of(
          "WHERE",
          "JOIN",
          "LEFT",
          "RIGHT",
          "FULL",
          "INNER",
          "CROSS",
          "NATURAL",
          "ON",
          "USING",
          "GROUP",
          "ORDER",
          "HAVING",
          "LIMIT",
          "OFFSET",
          "UNION",
          "EXCEPT",
          "INTERSECT",
          "FETCH",
          "FOR",
          "WINDOW",
          "SET",
          "RETURNING");
  private static final Set<String> CATALOGS =
      Set.of("INFORMATION_SCHEMA", "PG_CATALOG", "CRDB_INTERNAL");

  private final Catalog catalog;
  private final Settings settings;
  private final Set<String> postgresFunctions;

  Rewriter(Catalog catalog, Settings settings, Set<String> postgresFunctions) {
    this.catalog = catalog;
    this.settings = settings;
    this.postgresFunctions = postgresFunctions;
  }

  /**
   * The statement for PostgreSQL.
   *
   * @throws SqlError.Thrown for what CockroachDB would refuse, and for what the model does not know
   */
  String rewrite(List<Token> tokens) {
    refuse(tokens);
    if (tokens.getFirst().is("SHOW")) {
      var shown = new Shows(catalog, this::rewrite).sql(tokens);
      if (shown.isPresent()) {
        return "SELECT * FROM " + shown.get() + " AS shown";
      }
    }
    var edits = new Edits();
    settings.rewrite(tokens, edits);
    for (int at = 0; at < tokens.size(); at++) {
      int last = source(tokens, at, edits);
      if (last >= at) {
        at = last; // nothing inside is looked at again
        continue;
      }
      word(tokens, at, edits);
    }
    return edits.apply(tokens);
  }

  /** What CockroachDB's grammar does not have. */
  private void refuse(List<Token> tokens) {
    var first = tokens.getFirst().keyword();
    boolean missing =
        switch (first) {
          case "VACUUM", "LOCK", "CLUSTER", "REINDEX", "LISTEN", "NOTIFY" -> true;
          // docs: page "DO" is new in 25.1
          case "DO" -> !catalog.version.since(25, 1);
          default -> false;
        };
    if (missing) {
      throw new SqlError.Thrown(
          "42601", "at or near \"" + tokens.getFirst().text() + "\": syntax error");
    }
    boolean routine =
        first.equals("CREATE")
            && tokens.stream().limit(5).anyMatch(t -> t.is("FUNCTION") || t.is("PROCEDURE"));
    boolean procedural =
        tokens.stream().anyMatch(t -> t.is("PLPGSQL") || "plpgsql".equals(Sql.string(t)));
    // docs: "User-defined functions" are new in 22.2, "PL/pgSQL" in 23.2
    if (routine && (!catalog.version.since(22, 2) || procedural && !catalog.version.since(23, 2))) {
      throw new SqlError.Thrown(
          procedural ? "0A000" : "42601", "unimplemented: this version has no such routines");
    }
  }

  /** A table of a catalog or a SHOW in brackets; the place of its last token, or -1. */
  private int source(List<Token> tokens, int at, Edits edits) {
    var token = tokens.get(at);
    if (token.is('[') && Sql.at(tokens, at + 1, "SHOW")) {
      int end = closing(tokens, at, '[', ']');
      var inside = tokens.subList(at + 1, end);
      var shown = new Shows(catalog, this::rewrite).sql(inside).orElseGet(() -> setting(inside));
      edits.replace(token, tokens.get(end), shown + alias(tokens, end, "shown" + at));
      return end;
    }
    var before = at == 0 ? null : tokens.get(at - 1);
    boolean place =
        before != null
            && (before.is("FROM") || before.is("JOIN") || before.is(',') || before.is('('));
    var name = Sql.name(token);
    if (name.isEmpty() || before != null && before.is('.')) {
      return -1;
    }
    boolean schema =
        CATALOGS.contains(name.toUpperCase(java.util.Locale.ROOT))
            && Sql.at(tokens, at + 1, '.')
            && at + 2 < tokens.size();
    if (schema && !Sql.at(tokens, at + 3, '(') && place) {
      var table = Sql.name(tokens.get(at + 2));
      edits.replace(token, tokens.get(at + 2), table(name, table) + alias(tokens, at + 2, table));
      return at + 2;
    }
    if (place
        && !before.is('(')
        && token.type() == TokenType.WORD
        && name.startsWith("pg_")
        && !Sql.at(tokens, at + 1, '(')
        && !Sql.at(tokens, at + 1, '.')) {
      edits.replace(token, table("pg_catalog", name) + alias(tokens, at, name));
      return at;
    }
    return -1;
  }

  private String table(String schema, String name) {
    return name.equals("pg_settings") ? settings.table() : CatalogTables.sql(catalog, schema, name);
  }

  private String setting(List<Token> show) {
    var name = Sql.name(show.getLast());
    return "(SELECT pg_catalog.current_setting("
        + Sql.quote(settings.backing(name))
        + ") AS \""
        + name
        + "\")";
  }

  private static int closing(List<Token> tokens, int from, char open, char close) {
    int depth = 0;
    for (int at = from; at < tokens.size(); at++) {
      depth += tokens.get(at).is(open) ? 1 : tokens.get(at).is(close) ? -1 : 0;
      if (depth == 0) {
        return at;
      }
    }
    throw new SqlError.Thrown("42601", "at or near \"EOF\": syntax error");
  }

  /** PostgreSQL wants one for a subselect. */
  private static String alias(List<Token> tokens, int end, String name) {
    if (end + 1 < tokens.size()) {
      var next = tokens.get(end + 1);
      boolean named =
          next.type() == TokenType.QUOTED_IDENTIFIER
              || next.type() == TokenType.WORD && !AFTER_TABLE.contains(next.keyword());
      if (named) {
        return "";
      }
    }
    return " AS \"" + name + "\"";
  }

  private void word(List<Token> tokens, int at, Edits edits) {
    var token = tokens.get(at);
    if (token.type() == TokenType.OPERATOR && token.text().equals("::")) {
      cast(tokens, at, edits);
      return;
    }
    if (token.type() != TokenType.WORD) {
      return;
    }
    boolean call = Sql.at(tokens, at + 1, '(');
    boolean afterDot = Sql.at(tokens, at - 1, '.');
    boolean builtin =
        !afterDot
            || Sql.at(tokens, at - 2, "PG_CATALOG")
            || Sql.at(tokens, at - 2, "CRDB_INTERNAL");
    switch (token.keyword()) {
      case "IF" -> {
        if (call && !afterDot) {
          conditional(tokens, at, edits);
        }
      }
      case "IFNULL" -> {
        if (call) {
          edits.replace(token, "coalesce");
        }
      }
      case "CURRENT_USER", "SESSION_USER", "USER" -> {
        if (!afterDot && (call || !token.is("USER"))) {
          edits.replace(
              token, tokens.get(call ? at + 2 : at), Sql.quote(catalog.caller.user()) + "::text");
        }
      }
      case "CURRENT_DATABASE", "CURRENT_CATALOG" -> {
        if (!afterDot || Sql.at(tokens, at - 2, "PG_CATALOG")) {
          edits.replace(
              tokens.get(afterDot ? at - 2 : at),
              tokens.get(call ? at + 2 : at),
              Sql.quote(World.DATABASE) + "::text");
        }
      }
      case "DEFAULTDB" -> {
        if (!afterDot && Sql.at(tokens, at + 1, '.')) {
          edits.replace(token, tokens.get(at + 1), "");
        }
      }
      case "VERSION" -> {
        if (call && builtin) {
          edits.replace(
              tokens.get(afterDot ? at - 2 : at),
              tokens.get(at + 2),
              Sql.quote(catalog.version.banner()) + "::text");
        }
      }
      case "TO_REGCLASS" -> {
        if (call && builtin) {
          regclass(tokens, at, edits);
        }
      }
      case "PG_HAS_ROLE" -> {
        if (call && builtin) {
          member(tokens, at, edits);
        }
      }
      case "HAS_SYSTEM_PRIVILEGE" -> {
        if (call && builtin) {
          privilege(tokens, at, edits);
        }
      }
      case "STRING", "BYTES", "INT64" -> {
        if (isType(tokens, at)) {
          type(token, edits);
        }
      }
      default -> {
        if (call && builtin) {
          function(tokens, at, edits);
        }
      }
    }
  }

  private void cast(List<Token> tokens, int at, Edits edits) {
    if (at > 0 && Sql.isString(tokens.get(at - 1))) {
      demandPublic(tokens, at);
    }
    if (tokens.get(at + 1).is("REGCLASS")) {
      if (at == 0 || !Sql.isString(tokens.get(at - 1))) {
        throw SqlError.unknown("a cast to REGCLASS of anything but a text").thrown();
      }
      var text = Sql.string(tokens.get(at - 1));
      var oid = CatalogTables.regclass(catalog, text);
      if (oid.isPresent()) {
        edits.replace(tokens.get(at - 1), tokens.get(at + 1), oid.get() + "::oid");
      } else if (!text.startsWith("pawl.")) {
        throw new SqlError.Thrown("42P01", "relation \"" + text + "\" does not exist");
      }
    }
  }

  /** A value that is not promoted cannot be written (pkg/sql/sem/tree/datum.go). */
  private void demandPublic(List<Token> tokens, int at) {
    var label = Sql.string(tokens.get(at - 1));
    int last = at + 1;
    while (Sql.at(tokens, last + 1, '.')) {
      last += 2;
    }
    var name = Sql.name(tokens.get(last));
    for (var type : catalog.types()) {
      if (type.name().name().equals(name)
          && (last == at + 1 || type.name().schema().equals(Sql.name(tokens.get(last - 2))))
          && type.labels().stream().anyMatch(l -> l.text().equals(label) && l.readOnly())) {
        throw new SqlError.Thrown("XXUUU", "enum label \"" + label + "\" is not yet public");
      }
    }
  }

  private void regclass(List<Token> tokens, int at, Edits edits) {
    var argument = tokens.get(at + 2);
    if (!Sql.isString(argument) || !Sql.at(tokens, at + 3, ')')) {
      throw SqlError.unknown("to_regclass() of anything but a text").thrown();
    }
    var text = Sql.string(argument);
    if (!text.startsWith("pawl.")) {
      boolean qualified = Sql.at(tokens, at - 1, '.');
      edits.replace(
          tokens.get(qualified ? at - 2 : at),
          tokens.get(at + 3),
          CatalogTables.regclass(catalog, text).map(o -> o + "::oid").orElse("NULL::oid"));
    }
  }

  /** Of a user, in a role; the only role that has members is admin. */
  private void member(List<Token> tokens, int at, Edits edits) {
    int end = closing(tokens, at + 1, '(', ')');
    if (end != at + 7) {
      throw SqlError.unknown("pg_has_role() but of a user, a role and a privilege").thrown();
    }
    var user = Sql.string(tokens.get(at + 2));
    var role = Sql.string(tokens.get(at + 4));
    for (var name : List.of(user, role)) {
      if (!catalog.users.has(name) && !name.equals("admin")) {
        throw new SqlError.Thrown("42704", "role '" + name + "' does not exist");
      }
    }
    boolean is = user.equals(role) || role.equals("admin") && catalog.users.admin(user);
    edits.replace(
        tokens.get(Sql.at(tokens, at - 1, '.') ? at - 2 : at),
        tokens.get(end),
        Boolean.toString(is));
  }

  /** New in 25.4 (its release notes). */
  private void privilege(List<Token> tokens, int at, Edits edits) {
    if (!catalog.version.since(25, 4)) {
      throw new SqlError.Thrown("42883", "unknown function: has_system_privilege()");
    }
    int end = closing(tokens, at + 1, '(', ')');
    var wanted = Sql.string(tokens.get(end - 1));
    if (wanted == null) {
      throw SqlError.unknown("has_system_privilege() of anything but a text").thrown();
    }
    boolean has = catalog.admin() || catalog.privileges.contains(wanted.toUpperCase());
    edits.replace(
        tokens.get(Sql.at(tokens, at - 1, '.') ? at - 2 : at),
        tokens.get(end),
        Boolean.toString(has));
  }

  /** Whether the word stands where a type does: in a cast, or after a column's name. */
  private static boolean isType(List<Token> tokens, int at) {
    var before = at == 0 ? null : tokens.get(at - 1);
    if (before == null || before.is('.')) {
      return false;
    }
    boolean cast =
        before.text().equals("::")
            || before.is("AS") && (Sql.at(tokens, at + 1, ')') || Sql.at(tokens, at + 1, '['));
    boolean column =
        tokens.getFirst().is("CREATE") || tokens.getFirst().is("ALTER") || before.is("RETURNS");
    return cast || column && !Sql.name(before).isEmpty();
  }

  private static void type(Token token, Edits edits) {
    edits.replace(
        token,
        switch (token.keyword()) {
          case "STRING" -> "text";
          case "BYTES" -> "bytea";
          default -> "int8";
        });
  }

  /** IF(a, b, c) is CASE WHEN a THEN b ELSE c END (docs, "Scalar expressions"). */
  private static void conditional(List<Token> tokens, int at, Edits edits) {
    int end = closing(tokens, at + 1, '(', ')');
    edits.replace(tokens.get(at), tokens.get(at + 1), "(CASE WHEN ");
    int depth = 0;
    int commas = 0;
    for (int k = at + 2; k < end; k++) {
      var token = tokens.get(k);
      depth += token.is('(') || token.is('[') ? 1 : token.is(')') || token.is(']') ? -1 : 0;
      if (depth == 0 && token.is(',')) {
        edits.replace(token, commas++ == 0 ? " THEN " : " ELSE ");
      }
    }
    if (commas != 2) {
      throw new SqlError.Thrown("42601", "IF takes three arguments");
    }
    edits.replace(tokens.get(end), " END)");
  }

  private void function(List<Token> tokens, int at, Edits edits) {
    var name = Sql.name(tokens.get(at));
    if (Sql.at(tokens, at - 2, "CRDB_INTERNAL") && Sql.at(tokens, at - 1, '.')) {
      internal(tokens, at, name, edits);
      return;
    }
    if (postgresFunctions.contains(name) && !Functions.shared(name)) {
      throw SqlError.unknown("the function " + name + "(), nor whether CockroachDB has it")
          .thrown();
    }
  }

  private void internal(List<Token> tokens, int at, String name, Edits edits) {
    catalog.demandInternals();
    if (name.equals("cluster_id")) {
      edits.replace(tokens.get(at - 2), tokens.get(at + 2), "'" + World.CLUSTER_ID + "'::uuid");
      return;
    }
    if (!name.equals("has_role_option")) {
      throw SqlError.unknown("the function crdb_internal." + name + "()").thrown();
    }
    var option = Sql.string(tokens.get(at + 2));
    boolean has = catalog.admin() || catalog.privileges.contains(String.valueOf(option));
    edits.replace(
        tokens.get(at - 2), tokens.get(closing(tokens, at + 1, '(', ')')), Boolean.toString(has));
  }
}
