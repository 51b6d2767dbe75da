package dev.pawl.engine.change;

import dev.pawl.engine.change.Reader.Unexpected;
import dev.pawl.engine.sql.Literals;
import dev.pawl.engine.sql.QualifiedName;
import dev.pawl.engine.sql.Token;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Optional;

/** Reads TRUNCATE, REFRESH and REINDEX. */
final class Upkeep {
  private Upkeep() {}

  static SchemaChange truncate(Reader reader) throws Unexpected {
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

  static SchemaChange refresh(Reader reader) throws Unexpected {
    reader.skip();
    reader.expect("MATERIALIZED");
    reader.expect("VIEW");
    boolean concurrently = reader.accept("CONCURRENTLY");
    return new RefreshMaterializedView(reader.name(), concurrently, reader.withDataAtEnd() == 3);
  }

  static SchemaChange reindex(Reader reader) throws Unexpected {
    reader.skip();
    if (reader.cockroach()) {
      return Kinds.unknown("REINDEX");
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
}
