package dev.pawl.engine.change;

/**
 * SET or RESET for the session: a prologue of the file, scoped to its steps. (SET LOCAL belongs to
 * its transaction and is {@link OtherDdl}.) Beside another change of the same statement: what else
 * it leaves in the session, a temporary table for example.
 *
 * @param name of the setting, in lower case
 */
public record SessionSetting(String name) implements SchemaChange {

  @Override
  public String describe() {
    return "set " + name;
  }
}
