package dev.pawl.cli;

import picocli.CommandLine.Option;

/** --stream, for every command that reads a ledger. */
final class StreamOption {
  @Option(
      names = "--stream",
      paramLabel = "NAME",
      defaultValue = "default",
      description =
          "the history in the ledger; the operator uses the SchemaMigration's name"
              + " (default: ${DEFAULT-VALUE})")
  String name;
}
