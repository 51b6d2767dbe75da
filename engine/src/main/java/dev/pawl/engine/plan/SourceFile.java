package dev.pawl.engine.plan;

import java.util.Optional;

/**
 * One file as its author wrote it.
 *
 * @param path relative to the source's root, with forward slashes; for a ConfigMap its key
 * @param text the whole content, decoded as UTF-8
 */
public record SourceFile(String path, String text) {
  /**
   * The version that the path begins with, whatever the planner will say of the rest; empty where
   * it begins with none.
   */
  public Optional<Version> version() {
    return VersionName.ofPath(path);
  }
}
