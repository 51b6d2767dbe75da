package dev.pawl.engine.cockroach;

import dev.pawl.engine.cockroach.world.ModelVersion;
import dev.pawl.engine.cockroach.world.Sql;
import dev.pawl.engine.sql.Token;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Session variables that only CockroachDB has. PostgreSQL keeps them under a prefix, so that SET
 * LOCAL and a rollback mean what they should. Names and defaults: CockroachDB's documentation, page
 * "SET (session variable)".
 */
final class Settings {
  private static final String PREFIX = "crdb.";

  private final Map<String, String> defaults = new TreeMap<>();

  Settings(ModelVersion version) {
    defaults.put("default_transaction_use_follower_reads", "off");
    defaults.put("default_transaction_quality_of_service", "regular");
    defaults.put("default_transaction_priority", "normal");
    defaults.put("default_int_size", "8");
    defaults.put("enable_multiple_modifications_of_table", "off");
    defaults.put("enable_implicit_transaction_for_batch_statements", "on");
    defaults.put("sql_safe_updates", "off");
    defaults.put("database", CockroachModel.DATABASE);
    defaults.put("crdb_version", version.banner());
    defaults.put("distsql", "auto");
    defaults.put("serial_normalization", "rowid");
    defaults.put("use_declarative_schema_changer", "on");
    defaults.put("experimental_enable_temp_tables", "off");
    defaults.put("idle_in_session_timeout", "0");
    defaults.put("disallow_full_table_scans", "off");
    if (version.since(24, 1)) {
      // 24.1's release notes name it; on by default from 25.1 (its release notes, "Backward-
      // incompatible changes").
      defaults.put("autocommit_before_ddl", version.since(25, 1) ? "on" : "off");
    }
    if (version.since(25, 2)) {
      defaults.put("create_table_with_schema_locked", version.since(25, 3) ? "on" : "off");
    }
    if (version.since(26, 1)) {
      defaults.put("allow_unsafe_internals", "off");
    }
  }

  /** Makes a new session's settings on the PostgreSQL behind it. */
  void begin(Backing backing) throws IOException {
    for (var entry : defaults.entrySet()) {
      backing.demand("SET " + PREFIX + entry.getKey() + " = " + Sql.quote(entry.getValue()));
    }
    backing.demand("SET default_transaction_isolation = 'serializable'");
    backing.demand("SET timezone = 'UTC'");
  }

  boolean knows(String name) {
    return defaults.containsKey(name);
  }

  /** A statement's edits for names of settings that only CockroachDB has. */
  void rewrite(List<Token> statement, Edits edits) {
    var first = statement.getFirst();
    if (first.is("SET") || first.is("SHOW") || first.is("RESET")) {
      int at = 1;
      while (at < statement.size()
          && (statement.get(at).is("SESSION") || statement.get(at).is("LOCAL"))) {
        at++;
      }
      if (at < statement.size() && knows(Sql.name(statement.get(at)))) {
        edits.replace(statement.get(at), PREFIX + Sql.name(statement.get(at)));
      }
    }
    for (int k = 0; k + 2 < statement.size(); k++) {
      var function = statement.get(k);
      if ((function.is("CURRENT_SETTING") || function.is("SET_CONFIG"))
          && Sql.at(statement, k + 1, '(')
          && Sql.isString(statement.get(k + 2))
          && knows(Sql.string(statement.get(k + 2)))) {
        edits.replace(statement.get(k + 2), Sql.quote(PREFIX + Sql.string(statement.get(k + 2))));
      }
    }
  }
}
