package dev.pawl.cli;

import picocli.CommandLine.Option;

/** --output, for every command. */
final class OutputOption {
  /** How results are written. */
  enum Format {
    TEXT,
    JSON
  }

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text or json (default: ${DEFAULT-VALUE})")
  Format format;

  boolean json() {
    return format == Format.JSON;
  }
}
