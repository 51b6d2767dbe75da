package dev.pawl.engine.cockroach;

import java.util.regex.Pattern;

/** PostgreSQL's errors in CockroachDB's words, where a client looks at the words. */
final class CockroachErrors {
  private static final Pattern BOOLEAN =
      Pattern.compile("invalid input syntax for type boolean: \"(.*)\"", Pattern.DOTALL);

  private CockroachErrors() {}

  static Wire.Message translate(Wire.Message error) {
    var bool = BOOLEAN.matcher(error.field('M'));
    if (error.field('C').equals("22P02") && bool.matches()) {
      // pkg/sql/sem/tree, ParseDBool
      return Wire.error(
          "ERROR",
          "22P02",
          "could not parse \"" + bool.group(1) + "\" as type bool: invalid bool value",
          "");
    }
    return error;
  }
}
