package dev.pawl.engine.plan;

import java.util.Optional;

/** The version that the name of a file or folder begins with. */
final class VersionName {
  private static final int DIGITS = 18;
  private static final int TIMESTAMP = 14;

  private VersionName() {}

  /**
   * 7 of {@code 0007_x}, 12.0.0 of {@code 12.0.0-x}, 7.1 of Flyway's {@code V7_1__x}; a date with
   * dashes is one number, and one of more than 18 digits a time to the second and a counter.
   */
  static Optional<Version> of(String name) {
    if (isFlyway(name)) {
      int end = name.indexOf("__");
      return Version.parse(name.substring(1, end < 0 ? name.length() : end).replace('_', '.'));
    }
    if (beginsWithDate(name)) {
      return date(name);
    }
    int end = 0;
    while (end < name.length() && (Layout.digits(name, end) > end || name.charAt(end) == '.')) {
      end++;
    }
    var number = name.substring(0, end);
    if (end < name.length()) {
      if (number.endsWith(".")) { // 7.up.sql
        number = number.substring(0, end - 1);
      } else if (name.charAt(end) != '_' && name.charAt(end) != '-') {
        return Optional.empty();
      }
    }
    return parse(number);
  }

  static boolean isFlyway(String name) {
    return name.startsWith("V") && Layout.digits(name, 1) > 1;
  }

  /** 2019-02-26, and nothing else that could be a number and a name. */
  private static boolean beginsWithDate(String name) {
    return Layout.digits(name, 0) == 4
        && name.length() >= 10
        && name.charAt(4) == '-'
        && Layout.digits(name, 5) == 7
        && name.charAt(7) == '-'
        && Layout.digits(name, 8) == 10
        && endsNumber(name, 10);
  }

  private static boolean endsNumber(String name, int at) {
    return at == name.length()
        || name.charAt(at) == '-'
        || name.charAt(at) == '_'
        || name.charAt(at) == '.';
  }

  private static Optional<Version> date(String name) {
    var number = new StringBuilder(18).append(name, 0, 4).append(name, 5, 7).append(name, 8, 10);
    int at = 10;
    while (at < name.length() && name.charAt(at) == '-') {
      int end = Layout.digits(name, at + 1);
      if (end == at + 1 || !endsNumber(name, end)) {
        break;
      }
      number.append(name, at + 1, end);
      at = end;
    }
    return parse(number.toString());
  }

  private static Optional<Version> parse(String number) {
    return number.length() > DIGITS && number.indexOf('.') < 0
        ? Version.parse(number.substring(0, TIMESTAMP) + "." + number.substring(TIMESTAMP))
        : Version.parse(number);
  }

  /** The version that a path begins with: that of its folder, or of a file without one. */
  static Optional<Version> ofPath(String path) {
    int slash = path.indexOf('/');
    return of(slash >= 0 ? path.substring(0, slash) : path.substring(0, end(path)));
  }

  /** Where the name ends and its {@code .sql} or {@code .verify.sql} begins. */
  private static int end(String path) {
    int end = path.length();
    for (var suffix : new String[] {".sql", ".verify"}) {
      if (path.regionMatches(true, end - suffix.length(), suffix, 0, suffix.length())) {
        end -= suffix.length();
      }
    }
    return end;
  }
}
