package dev.pawl.operator.source;

import dev.pawl.engine.plan.SourceFile;
import dev.pawl.engine.plan.Version;
import dev.pawl.engine.plan.VersionsFile;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The files of a source up to a version: exactly what a run is given, and nothing else.
 *
 * @param files by path
 * @param digest SHA-256 over paths and texts
 */
public record MigrationFiles(List<SourceFile> files, String digest) {
  /**
   * The part up to a version. A name that shows no version stays in: the plan will say what is
   * wrong with it.
   */
  static MigrationFiles through(Version version, List<SourceFile> all) {
    var versions = VersionsFile.of(all);
    var files =
        all.stream()
            .map(f -> VersionsFile.is(f) ? versions.through(version).orElse(f) : f)
            .filter(f -> versions.version(f).map(v -> v.compareTo(version) <= 0).orElse(true))
            .sorted(Comparator.comparing(SourceFile::path))
            .toList();
    return new MigrationFiles(files, digest(files));
  }

  /** Whether a migration of this version is among them. */
  public boolean has(Version version) {
    var versions = VersionsFile.of(files);
    return files.stream()
        .filter(f -> !f.path().endsWith(".verify.sql"))
        .anyMatch(f -> versions.version(f).equals(Optional.of(version)));
  }

  private static String digest(List<SourceFile> files) {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      for (var file : files) {
        for (var part : List.of(file.path(), file.text())) {
          var bytes = part.getBytes(StandardCharsets.UTF_8);
          sha.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
          sha.update(bytes);
        }
      }
      return "sha256:" + HexFormat.of().formatHex(sha.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
