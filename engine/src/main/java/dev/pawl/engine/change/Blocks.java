package dev.pawl.engine.change;

import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.Lexer;
import dev.pawl.engine.sql.Literals;
import dev.pawl.engine.sql.Token;
import java.util.Locale;

/** Reads DO. */
final class Blocks {
  private Blocks() {}

  /** DO: whether its body, read as PL/pgSQL, could end the transaction it runs in. */
  static SchemaChange read(Reader reader) {
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
}
