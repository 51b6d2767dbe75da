package dev.pawl.cli;

import dev.pawl.engine.lint.Finding;
import dev.pawl.engine.lint.Level;
import dev.pawl.engine.lint.Rules;
import dev.pawl.engine.plan.SourceFile;
import dev.pawl.engine.plan.Version;
import dev.pawl.engine.plan.VersionsFile;
import dev.pawl.engine.sql.DatabaseKind;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a check has found.
 *
 * @param directory as it was named
 * @param versions which of them a folder is whose name is none
 * @param files how many were read
 * @param findings sorted by version, file and place
 */
record Checked(
    Path directory, DatabaseKind kind, VersionsFile versions, int files, List<Finding> findings) {

  /** Sorts; what was found twice is told once. */
  Checked {
    findings =
        findings.stream()
            .distinct()
            .sorted(
                Comparator.comparing((Finding f) -> version(versions, f), Checked::compare)
                    .thenComparing(Finding::file)
                    .thenComparingInt(Finding::line)
                    .thenComparingInt(Finding::column)
                    .thenComparing(f -> f.rule().id()))
            .toList();
  }

  private static int compare(Optional<Version> a, Optional<Version> b) {
    return a.isPresent() && b.isPresent()
        ? a.get().compareTo(b.get())
        : Boolean.compare(a.isPresent(), b.isPresent());
  }

  /** The version of a finding's file, where it has one. */
  Optional<Version> version(Finding finding) {
    return version(versions, finding);
  }

  private static Optional<Version> version(VersionsFile versions, Finding finding) {
    return versions.version(new SourceFile(finding.file(), ""));
  }

  /** Without what is unsafe in versions up to this one: what cannot be applied stays. */
  Checked after(Version threshold) {
    var later =
        findings.stream()
            .filter(
                f ->
                    f.rule().equals(Rules.INVALID_SOURCE)
                        || version(f).map(v -> v.compareTo(threshold) > 0).orElse(true))
            .toList();
    return new Checked(directory, kind, versions, files, later);
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
