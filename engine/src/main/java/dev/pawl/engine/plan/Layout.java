package dev.pawl.engine.plan;

import java.util.Optional;

/** What a file is, told by its path alone. */
sealed interface Layout {
  /** Neither a migration nor anything of one: a README, a down migration. */
  record Ignored() implements Layout {}

  /** A .sql file that cannot be placed. */
  record Misplaced(String message) implements Layout {}

  /** The predicates of the file of this name without {@code .verify.sql}. */
  record Verify(String stem) implements Layout {}

  /**
   * A file of a migration.
   *
   * @param folder the folder that names the version; empty where the file itself does
   * @param order within the version
   * @param stem the path without {@code .sql}
   */
  record Migration(Version version, Optional<String> folder, long order, String stem)
      implements Layout {}

  String FORMS = "call it like 0007_add_email.sql or 12.0.0/up01.sql";

  static Layout of(String path) {
    int slash = path.lastIndexOf('/');
    var file = path.substring(slash + 1);
    if (path.startsWith(".") || path.contains("/.") || !endsWith(file, ".sql")) {
      return new Ignored();
    }
    var stem = path.substring(0, path.length() - 4);
    var name = file.substring(0, file.length() - 4);
    if (endsWith(name, ".verify")) {
      return new Verify(stem.substring(0, stem.length() - 7));
    }
    if (endsWith(name, ".down") || name.equals("down") || undoesForFlyway(name)) {
      return new Ignored();
    }
    if (slash < 0) {
      return flat(file, name, stem);
    }
    var folder = path.substring(0, slash);
    if (folder.indexOf('/') >= 0) {
      return new Misplaced(
          "lies too deep: put it into a folder named for its version, one level down");
    }
    return inFolder(folder, file, name, stem);
  }

  private static Layout flat(String file, String name, String stem) {
    var version = version(name);
    if (version.isEmpty()) {
      return new Misplaced(
          name.startsWith("R__")
              ? "is a repeatable migration, which Pawl does not have: give it a version"
              : file
                  + " begins with no version of one to four dotted numbers: "
                  + FORMS
                  + ", or move it out of the source");
    }
    return new Migration(version.get(), Optional.empty(), 0, stem);
  }

  private static Layout inFolder(String folder, String file, String name, String stem) {
    var version = version(folder);
    if (version.isEmpty()) {
      return new Misplaced(
          "its folder "
              + folder
              + " begins with no version of one to four dotted numbers: "
              + FORMS
              + ", or move it out of the source");
    }
    if (!name.startsWith("up")) {
      return new Misplaced(
          file + " in a folder named for a version must be up.sql, or up01.sql, up02.sql, …");
    }
    int end = digits(name, 2);
    if (end - 2 > 18 || end < name.length() && !isSeparator(name.charAt(end))) {
      return new Misplaced(
          file + " in a folder named for a version must be up.sql, or up01.sql, up02.sql, …");
    }
    long order = end == 2 ? 0 : Long.parseLong(name.substring(2, end));
    return new Migration(version.get(), Optional.of(folder), order, stem);
  }

  /** The version that a path begins with: that of its folder, or of a file without one. */
  static Optional<Version> beginning(String path) {
    int slash = path.indexOf('/');
    if (slash >= 0) {
      return version(path.substring(0, slash));
    }
    var name = endsWith(path, ".sql") ? path.substring(0, path.length() - 4) : path;
    return version(endsWith(name, ".verify") ? name.substring(0, name.length() - 7) : name);
  }

  /** The version a name begins with: 0007_x, 12.0.0-x, Flyway's V7__x and V7_1__x. */
  private static Optional<Version> version(String name) {
    if (name.startsWith("V") && name.length() > 1 && digits(name, 1) > 1) {
      int end = name.indexOf("__");
      return Version.parse(name.substring(1, end < 0 ? name.length() : end).replace('_', '.'));
    }
    int end = 0;
    while (end < name.length() && (digits(name, end) > end || name.charAt(end) == '.')) {
      end++;
    }
    var number = name.substring(0, end);
    if (end < name.length()) {
      if (number.endsWith(".")) { // 7.up.sql
        number = number.substring(0, end - 1);
      } else if (!isSeparator(name.charAt(end))) {
        return Optional.empty();
      }
    }
    return Version.parse(number);
  }

  private static boolean undoesForFlyway(String name) {
    return name.startsWith("U") && digits(name, 1) > 1 && name.contains("__");
  }

  private static boolean isSeparator(char c) {
    return c == '_' || c == '-';
  }

  private static int digits(String text, int from) {
    int end = from;
    while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
      end++;
    }
    return end;
  }

  private static boolean endsWith(String text, String suffix) {
    return text.regionMatches(true, text.length() - suffix.length(), suffix, 0, suffix.length());
  }
}
