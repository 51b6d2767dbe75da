package dev.pawl.engine.dialect;

import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * The modifier of a type: what {@code pg_attribute.atttypmod} holds of the 20 in varchar(20). Only
 * PostgreSQL 17 and later could be asked for it.
 */
final class PostgresTypeModifiers {
  private static final int NONE = -1;

  /** What lengths and precisions of strings and numbers are counted with. */
  private static final int HEADER = 4;

  private static final Pattern TYPE =
      Pattern.compile(
          "(?<name>[a-z_\""
              + " .]+?)\\s*(?:\\(\\s*(?<first>\\d{1,9})\\s*(?:,\\s*(?<second>\\d{1,9})\\s*)?\\))?(?<zone>"
              + " with(?:out)? time zone)?(?:\\s*\\[\\d*])*");

  private PostgresTypeModifiers() {}

  /** Empty where it is not known. */
  static OptionalInt of(String type) {
    var words = TYPE.matcher(type.strip().toLowerCase(Locale.ROOT).replaceAll("\\s+", " "));
    if (!words.matches()) {
      return OptionalInt.empty();
    }
    var name = words.group("name").replaceFirst("^pg_catalog\\.", "");
    var first = words.group("first");
    var second = words.group("second");
    if (first == null) {
      return switch (name) {
        case "char", "character", "bit", "national character", "nchar", "national char" ->
            OptionalInt.of(name.equals("bit") ? 1 : 1 + HEADER);
        default -> name.startsWith("interval ") ? OptionalInt.empty() : OptionalInt.of(NONE);
      };
    }
    int n = Integer.parseInt(first);
    return switch (name) {
      case "varchar", "character varying", "char", "character", "bpchar" ->
          second == null ? OptionalInt.of(n + HEADER) : OptionalInt.empty();
      case "numeric", "decimal", "dec" ->
          OptionalInt.of((n << 16 | (second == null ? 0 : Integer.parseInt(second))) + HEADER);
      case "timestamp", "time", "timestamptz", "timetz", "bit", "bit varying", "varbit" ->
          second == null ? OptionalInt.of(n) : OptionalInt.empty();
      default -> OptionalInt.empty();
    };
  }
}
