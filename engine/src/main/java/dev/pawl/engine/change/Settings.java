package dev.pawl.engine.change;

import dev.pawl.engine.change.Reader.Unexpected;
import java.util.Locale;

/** Reads SET and RESET. */
final class Settings {
  private Settings() {}

  static SchemaChange set(Reader reader) throws Unexpected {
    reader.skip();
    if (reader.accept("LOCAL")) {
      if (reader.at("TRANSACTION")) {
        return Classifier.transactionControl("SET TRANSACTION");
      }
      return reader.cockroach() && setsDatabase(reader)
          ? new SessionSetting("database")
          : new OtherDdl("SET LOCAL", true);
    }
    if (reader.accept("SESSION")) {
      if (reader.at("CHARACTERISTICS")) {
        return Classifier.transactionControl("SET SESSION CHARACTERISTICS");
      }
      if (reader.at("AUTHORIZATION")) {
        return new SessionSetting("session_authorization");
      }
    }
    return switch (reader.keyword()) {
      case "TRANSACTION" -> Classifier.transactionControl("SET TRANSACTION");
      case "CONSTRAINTS" -> new OtherDdl("SET CONSTRAINTS", true);
      case "CLUSTER" -> Kinds.other(reader, "SET CLUSTER SETTING", false);
      case "TIME" -> new SessionSetting("timezone");
      case "SCHEMA" -> new SessionSetting("search_path");
      case "NAMES" -> new SessionSetting("client_encoding");
      case "XML" -> new SessionSetting("xmloption");
      default -> new SessionSetting(setting(reader));
    };
  }

  /** Also for one transaction it is another database in which the ledger is not. */
  private static boolean setsDatabase(Reader reader) throws Unexpected {
    int from = reader.place();
    boolean database = reader.atIdentifier() && setting(reader).equals("database");
    reader.back(from);
    return database;
  }

  static SchemaChange reset(Reader reader) throws Unexpected {
    reader.skip();
    return switch (reader.keyword()) {
      case "SESSION" -> new SessionSetting("session_authorization");
      case "TIME" -> new SessionSetting("timezone");
      case "CLUSTER" -> Kinds.other(reader, "RESET CLUSTER SETTING", false);
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
