package dev.pawl.engine.lint;

import dev.pawl.engine.change.Reader;
import dev.pawl.engine.change.Reader.Unexpected;
import dev.pawl.engine.sql.DatabaseKind;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The domains that a source makes: names for types, with conditions on their values or without. */
final class Domains {
  /**
   * A domain.
   *
   * @param type that it stands for, as written
   * @param constrained CHECK or NOT NULL: PostgreSQL then has to look at each value
   */
  record Domain(String type, boolean constrained) {}

  private final DatabaseKind kind;
  private final Map<String, Domain> domains = new HashMap<>();

  Domains(DatabaseKind kind) {
    this.kind = kind;
  }

  /** The domain that a type as written is, if any. */
  Optional<Domain> find(String type) {
    return Optional.ofNullable(domains.get(Types.of(type, kind).name()));
  }

  /** The type that a column of a type really holds. */
  String base(String type) {
    var found = find(type);
    for (int i = 0; found.isPresent() && i < domains.size(); i++) {
      type = found.get().type();
      found = find(type);
    }
    return type;
  }

  /** Whether values become ones of this type without being looked at. */
  boolean constrained(String type) {
    var found = find(type);
    for (int i = 0; found.isPresent() && i < domains.size(); i++) {
      if (found.get().constrained()) {
        return true;
      }
      found = find(found.get().type());
    }
    return false;
  }

  /** From CREATE DOMAIN on. */
  void create(Reader reader) {
    try {
      reader.accept("CREATE", "DOMAIN");
      var name = reader.name().name();
      reader.accept("AS");
      int from = reader.place();
      while (!reader.done() && !endsType(reader)) {
        reader.skipItem();
      }
      var type = reader.textSince(from);
      domains.put(name, new Domain(type, constrains(reader)));
    } catch (Unexpected e) {
      // Then it is a type like any other.
    }
  }

  /** From ALTER DOMAIN on. */
  void alter(Reader reader) {
    try {
      reader.accept("ALTER", "DOMAIN");
      var name = reader.name().name();
      if (reader.at("ADD") || reader.at("SET")) {
        domains.computeIfPresent(
            name, (n, d) -> new Domain(d.type(), d.constrained() || constrains(reader)));
      }
    } catch (Unexpected e) {
      // Nothing is learned of it.
    }
  }

  private static boolean endsType(Reader reader) {
    return switch (reader.keyword()) {
      case "COLLATE", "DEFAULT", "CONSTRAINT", "NOT", "NULL", "CHECK" -> true;
      default -> false;
    };
  }

  private static boolean constrains(Reader rest) {
    return rest.contains("CHECK") || rest.contains("NOT");
  }
}
