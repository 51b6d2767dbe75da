package dev.pawl.engine.cockroach.world;

/** A schema and a name in it, as they are stored. */
public record Name(String schema, String name) implements Comparable<Name> {
  /** In the schema that unqualified names mean. */
  public static Name of(String name) {
    return new Name("public", name);
  }

  /** Another name in the same schema. */
  public Name sibling(String other) {
    return new Name(schema, other);
  }

  /** With the database, each part quoted where it has to be. */
  public String full() {
    return World.DATABASE + "." + quoted(schema) + "." + quoted(name);
  }

  /** As CockroachDB prints an identifier. */
  public static String quoted(String identifier) {
    return identifier.matches("[a-z_][a-z0-9_]*")
        ? identifier
        : '"' + identifier.replace("\"", "\"\"") + '"';
  }

  @Override
  public int compareTo(Name other) {
    int bySchema = schema.compareTo(other.schema);
    return bySchema != 0 ? bySchema : name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return schema + "." + name;
  }
}
