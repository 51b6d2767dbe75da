package dev.pawl.engine.cockroach;

/** SHOW SESSIONS, for one session. */
final class SessionRows {
  private SessionRows() {}

  /**
   * Others' sessions are seen by admins and with VIEWACTIVITY: docs, "SHOW SESSIONS", "Required
   * privileges". Of its columns those that all releases have.
   */
  private static boolean sees(Catalog catalog, ModelSession session) {
    return catalog.admin()
        || session.user().equals(catalog.caller.user())
        || catalog.privileges.contains("VIEWACTIVITY");
  }

  /** A parenthesised SELECT: what a session calls itself only the PostgreSQL behind knows. */
  static String sql(Catalog catalog) {
    var rows =
        new Rows(
            "node_id int8",
            "session_id text",
            "user_name text",
            "client_address text",
            "active_queries text",
            "last_active_query text",
            "pid int4");
    for (var session : catalog.sessions) {
      if (sees(catalog, session)) {
        rows.add(
            session.node() + 1,
            session.id(),
            session.user(),
            "127.0.0.1:0",
            session.executing(),
            session.executed(),
            session.pid());
      }
    }
    return "(SELECT s.node_id, s.session_id, s.user_name, s.client_address, a.application_name,"
        + " s.active_queries, s.last_active_query, a.backend_start AS session_start FROM "
        + rows.sql()
        + " AS s JOIN pg_catalog.pg_stat_activity AS a ON a.pid = s.pid)";
  }
}
