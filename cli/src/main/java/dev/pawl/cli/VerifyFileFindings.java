package dev.pawl.cli;

import dev.pawl.engine.generate.VerifyFiles;
import dev.pawl.engine.lint.Finding;
import dev.pawl.engine.lint.Rules;
import dev.pawl.engine.plan.Problem;
import dev.pawl.engine.plan.SourceFile;
import dev.pawl.engine.plan.VerifyFile;
import dev.pawl.engine.sql.DatabaseKind;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What is wrong with the verify files of a source, as findings of rules. */
final class VerifyFileFindings {
  private VerifyFileFindings() {}

  /**
   * Missing ones count where the source has generated ones, or where they are required: otherwise
   * Pawl makes them in memory.
   */
  static List<Finding> of(Collection<SourceFile> source, DatabaseKind kind, boolean required) {
    boolean generates =
        required || source.stream().anyMatch(f -> VerifyFile.generatedFor(f).isPresent());
    return VerifyFiles.of(source, kind).findings().stream()
        .flatMap(found -> finding(found, generates).stream())
        .toList();
  }

  private static Optional<Finding> finding(VerifyFiles.Finding found, boolean generates) {
    var problem = new Problem(found.file(), found.line(), found.column(), found.message());
    return switch (found.kind()) {
      case MISSING ->
          generates
              ? Optional.of(Finding.of(Rules.MISSING_VERIFY_FILE, problem))
              : Optional.empty();
      case STALE -> Optional.of(Finding.of(Rules.STALE_VERIFY_FILE, problem));
      case ORPHANED -> Optional.of(Finding.of(Rules.ORPHANED_VERIFY_FILE, problem));
      case UNREADABLE -> Optional.of(Finding.of(Rules.INVALID_SOURCE, problem));
    };
  }
}
