package dev.pawl.cli;

import dev.pawl.engine.plan.Version;
import java.util.function.Function;

/** Versions as arguments. */
final class VersionOption {
  private VersionOption() {}

  /** Reads the argument of an option. */
  static Function<String, Version> of(String option) {
    return text ->
        Version.parse(text)
            .orElseThrow(
                () ->
                    new UsageException(
                        option
                            + " "
                            + text
                            + " is not a version: write one to four dotted numbers, such as 7 or"
                            + " 12.0.0"));
  }
}
