package dev.pawl.cli;

import dev.pawl.engine.lint.Finding;
import dev.pawl.engine.lint.Level;
import dev.pawl.engine.plan.SourceFile;
import dev.pawl.engine.plan.Version;
import dev.pawl.engine.sql.DatabaseKind;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a check has found.
 *
 * @param directory as it was named
 * @param files how many were read
 * @param findings sorted by version, file and place
 */
record Checked(Path directory, DatabaseKind kind, int files, List<Finding> findings) {
  private static final Comparator<Finding> ORDER =
      Comparator.comparing(
              (Finding f) -> version(f),
              (a, b) ->
                  a.isPresent() && b.isPresent()
                      ? a.get().compareTo(b.get())
                      : Boolean.compare(a.isPresent(), b.isPresent()))
          .thenComparing(Finding::file)
          .thenComparingInt(Finding::line)
          .thenComparingInt(Finding::column)
          .thenComparing(f -> f.rule().id());

  /** Sorts; what was found twice is told once. */
  static Checked of(Path directory, DatabaseKind kind, int files, List<Finding> findings) {
    return new Checked(directory, kind, files, findings.stream().distinct().sorted(ORDER).toList());
  }

  /** The version that a finding's file begins with. */
  static Optional<Version> version(Finding finding) {
    return new SourceFile(finding.file(), "").version();
  }

  boolean fails(Level level) {
    return findings.stream().anyMatch(f -> f.level().compareTo(level) >= 0);
  }

  long count(Level level) {
    return findings.stream().filter(f -> f.level() == level).count();
  }

  /**
   * A finding's file as seen from a folder, with forward slashes; absolute where it is not below
   * it.
   */
  String path(Finding finding, Path base) {
    var path = directory.resolve(finding.file()).toAbsolutePath().normalize();
    var from = base.toAbsolutePath().normalize();
    return (path.startsWith(from) ? from.relativize(path) : path).toString().replace('\\', '/');
  }
}
