package dev.pawl.engine.change;

/**
 * An explicit refusal: nothing is known of this statement, so nothing is assumed.
 *
 * @param reason one sentence for a person
 */
public record Unclassified(String reason) implements SchemaChange {

  @Override
  public String describe() {
    return "unclassified";
  }
}
