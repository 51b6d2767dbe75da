package dev.pawl.engine.plan;

import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.Visible;
import java.util.Optional;

/** What a file is, told by its path alone. */
sealed interface Layout {
  /** Neither a migration nor anything of one: a README, a down migration. */
  record Ignored() implements Layout {}

  /** Which version each folder is. */
  record Versions() implements Layout {}

  /** A .sql file that cannot be placed. */
  record Misplaced(String message) implements Layout {}

  /** A .sql file beside all folders whose name says no version; with folders, not a migration. */
  record Loose(String message) implements Layout {}

  /** The predicates of the file of this name without {@code .verify.sql}. */
  record Verify(String stem) implements Layout {}

  /**
   * A file of a migration.
   *
   * @param form how its kind of file is named
   * @param folder empty where the file itself names the version
   * @param version empty where only versions.txt can tell it
   * @param order within the version
   * @param stem the path without {@code .sql}
   * @param variant the database that the file is for alone
   * @param base the stem without its variant: the same for all variants of a migration
   */
  record Migration(
      Form form,
      Optional<String> folder,
      Optional<Version> version,
      long order,
      String stem,
      Optional<Variant> variant,
      String base)
      implements Layout {}

  /** How the files of a source are named; one source has one form. */
  enum Form {
    NUMBERED("NNNN_name.sql"),
    FLYWAY("VN__name.sql"),
    UP("N_name.up.sql"),
    FOLDERS("VERSION/up.sql");

    final String shown;

    Form(String shown) {
      this.shown = shown;
    }
  }

  /** The database that a file is for, by a word in its name. */
  enum Variant {
    POSTGRESQL,
    COCKROACHDB,
    OTHER;

    static Variant of(DatabaseKind kind) {
      return switch (kind) {
        case POSTGRESQL -> POSTGRESQL;
        case COCKROACHDB -> COCKROACHDB;
      };
    }

    private static Optional<Variant> named(String word) {
      return switch (word) {
        case "postgres", "postgresql", "pg" -> Optional.of(POSTGRESQL);
        case "cockroach", "cockroachdb", "crdb" -> Optional.of(COCKROACHDB);
        case "mysql",
            "mariadb",
            "sqlite",
            "sqlite3",
            "mssql",
            "sqlserver",
            "oracle",
            "clickhouse" ->
            Optional.of(OTHER);
        default -> Optional.empty();
      };
    }
  }

  /** The file that says which versions folders are whose names are no numbers. */
  String VERSIONS = "versions.txt";

  String FORMS = "call it like 0007_add_email.sql or 12.0.0/up01.sql";

  static Layout of(String path) {
    if (path.equals(VERSIONS)) {
      return new Versions();
    }
    int slash = path.lastIndexOf('/');
    var file = path.substring(slash + 1);
    if (endsWith(file, ".sql") && !Visible.is(path)) {
      return new Misplaced("has a character in its name that cannot be seen: rename it");
    }
    if (endsWith(file, ".sql") && goesElsewhere(path)) {
      return new Misplaced("is named by a way to it: leave out the '.' and '..' between slashes");
    }
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
      return flat(file, name);
    }
    var folder = path.substring(0, slash);
    if (folder.indexOf('/') >= 0) {
      return new Misplaced(
          "lies too deep: put it into a folder named for its version, one level down");
    }
    return inFolder(folder, file, name, stem);
  }

  private static boolean goesElsewhere(String path) {
    return path.startsWith("./")
        || path.startsWith("../")
        || path.contains("/./")
        || path.contains("/../");
  }

  private static Layout flat(String file, String name) {
    var version = VersionName.of(name);
    if (version.isEmpty()) {
      return name.startsWith("R__")
          ? new Misplaced("is a repeatable migration, which Pawl does not have: give it a version")
          : new Loose(
              file
                  + " begins with no version of one to four dotted numbers: "
                  + FORMS
                  + ", or move it out of the source");
    }
    boolean up = endsWith(name, ".up");
    var base = up ? name.substring(0, name.length() - 3) : name;
    if (up && base.endsWith(".autocommit")) {
      base = base.substring(0, base.length() - 11); // Pawl sees for itself what needs that
    }
    int dot = base.lastIndexOf('.');
    var variant = dot < 0 ? Optional.<Variant>empty() : Variant.named(base.substring(dot + 1));
    var form = up ? Form.UP : VersionName.isFlyway(name) ? Form.FLYWAY : Form.NUMBERED;
    return new Migration(
        form,
        Optional.empty(),
        version,
        0,
        name,
        variant,
        variant.isEmpty() ? base : base.substring(0, dot));
  }

  private static Layout inFolder(String folder, String file, String name, String stem) {
    var version = VersionName.of(folder);
    int end = name.startsWith("up") ? digits(name, 2) : 0;
    boolean up = end > 0 && end - 2 <= 18 && (end == name.length() || isSeparator(name, end));
    if (!up) {
      return new Misplaced(
          version.isPresent()
              ? file + " in a folder named for a version must be up.sql, or up01.sql, up02.sql, …"
              : "its folder "
                  + folder
                  + " begins with no version of one to four dotted numbers: "
                  + FORMS
                  + ", or move it out of the source");
    }
    long order = end == 2 ? 0 : Long.parseLong(name.substring(2, end));
    return new Migration(
        Form.FOLDERS, Optional.of(folder), version, order, stem, Optional.empty(), stem);
  }

  private static boolean undoesForFlyway(String name) {
    return name.startsWith("U") && digits(name, 1) > 1 && name.contains("__");
  }

  private static boolean isSeparator(String name, int at) {
    return name.charAt(at) == '_' || name.charAt(at) == '-';
  }

  /** Where the digits from here on end. */
  static int digits(String text, int from) {
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
