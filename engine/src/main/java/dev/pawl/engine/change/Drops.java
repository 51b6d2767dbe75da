package dev.pawl.engine.change;

import dev.pawl.engine.change.Reader.Unexpected;
import java.util.List;
import java.util.Set;

/** Reads DROP. */
final class Drops {
  private static final Set<String> KNOWN_ON_COCKROACHDB =
      Set.of("DATABASE", "MATERIALIZED VIEW", "SCHEMA", "SEQUENCE", "TYPE", "VIEW");

  private Drops() {}

  /** From DROP on. */
  static SchemaChange read(Reader reader) throws Unexpected {
    reader.skip();
    var kind = Kinds.read(reader);
    if (kind.equals("INDEX")) {
      return Indexes.drop(reader);
    }
    if (kind.equals("OWNED")) {
      return Kinds.other(reader, "DROP OWNED");
    }
    boolean known =
        Kinds.known(kind)
            || switch (kind) {
              case "DATABASE", "TABLESPACE", "SUBSCRIPTION" -> true;
              default -> false;
            };
    if (!known) {
      return Kinds.unknown("DROP " + kind);
    }
    if (reader.cockroach() && !kind.equals("TABLE") && !KNOWN_ON_COCKROACHDB.contains(kind)) {
      return Kinds.other(reader, "DROP " + kind);
    }
    boolean ifExists = reader.accept("IF", "EXISTS");
    return switch (kind) {
      case "TABLE" -> new DropTable(reader.names(), ifExists, behaviour(reader));
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
          "USER MAPPING" ->
          new DropObject(kind, List.of(), ifExists, reader.contains("CASCADE"));
      default -> new DropObject(kind, reader.names(), ifExists, behaviour(reader));
    };
  }

  /** Whether CASCADE stands behind the names, and nothing that does not belong there. */
  private static boolean behaviour(Reader reader) throws Unexpected {
    boolean cascade = reader.accept("CASCADE");
    if (!cascade && !reader.done() && !reader.accept("RESTRICT")) {
      // DROP DATABASE x WITH (FORCE)
      if (!reader.accept("WITH") && !reader.at('(')) {
        throw reader.unexpected("the end");
      }
    }
    return cascade;
  }
}
