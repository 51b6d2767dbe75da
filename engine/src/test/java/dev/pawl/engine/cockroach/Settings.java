package dev.pawl.engine.cockroach;

import dev.pawl.engine.cockroach.world.ModelVersion;
import dev.pawl.engine.cockroach.world.Sql;
import dev.pawl.engine.cockroach.world.SqlError;
import dev.pawl.engine.cockroach.world.World;
import dev.pawl.engine.sql.Token;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Session variables. Those that PostgreSQL lacks it keeps under a prefix, so that SET LOCAL and a
 * rollback mean what they should; those that CockroachDB lacks are refused. Names and defaults:
 * CockroachDB's documentation, page "SET (session variable)", and docs/generated/sql of its source.
 */
final class Settings {
  private static final String PREFIX = "crdb.";
  private static final Set<String> KNOWN = known();

  private final Map<String, String> defaults = new TreeMap<>();

  Settings(ModelVersion version, boolean admin) {
    defaults.put("is_superuser", admin ? "on" : "off");
    defaults.put("default_transaction_use_follower_reads", "off");
    defaults.put("default_transaction_quality_of_service", "regular");
    defaults.put("default_transaction_priority", "normal");
    defaults.put("default_int_size", "8");
    defaults.put("enable_implicit_transaction_for_batch_statements", "on");
    defaults.put("sql_safe_updates", "off");
    defaults.put("database", World.DATABASE);
    defaults.put("crdb_version", version.banner());
    defaults.put("distsql", "auto");
    defaults.put("serial_normalization", "rowid");
    defaults.put("use_declarative_schema_changer", "on");
    defaults.put("idle_in_session_timeout", "0");
    defaults.put("disallow_full_table_scans", "off");
    if (version.since(24, 1)) {
      // On by default from 25.1 (its release notes).
      defaults.put("autocommit_before_ddl", version.since(25, 1) ? "on" : "off");
    }
    if (version.since(25, 2)) {
      defaults.put("create_table_with_schema_locked", version.since(25, 3) ? "on" : "off");
    }
    if (version.since(26, 1)) {
      defaults.put("allow_unsafe_internals", "off");
    }
  }

  private static Set<String> known() {
    try (var in = Settings.class.getResourceAsStream("session-variables.txt")) {
      return Set.of(new String(in.readAllBytes(), StandardCharsets.UTF_8).strip().split("\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes a new session's settings on the PostgreSQL behind it. */
  void begin(Backing backing) throws IOException {
    var all =
        defaults.entrySet().stream()
            .map(e -> "SET " + PREFIX + e.getKey() + " = " + Sql.quote(e.getValue()))
            .collect(Collectors.joining(";"));
    backing.demand(
        all
            + ";SET default_transaction_isolation = 'serializable';SET timezone = 'UTC';"
            + "SET client_min_messages = 'notice';SET deadlock_timeout = DEFAULT");
  }

  /**
   * The name under which PostgreSQL has it.
   *
   * @throws SqlError.Thrown where CockroachDB has none of this name
   */
  String backing(String name) {
    if (defaults.containsKey(name)) {
      return PREFIX + name;
    }
    if (!KNOWN.contains(name) && !name.contains(".")) {
      throw new SqlError.Thrown("42704", "unrecognized configuration parameter \"" + name + "\"");
    }
    return name;
  }

  /** pg_settings, which lists what CockroachDB has. */
  String table() {
    var own =
        defaults.keySet().stream()
            .map(
                n ->
                    "("
                        + Sql.quote(n)
                        + ", pg_catalog.current_setting("
                        + Sql.quote(PREFIX + n)
                        + "), "
                        + Sql.quote(defaults.get(n))
                        + ")")
            .collect(Collectors.joining(","));
    var shared = KNOWN.stream().map(Sql::quote).sorted().collect(Collectors.joining(","));
    return "(SELECT name, setting, reset_val FROM pg_catalog.pg_settings WHERE name IN ("
        + shared
        + ") UNION ALL SELECT * FROM (VALUES "
        + own
        + ") AS own (name, setting, reset_val))";
  }

  /** The names of settings in a statement. */
  void rewrite(List<Token> statement, Edits edits) {
    var first = statement.getFirst();
    if (first.is("SET") || first.is("SHOW") || first.is("RESET")) {
      int at = 1;
      while (at < statement.size()
          && (statement.get(at).is("SESSION") || statement.get(at).is("LOCAL"))) {
        at++;
      }
      named(statement, at, edits);
    }
    for (int k = 0; k + 2 < statement.size(); k++) {
      var function = statement.get(k);
      if ((function.is("CURRENT_SETTING") || function.is("SET_CONFIG"))
          && Sql.at(statement, k + 1, '(')
          && Sql.isString(statement.get(k + 2))) {
        var name = Sql.string(statement.get(k + 2));
        if (!backing(name).equals(name)) {
          edits.replace(statement.get(k + 2), Sql.quote(backing(name)));
        }
      }
    }
  }

  private void named(List<Token> statement, int at, Edits edits) {
    if (at >= statement.size()) {
      return;
    }
    var token = statement.get(at);
    boolean special =
        token.is("TRANSACTION")
            || token.is("TIME")
            || token.is("CHARACTERISTICS")
            || token.is("ALL")
            || token.is("NAMES")
            || token.is("CONSTRAINTS");
    var name = Sql.name(token);
    if (token.is("CLUSTER")) {
      throw SqlError.unknown("cluster settings").thrown();
    }
    if (!special && !Sql.at(statement, at + 1, '.') && !backing(name).equals(name)) {
      edits.replace(token, backing(name));
    }
  }
}
