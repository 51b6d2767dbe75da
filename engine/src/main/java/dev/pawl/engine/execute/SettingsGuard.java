package dev.pawl.engine.execute;

import dev.pawl.engine.change.Dml;
import dev.pawl.engine.change.OtherDdl;
import dev.pawl.engine.change.Procedural;
import dev.pawl.engine.change.SchemaChange;
import dev.pawl.engine.change.SessionSetting;
import dev.pawl.engine.plan.Step;
import dev.pawl.engine.sql.Literal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/**
 * On PostgreSQL a block or a function may set for the session what names mean. The next step of the
 * file would not have it, for it must not depend on which session it runs in: so such a step is
 * refused, within its transaction.
 */
final class SettingsGuard {
  /** SQLSTATE of the refusal. */
  static final String CHANGED = "PW009";

  private static final List<String> SETTINGS =
      List.of(
          "search_path",
          "role",
          "session_authorization",
          "default_tablespace",
          "default_table_access_method");

  private SettingsGuard() {}

  /** Whether it runs code that no reading of its text shows. */
  static boolean needed(Step step) {
    return step.changes().stream().anyMatch(c -> c instanceof Dml || c instanceof Procedural);
  }

  /**
   * What to send after the author's text, before its commit.
   *
   * @param connection in the step's transaction, before that text
   */
  static String check(Connection connection, Step step) throws SQLException {
    var settings = SETTINGS.stream().filter(name -> !setsOpenly(step, name)).toList();
    var body = new StringBuilder("BEGIN ");
    var values = values(connection, settings);
    for (int k = 0; k < settings.size(); k++) {
      var name = settings.get(k);
      body.append("IF pg_catalog.current_setting(")
          .append(Literal.text(name))
          .append(") OPERATOR(pg_catalog.<>) ")
          .append(Literal.text(values.get(k)))
          .append(" THEN RAISE EXCEPTION USING ERRCODE = ")
          .append(Literal.text(CHANGED))
          .append(", MESSAGE = ")
          .append(
              Literal.text(
                  name
                      + " was changed by code that ran here, and the file's next step, which is not"
                      + " in this transaction, would not have it. Write it as a SET before"
                      + " them, or move what follows to a file of its own"))
          .append("; END IF; ");
    }
    return ";DO " + Literal.text(body.append("END").toString());
  }

  private static List<String> values(Connection connection, List<String> settings)
      throws SQLException {
    var questions = new StringJoiner(",", "SELECT ", "");
    settings.forEach(
        name -> questions.add("pg_catalog.current_setting(" + Literal.text(name) + ")"));
    var values = new ArrayList<String>();
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(questions.toString())) {
      rows.next();
      for (int k = 1; k <= settings.size(); k++) {
        values.add(rows.getString(k));
      }
    }
    return values;
  }

  /** What the text itself sets, Pawl knows: for the transaction, or for all steps of the file. */
  private static boolean setsOpenly(Step step, String name) {
    boolean mentioned = step.sql().toLowerCase(Locale.ROOT).contains(name);
    return step.changes().stream().anyMatch(change -> sets(change, name, mentioned));
  }

  private static boolean sets(SchemaChange change, String name, boolean mentioned) {
    return switch (change) {
      case SessionSetting(var set) ->
          set.equals(name) || set.equals("all") || mentioned && set.equals("set_config");
      case OtherDdl other ->
          other.keywords().equals("SET LOCAL")
              && (mentioned || name.equals("search_path") || name.equals("role"));
      default -> false;
    };
  }
}
