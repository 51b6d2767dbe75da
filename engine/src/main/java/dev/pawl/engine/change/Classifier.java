package dev.pawl.engine.change;

import dev.pawl.engine.change.Reader.Unexpected;
import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.Statement;
import java.util.List;
import java.util.Locale;

/**
 * Says what a statement does, from its leading tokens and, where observation needs facts, from a
 * reading of its clauses. It never fails: what it does not know is {@link Unclassified}. On
 * PostgreSQL a statement that is known to run in a transaction needs no facts, for its commit is
 * the guarantee; on CockroachDB whatever is not known to be synchronous needs them.
 */
public final class Classifier {
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
    // What IF NOT EXISTS passes over has to be compared, and for that its facts are needed.
    if (!transactional || reader.contains("IF", "NOT", "EXISTS")) {
      return new Unclassified("its facts could not be read: " + why);
    }
    reader.skip();
    return new OtherDdl(verb + " " + Kinds.read(reader), true);
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
          reader.cockroach() && verb.equals("MERGE")
              ? List.of(Kinds.unknown(verb))
              : dml(reader, verb);
      case "UPSERT" -> reader.cockroach() ? dml(reader, verb) : List.of(Kinds.unknown(verb));
      case "CREATE" -> Creates.read(reader);
      case "ALTER" -> Alters.read(reader);
      case "DROP" -> List.of(Drops.read(reader));
      case "TRUNCATE" -> List.of(Upkeep.truncate(reader));
      case "REFRESH" -> List.of(Upkeep.refresh(reader));
      case "REINDEX" -> List.of(Upkeep.reindex(reader));
      case "VACUUM", "CLUSTER" ->
          List.of(reader.cockroach() ? Kinds.unknown(verb) : new Maintenance(verb));
      case "ANALYZE", "ANALYSE" -> List.of(new Maintenance("ANALYZE"));
      case "DO" -> List.of(Blocks.read(reader));
      case "CALL" -> List.of(new Procedural("CALL", true));
      case "SET" -> List.of(Settings.set(reader));
      case "RESET" -> List.of(Settings.reset(reader));
      case "USE" ->
          List.of(reader.cockroach() ? new SessionSetting("database") : Kinds.unknown(verb));
      case "GRANT", "REVOKE", "COMMENT", "REASSIGN" ->
          List.of(Kinds.other(reader, verb.equals("REASSIGN") ? "REASSIGN OWNED" : verb));
      case "IMPORT" ->
          List.of(
              reader.cockroach()
                  ? Kinds.unknown(verb)
                  : Kinds.other(reader, "IMPORT FOREIGN SCHEMA"));
      case "SECURITY" -> List.of(Kinds.other(reader, "SECURITY LABEL"));
      case "LOCK", "NOTIFY", "CHECKPOINT" -> List.of(Kinds.other(reader, verb));
      case "LISTEN", "UNLISTEN", "LOAD" ->
          List.of(Kinds.other(reader, verb), new SessionSetting(verb.toLowerCase(Locale.ROOT)));
      case "PREPARE" ->
          reader.keyword(1).equals("TRANSACTION")
              ? List.of(transactionControl("PREPARE TRANSACTION"))
              : List.of(Kinds.other(reader, verb), new SessionSetting("prepare"));
      case "DEALLOCATE", "DISCARD" -> List.of(new SessionSetting(verb.toLowerCase(Locale.ROOT)));
      case "BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE" ->
          List.of(transactionControl(verb));
      default -> List.of(Kinds.unknown(verb.isEmpty() ? beginning(reader) : verb));
    };
  }

  private static String beginning(Reader reader) {
    return reader.done() ? "nothing" : reader.rest().getFirst().text();
  }

  static Unclassified transactionControl(String what) {
    return new Unclassified(what + " controls the transaction, which is Pawl's to do");
  }

  private static List<SchemaChange> dml(Reader reader, String keyword) {
    if (executesAnother(reader) || reader.cockroach() && queriesAnother(reader)) {
      return List.of(new Unclassified("a schema change within another statement goes unseen"));
    }
    if (!reader.contains("SET_CONFIG")) {
      return List.of(new Dml(keyword));
    }
    int from = reader.place();
    try {
      return List.of(new SessionSetting(configured(reader)));
    } catch (Unexpected e) {
      reader.back(from);
      return List.of(new Dml(keyword), new SessionSetting("set_config"));
    }
  }

  /** Whether it is an EXPLAIN ANALYZE, which executes, of anything but data. */
  private static boolean executesAnother(Reader reader) {
    int from = reader.place();
    try {
      if (!reader.accept("EXPLAIN")) {
        return false;
      }
      int options = reader.place();
      while (reader.at("ANALYZE")
          || reader.at("ANALYSE")
          || reader.at("VERBOSE")
          || reader.at('(')) {
        reader.skipItem();
      }
      boolean executes = reader.passed(options, "ANALYZE") || reader.passed(options, "ANALYSE");
      return executes
          && switch (reader.keyword()) {
            case "SELECT", "INSERT", "UPSERT", "UPDATE", "DELETE", "WITH", "VALUES", "TABLE" ->
                false;
            case "MERGE" -> reader.cockroach();
            default -> true; // also EXPLAIN ANALYZE (SELECT 1), which can be written without them
          };
    } catch (Unexpected e) {
      return true;
    } finally {
      reader.back(from);
    }
  }

  /** Whether a WITH names a statement that changes the schema: the grammar lets any stand there. */
  private static boolean queriesAnother(Reader reader) {
    var tokens = reader.rest();
    for (int k = 1; k + 1 < tokens.size(); k++) {
      if (tokens.get(k).is('(')
          && (tokens.get(k - 1).is("AS") || tokens.get(k - 1).is("MATERIALIZED"))) {
        switch (tokens.get(k + 1).keyword()) {
          case "ALTER", "CREATE", "DROP", "GRANT", "IMPORT", "REFRESH", "REVOKE", "TRUNCATE" -> {
            return true;
          }
          default -> {
            // Data.
          }
        }
      }
    }
    return false;
  }

  /** What SELECT set_config('name', value, false) alone sets: it is a SET in other words. */
  private static String configured(Reader reader) throws Unexpected {
    reader.expect("SELECT");
    if (reader.accept("PG_CATALOG")) {
      reader.expect('.');
    }
    reader.expect("SET_CONFIG");
    var arguments = reader.parenthesised();
    if (arguments.size() != 3 || !reader.done()) {
      throw reader.unexpected("the end");
    }
    var local = arguments.getLast();
    local.expect("FALSE");
    if (!local.done()) {
      throw local.unexpected("the end");
    }
    return arguments.getFirst().string().toLowerCase(Locale.ROOT);
  }
}
