package dev.pawl.cli;

import dev.pawl.engine.generate.VerifyFiles;
import dev.pawl.engine.plan.SourceFile;
import dev.pawl.engine.sql.DatabaseKind;
import java.util.Collection;
import java.util.Optional;
import picocli.CommandLine.Option;

/** --dialect, for commands that judge files without a database. */
final class DialectOption {
  @Option(
      names = "--dialect",
      paramLabel = "DIALECT",
      description =
          "postgresql or cockroachdb (default: what the directory was generated for, or what its"
              + " file names speak of, or postgresql)")
  Optional<DatabaseKind> dialect = Optional.empty();

  /** The database that was named, or that the directory itself speaks of, or PostgreSQL. */
  DatabaseKind kind(Collection<SourceFile> source) {
    return dialect.orElseGet(() -> told(source));
  }

  private static DatabaseKind told(Collection<SourceFile> source) {
    var kinds = VerifyFiles.kinds(source);
    if (kinds.size() > 1) {
      throw new UsageException(
          "the directory holds files for both databases: say --dialect postgresql or --dialect"
              + " cockroachdb");
    }
    return kinds.isEmpty() ? DatabaseKind.POSTGRESQL : kinds.iterator().next();
  }
}
