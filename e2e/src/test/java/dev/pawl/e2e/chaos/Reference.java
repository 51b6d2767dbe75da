package dev.pawl.e2e.chaos;

import dev.pawl.e2e.harness.Database;
import dev.pawl.e2e.harness.Script;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A database made by psql alone from the same files, and what is compared with it. */
final class Reference {
  private static final String TABLES =
      "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
          + " ORDER BY relname";

  private Reference() {}

  /** Fails at once where the run could not be judged at its end. */
  static void needPrograms() {
    try {
      Script.run("bash", "-c", "command -v psql && command -v pg_dump");
    } catch (IllegalStateException e) {
      throw new IllegalStateException(
          "psql or pg_dump not found: install the PostgreSQL client of your system", e);
    }
  }

  /** Runs every file in order, one psql each, and fails where psql does. */
  static void fill(Database database, List<History> histories, Path folder) {
    for (var history : histories) {
      for (var version : history.versions()) {
        var file = folder.resolve(history.stream() + "-" + version.file());
        try {
          Files.createDirectories(folder);
          Files.writeString(file, version.sql());
        } catch (IOException e) {
          throw new UncheckedIOException("no place for the files of psql", e);
        }
        run(database, "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", file.toString());
      }
    }
  }

  private static String run(Database database, String... command) {
    return Script.run(
        Map.of(
            "PGHOST",
            "127.0.0.1",
            "PGPORT",
            Integer.toString(database.server().port()),
            "PGUSER",
            database.name(),
            "PGPASSWORD",
            database.password(),
            "PGDATABASE",
            database.name()),
        command);
  }

  /** The schema as pg_dump tells it, without Pawl's own and without what differs each time. */
  static List<String> schema(Database database) {
    return run(
            database, "pg_dump", "--schema-only", "--no-owner", "--no-acl", "--exclude-schema=pawl")
        .lines()
        .filter(line -> !line.startsWith("\\restrict") && !line.startsWith("\\unrestrict"))
        .filter(line -> !line.isBlank())
        .toList();
  }

  /** Every row of every table, in order. */
  static List<String> rows(Database database) {
    var found = new ArrayList<String>();
    for (var table : database.column(TABLES)) {
      database
          .column("SELECT t::text FROM " + table + " t ORDER BY 1")
          .forEach(row -> found.add(table + " " + row));
    }
    return found;
  }
}
