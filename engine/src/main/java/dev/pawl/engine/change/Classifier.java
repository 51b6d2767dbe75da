package dev.pawl.engine.change;

import dev.pawl.engine.change.Reader.Unexpected;
import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.Lexer;
import dev.pawl.engine.sql.Literals;
import dev.pawl.engine.sql.QualifiedName;
import dev.pawl.engine.sql.Statement;
import dev.pawl.engine.sql.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Says what a statement does, from its leading tokens and, where observation needs facts, from a
 * reading of its clauses. It never fails: what it does not know is {@link Unclassified}. On
 * PostgreSQL a statement that is known to run in a transaction needs no facts, for its commit is
 * the guarantee; on CockroachDB whatever is not known to be synchronous needs them.
 */
public final class Classifier {
  /** CREATE, ALTER and DROP of these kinds run in a transaction on PostgreSQL. */
  private static final Set<String> KINDS =
      Set.of(
          "ACCESS METHOD",
          "AGGREGATE",
          "CAST",
          "COLLATION",
          "CONVERSION",
          "DEFAULT PRIVILEGES",
          "DOMAIN",
          "EVENT TRIGGER",
          "EXTENSION",
          "FOREIGN DATA WRAPPER",
          "FOREIGN TABLE",
          "FUNCTION",
          "GROUP",
          "INDEX",
          "LANGUAGE",
          "LARGE OBJECT",
          "MATERIALIZED VIEW",
          "OPERATOR",
          "OPERATOR CLASS",
          "OPERATOR FAMILY",
          "OWNED",
          "POLICY",
          "PROCEDURE",
          "PUBLICATION",
          "ROLE",
          "ROUTINE",
          "RULE",
          "SCHEMA",
          "SEQUENCE",
          "SERVER",
          "STATISTICS",
          "TABLE",
          "TEXT SEARCH",
          "TRANSFORM",
          "TRIGGER",
          "TYPE",
          "USER",
          "USER MAPPING",
          "VIEW");

  /** Done on CockroachDB when the statement returns, to whoever calls it. */
  private static final Set<String> SYNCHRONOUS_ON_COCKROACHDB =
      Set.of(
          "ALTER DEFAULT PRIVILEGES",
          "ALTER ROLE",
          "ALTER USER",
          "COMMENT",
          "CREATE DATABASE",
          "CREATE EXTENSION",
          "CREATE FUNCTION",
          "CREATE PROCEDURE",
          "CREATE ROLE",
          "CREATE SCHEMA",
          "CREATE SEQUENCE",
          "CREATE USER",
          "CREATE VIEW",
          "DROP OWNED",
          "DROP ROLE",
          "DROP USER",
          "GRANT",
          "REASSIGN OWNED",
          "RESET CLUSTER SETTING",
          "REVOKE",
          "SET CLUSTER SETTING");

  private static final Set<String> DROPS_KNOWN_ON_COCKROACHDB =
      Set.of("DATABASE", "MATERIALIZED VIEW", "SCHEMA", "SEQUENCE", "TYPE", "VIEW");

  private Classifier() {}

  /** What a statement does: one change, or one for each action of an ALTER TABLE. */
  public static List<SchemaChange> classify(Statement statement, DatabaseKind kind) {
    var reader = new Reader(statement, kind);
    try {
      return read(reader);
    } catch (Unexpected e) {
      return List.of(withoutFacts(new Reader(statement, kind), e.getMessage()));
    }
  }

  /** A statement of a known beginning whose clauses could not be read. */
  private static SchemaChange withoutFacts(Reader reader, String why) {
    var verb = reader.keyword();
    boolean transactional =
        switch (verb) {
          case "CREATE", "ALTER", "DROP", "TRUNCATE", "REFRESH" ->
              !reader.cockroach() && !reader.contains("CONCURRENTLY");
          default -> false;
        };
    if (!transactional) {
      return new Unclassified("its facts could not be read: " + why);
    }
    reader.skip();
    return new OtherDdl(verb + " " + kindOf(reader), true);
  }

  private static List<SchemaChange> read(Reader reader) throws Unexpected {
    if (reader.at('(')) {
      return dml(reader, "SELECT");
    }
    var verb = reader.keyword();
    return switch (verb) {
      case "SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "VALUES", "TABLE", "EXPLAIN", "SHOW" ->
          dml(reader, verb);
      case "COPY", "MERGE", "DECLARE", "FETCH", "MOVE", "CLOSE", "EXECUTE" ->
          reader.cockroach() && verb.equals("MERGE") ? List.of(unknown(verb)) : dml(reader, verb);
      case "UPSERT" -> reader.cockroach() ? dml(reader, verb) : List.of(unknown(verb));
      case "CREATE" -> create(reader);
      case "ALTER" -> alter(reader);
      case "DROP" -> List.of(drop(reader));
      case "TRUNCATE" -> List.of(truncate(reader));
      case "REFRESH" -> List.of(refresh(reader));
      case "REINDEX" -> List.of(reindex(reader));
      case "VACUUM", "CLUSTER" ->
          List.of(reader.cockroach() ? unknown(verb) : new Maintenance(verb));
      case "ANALYZE", "ANALYSE" -> List.of(new Maintenance("ANALYZE"));
      case "DO" -> List.of(anonymousBlock(reader));
      case "CALL" -> List.of(new Procedural("CALL", true));
      case "SET" -> List.of(set(reader));
      case "RESET" -> List.of(reset(reader));
      case "USE" -> List.of(reader.cockroach() ? new SessionSetting("database") : unknown(verb));
      case "GRANT", "REVOKE", "COMMENT", "REASSIGN" ->
          List.of(other(reader, verb.equals("REASSIGN") ? "REASSIGN OWNED" : verb));
      case "IMPORT" ->
          List.of(reader.cockroach() ? unknown(verb) : other(reader, "IMPORT FOREIGN SCHEMA"));
      case "SECURITY" -> List.of(other(reader, "SECURITY LABEL"));
      case "LOCK", "NOTIFY", "CHECKPOINT" -> List.of(other(reader, verb));
      case "LISTEN", "UNLISTEN", "LOAD" ->
          List.of(other(reader, verb), new SessionSetting(verb.toLowerCase(Locale.ROOT)));
      case "PREPARE" ->
          reader.keyword(1).equals("TRANSACTION")
              ? List.of(transactionControl("PREPARE TRANSACTION"))
              : List.of(other(reader, verb), new SessionSetting("prepare"));
      case "DEALLOCATE", "DISCARD" -> List.of(new SessionSetting(verb.toLowerCase(Locale.ROOT)));
      case "BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE" ->
          List.of(transactionControl(verb));
      default -> List.of(unknown(verb.isEmpty() ? beginning(reader) : verb));
    };
  }

  private static String beginning(Reader reader) {
    return reader.done() ? "nothing" : reader.rest().getFirst().text();
  }

  private static Unclassified unknown(String what) {
    var shown = what.length() <= 40 ? what : what.substring(0, 39) + "…";
    return new Unclassified("Pawl does not know what " + shown + " does");
  }

  private static Unclassified transactionControl(String what) {
    return new Unclassified(what + " controls the transaction, which is Pawl's to do");
  }

  private static SchemaChange other(Reader reader, String keywords) {
    return other(reader, keywords, true);
  }

  private static SchemaChange other(Reader reader, String keywords, boolean transactional) {
    if (keywords.equals("CREATE SCHEMA") && reader.contains("CONCURRENTLY")) {
      return new Unclassified("an index built CONCURRENTLY cannot be part of CREATE SCHEMA");
    }
    if (reader.cockroach() && !SYNCHRONOUS_ON_COCKROACHDB.contains(keywords)) {
      return new Unclassified(
          "Pawl does not know whether CockroachDB has finished a " + keywords + " when it returns");
    }
    return new OtherDdl(keywords, transactional);
  }

  private static List<SchemaChange> dml(Reader reader, String keyword) {
    return reader.contains("SET_CONFIG")
        ? List.of(new Dml(keyword), new SessionSetting("set_config"))
        : List.of(new Dml(keyword));
  }

  /** The kind of object after CREATE, ALTER or DROP, of one word or several; passed over. */
  private static String kindOf(Reader reader) {
    var first = reader.keyword();
    reader.skip();
    var second = reader.keyword();
    boolean two =
        switch (first) {
          case "ACCESS" -> second.equals("METHOD");
          case "DEFAULT" -> second.equals("PRIVILEGES");
          case "EVENT" -> second.equals("TRIGGER");
          case "LARGE" -> second.equals("OBJECT");
          case "MATERIALIZED" -> second.equals("VIEW");
          case "OPERATOR" -> second.equals("CLASS") || second.equals("FAMILY");
          case "TEXT" -> second.equals("SEARCH");
          case "USER" -> second.equals("MAPPING");
          case "FOREIGN" -> second.equals("TABLE") || second.equals("DATA");
          default -> false;
        };
    if (!two) {
      return first;
    }
    reader.skip();
    if (second.equals("DATA") && reader.accept("WRAPPER")) {
      return "FOREIGN DATA WRAPPER";
    }
    return first + " " + second;
  }

  // ---- CREATE

  private static List<SchemaChange> create(Reader reader) throws Unexpected {
    reader.skip();
    reader.accept("OR", "REPLACE");
    boolean temporary = false;
    boolean modified = true;
    while (modified) {
      boolean temp = reader.accept("TEMPORARY") || reader.accept("TEMP");
      temporary |= temp;
      modified =
          temp
              || reader.accept("LOCAL")
              || reader.accept("GLOBAL")
              || reader.accept("UNLOGGED")
              || reader.accept("RECURSIVE")
              || reader.accept("TRUSTED")
              || reader.accept("PROCEDURAL")
              || reader.accept("CONSTRAINT");
    }
    if (reader.keyword().equals("DEFAULT") && reader.keyword(1).equals("CONVERSION")) {
      reader.skip();
    }
    switch (reader.keyword()) {
      case "UNIQUE", "INDEX", "INVERTED", "VECTOR" -> {
        return List.of(Indexes.create(reader));
      }
      case "TABLE" -> {
        return temporary
            ? List.of(createTable(reader), new SessionSetting("temporary table"))
            : List.of(createTable(reader));
      }
      case "TYPE" -> {
        return List.of(createType(reader));
      }
      case "DATABASE", "TABLESPACE", "SUBSCRIPTION" -> {
        return List.of(other(reader, "CREATE " + reader.keyword(), false));
      }
      default -> {
        var kind = kindOf(reader);
        if (kind.equals("MATERIALIZED VIEW")) {
          return List.of(createMaterializedView(reader));
        }
        var change =
            KINDS.contains(kind) ? other(reader, "CREATE " + kind) : unknown("CREATE " + kind);
        return temporary
            ? List.of(change, new SessionSetting("temporary " + kind.toLowerCase(Locale.ROOT)))
            : List.of(change);
      }
    }
  }

  private static SchemaChange createTable(Reader reader) throws Unexpected {
    reader.skip();
    boolean ifNotExists = reader.accept("IF", "NOT", "EXISTS");
    var table = reader.name();
    boolean asSelect = false;
    while (!reader.done() && !asSelect) {
      if (reader.accept("AS")) {
        asSelect =
            reader.at('(')
                || switch (reader.keyword()) {
                  case "SELECT", "WITH", "VALUES", "TABLE", "EXECUTE" -> true;
                  default -> false;
                };
      } else {
        reader.skipItem();
      }
    }
    return new CreateTable(table, ifNotExists, asSelect);
  }

  private static SchemaChange createMaterializedView(Reader reader) throws Unexpected {
    boolean ifNotExists = reader.accept("IF", "NOT", "EXISTS");
    var view = reader.name();
    var rest = reader.rest();
    int n = rest.size();
    boolean noData =
        n >= 3
            && rest.get(n - 3).is("WITH")
            && rest.get(n - 2).is("NO")
            && rest.get(n - 1).is("DATA");
    boolean data = n >= 2 && rest.get(n - 2).is("WITH") && rest.get(n - 1).is("DATA");
    int end = reader.place() + n - (noData ? 3 : data ? 2 : 0);
    int from = reader.place();
    if (reader.at('(')) {
      reader.skipItem();
    }
    var columns = reader.textSince(from);
    while (reader.place() < end && !reader.at("AS")) {
      reader.skipItem(); // how it is stored
    }
    from = reader.place();
    reader.back(Math.max(from, end));
    var body = (columns + " " + reader.textSince(from)).strip();
    return new CreateMaterializedView(view, ifNotExists, noData, body);
  }

  private static SchemaChange createType(Reader reader) throws Unexpected {
    reader.skip();
    boolean ifNotExists = reader.accept("IF", "NOT", "EXISTS");
    var type = reader.name();
    var body = reader.textToEnd();
    var labels = new ArrayList<String>();
    if (reader.accept("AS", "ENUM")) {
      for (var label : reader.parenthesised()) {
        labels.add(label.string());
      }
    }
    return new CreateType(type, labels, body, ifNotExists);
  }

  // ---- ALTER

  private static List<SchemaChange> alter(Reader reader) throws Unexpected {
    reader.skip();
    switch (reader.keyword()) {
      case "TABLE" -> {
        return AlterTable.read(reader);
      }
      case "SYSTEM" -> {
        return List.of(other(reader, "ALTER SYSTEM", false));
      }
      case "DATABASE" -> {
        return List.of(other(reader, "ALTER DATABASE", !reader.contains("TABLESPACE")));
      }
      case "TABLESPACE" -> {
        return List.of(other(reader, "ALTER TABLESPACE"));
      }
      case "SUBSCRIPTION" -> {
        return List.of(other(reader, "ALTER SUBSCRIPTION", harmlessToSubscription(reader)));
      }
      case "TYPE" -> {
        reader.skip();
        var type = reader.name();
        if (reader.accept("ADD", "VALUE")) {
          boolean ifNotExists = reader.accept("IF", "NOT", "EXISTS");
          var label = reader.string();
          Optional<String> before = Optional.empty();
          Optional<String> after = Optional.empty();
          if (reader.accept("BEFORE")) {
            before = Optional.of(reader.string());
          } else if (reader.accept("AFTER")) {
            after = Optional.of(reader.string());
          }
          return List.of(new AddEnumValue(type, label, before, after, ifNotExists));
        }
        return List.of(other(reader, "ALTER TYPE"));
      }
      default -> {
        var kind = kindOf(reader);
        return List.of(
            KINDS.contains(kind) ? other(reader, "ALTER " + kind) : unknown("ALTER " + kind));
      }
    }
  }

  /** Publications and options of a slot are changed on the other server, outside a transaction. */
  private static boolean harmlessToSubscription(Reader reader) {
    return reader.keyword(2).equals("OWNER")
        || reader.keyword(2).equals("RENAME")
        || reader.keyword(2).equals("ENABLE")
        || reader.keyword(2).equals("DISABLE")
        || reader.keyword(2).equals("SKIP");
  }

  // ---- DROP

  private static SchemaChange drop(Reader reader) throws Unexpected {
    reader.skip();
    var kind = kindOf(reader);
    if (kind.equals("INDEX")) {
      return Indexes.drop(reader);
    }
    if (kind.equals("OWNED")) {
      return other(reader, "DROP OWNED");
    }
    boolean known =
        KINDS.contains(kind)
            || switch (kind) {
              case "DATABASE", "TABLESPACE", "SUBSCRIPTION" -> true;
              default -> false;
            };
    if (!known) {
      return unknown("DROP " + kind);
    }
    if (reader.cockroach() && !kind.equals("TABLE") && !DROPS_KNOWN_ON_COCKROACHDB.contains(kind)) {
      return other(reader, "DROP " + kind);
    }
    boolean ifExists = reader.accept("IF", "EXISTS");
    switch (kind) {
      case "TABLE" -> {
        return new DropTable(names(reader), ifExists);
      }
      case "AGGREGATE",
          "CAST",
          "FUNCTION",
          "OPERATOR",
          "OPERATOR CLASS",
          "OPERATOR FAMILY",
          "POLICY",
          "PROCEDURE",
          "ROUTINE",
          "RULE",
          "TEXT SEARCH",
          "TRANSFORM",
          "TRIGGER",
          "USER MAPPING" -> {
        return new DropObject(kind, List.of(), ifExists);
      }
      default -> {
        return new DropObject(kind, names(reader), ifExists);
      }
    }
  }

  /** Names up to the end, with or without a behaviour after them. */
  private static List<QualifiedName> names(Reader reader) throws Unexpected {
    var names = reader.names();
    if (!reader.done() && !reader.accept("CASCADE") && !reader.accept("RESTRICT")) {
      // DROP DATABASE x WITH (FORCE)
      if (!reader.accept("WITH") && !reader.at('(')) {
        throw reader.unexpected("the end");
      }
    }
    return names;
  }

  // ---- the rest

  private static SchemaChange truncate(Reader reader) throws Unexpected {
    reader.skip();
    reader.accept("TABLE");
    var tables = new ArrayList<QualifiedName>();
    do {
      reader.accept("ONLY");
      tables.add(reader.name());
      reader.accept('*');
    } while (reader.accept(','));
    return new Truncate(tables);
  }

  private static SchemaChange refresh(Reader reader) throws Unexpected {
    reader.skip();
    reader.expect("MATERIALIZED");
    reader.expect("VIEW");
    boolean concurrently = reader.accept("CONCURRENTLY");
    return new RefreshMaterializedView(reader.name(), concurrently);
  }

  private static SchemaChange reindex(Reader reader) throws Unexpected {
    reader.skip();
    if (reader.cockroach()) {
      return unknown("REINDEX");
    }
    boolean concurrently = false;
    if (reader.at('(')) {
      for (var option : reader.parenthesised()) {
        if (option.accept("CONCURRENTLY") || option.identifier().equals("concurrently")) {
          concurrently = option.done() || !isOff(option.rest().getFirst());
        }
      }
    }
    var kind =
        switch (reader.keyword()) {
          case "INDEX" -> Reindex.Kind.INDEX;
          case "TABLE" -> Reindex.Kind.TABLE;
          case "SCHEMA" -> Reindex.Kind.SCHEMA;
          case "DATABASE" -> Reindex.Kind.DATABASE;
          case "SYSTEM" -> Reindex.Kind.SYSTEM;
          default -> throw reader.unexpected("INDEX, TABLE, SCHEMA, DATABASE or SYSTEM");
        };
    reader.skip();
    concurrently |= reader.accept("CONCURRENTLY");
    return new Reindex(
        kind, reader.done() ? Optional.empty() : Optional.of(reader.name()), concurrently);
  }

  private static boolean isOff(Token token) {
    return switch (Literals.string(token).orElse(token.text()).toLowerCase(Locale.ROOT)) {
      case "off", "false", "0" -> true;
      default -> false;
    };
  }

  /** DO: whether its body, read as PL/pgSQL, could end the transaction it runs in. */
  private static SchemaChange anonymousBlock(Reader reader) {
    reader.skip();
    var language = "plpgsql";
    var body = new StringBuilder();
    while (!reader.done()) {
      var token = reader.rest().getFirst();
      if (reader.accept("LANGUAGE")) {
        if (!reader.done()) {
          var name = reader.rest().getFirst();
          language =
              Literals.string(name)
                  .or(() -> Literals.identifier(name, '\\', reader.kind))
                  .orElse("");
        }
      } else {
        body.append(Literals.string(token).orElse(""));
      }
      reader.skip();
    }
    boolean splits =
        switch (language.toLowerCase(Locale.ROOT)) {
          case "plpgsql" -> mayEndTransaction(body.toString(), reader.kind);
          default -> true; // another language's way of committing cannot be seen
        };
    return new Procedural("DO", splits);
  }

  private static boolean mayEndTransaction(String body, DatabaseKind kind) {
    Token before = null;
    for (var token : Lexer.lex(body, kind)) {
      if (!token.type().grammatical()) {
        continue;
      }
      switch (token.keyword()) {
        case "COMMIT", "ROLLBACK" -> {
          if (before == null || !before.is('.')) {
            return true;
          }
        }
        case "CALL" -> {
          if (before == null
              || before.is(';')
              || !before.keyword().isEmpty()
              || before.text().equals(">>")) {
            return true; // what it calls cannot be seen
          }
        }
        case "CREATE", "ALTER", "DROP", "TRUNCATE", "REFRESH" -> {
          if (kind == DatabaseKind.COCKROACHDB) {
            return true; // autocommit_before_ddl
          }
        }
        default -> {}
      }
      before = token;
    }
    return false;
  }

  private static SchemaChange set(Reader reader) throws Unexpected {
    reader.skip();
    if (reader.accept("LOCAL")) {
      return reader.at("TRANSACTION")
          ? transactionControl("SET TRANSACTION")
          : new OtherDdl("SET LOCAL", true);
    }
    if (reader.accept("SESSION")) {
      if (reader.at("CHARACTERISTICS")) {
        return transactionControl("SET SESSION CHARACTERISTICS");
      }
      if (reader.at("AUTHORIZATION")) {
        return new SessionSetting("session_authorization");
      }
    }
    return switch (reader.keyword()) {
      case "TRANSACTION" -> transactionControl("SET TRANSACTION");
      case "CONSTRAINTS" -> new OtherDdl("SET CONSTRAINTS", true);
      case "CLUSTER" -> other(reader, "SET CLUSTER SETTING", false);
      case "TIME" -> new SessionSetting("timezone");
      case "SCHEMA" -> new SessionSetting("search_path");
      case "NAMES" -> new SessionSetting("client_encoding");
      case "XML" -> new SessionSetting("xmloption");
      default -> new SessionSetting(setting(reader));
    };
  }

  private static SchemaChange reset(Reader reader) throws Unexpected {
    reader.skip();
    return switch (reader.keyword()) {
      case "SESSION" -> new SessionSetting("session_authorization");
      case "TIME" -> new SessionSetting("timezone");
      case "CLUSTER" -> other(reader, "RESET CLUSTER SETTING", false);
      default -> new SessionSetting(setting(reader));
    };
  }

  private static String setting(Reader reader) throws Unexpected {
    var name = new StringBuilder(reader.identifier());
    while (reader.accept('.')) {
      name.append('.').append(reader.identifier());
    }
    return name.toString().toLowerCase(Locale.ROOT);
  }
}
