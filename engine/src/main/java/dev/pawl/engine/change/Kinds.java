package dev.pawl.engine.change;

import java.util.Set;

/** The kinds of objects after CREATE, ALTER and DROP, and which of their statements are known. */
final class Kinds {
  /** CREATE, ALTER and DROP of these run in a transaction on PostgreSQL. */
  private static final Set<String> KNOWN =
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

  private Kinds() {}

  static boolean known(String kind) {
    return KNOWN.contains(kind);
  }

  /** The kind after CREATE, ALTER or DROP, of one word or several; passed over. */
  static String read(Reader reader) {
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

  /** A statement without facts, where it is known to be done when it returns. */
  static SchemaChange other(Reader reader, String keywords) {
    return other(reader, keywords, true);
  }

  static SchemaChange other(Reader reader, String keywords, boolean transactional) {
    if (keywords.equals("CREATE SCHEMA") && reader.contains("CONCURRENTLY")) {
      return new Unclassified("an index built CONCURRENTLY cannot be part of CREATE SCHEMA");
    }
    if (reader.cockroach() && !SYNCHRONOUS_ON_COCKROACHDB.contains(keywords)) {
      return new Unclassified(
          "Pawl does not know whether CockroachDB has finished a " + keywords + " when it returns");
    }
    return new OtherDdl(keywords, transactional);
  }

  static Unclassified unknown(String what) {
    var shown = what.length() <= 40 ? what : what.substring(0, 39) + "…";
    return new Unclassified("Pawl does not know what " + shown + " does");
  }
}
