package dev.pawl.cli;

import dev.pawl.engine.lint.Finding;
import dev.pawl.engine.lint.Level;
import dev.pawl.engine.lint.Lint;
import dev.pawl.engine.lint.Rules;
import dev.pawl.engine.plan.InvalidSourceException;
import dev.pawl.engine.plan.SourceFile;
import dev.pawl.engine.plan.SourceReader;
import dev.pawl.engine.plan.VerifyFile;
import dev.pawl.engine.plan.VersionsFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says everything that is wrong with a directory, or unsafe in it: the gate of a CI. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = {
      "Find what is wrong with a directory of migrations, and what is unsafe in them.",
      "Exit codes: 0 nothing at or above the level of --fail-on, 1 something, 2 usage."
    })
final class CheckCommand implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin DialectOption dialect;

  @Parameters(paramLabel = "DIR", arity = "0..1", description = "the directory of migrations")
  Path directory;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text, json, sarif or github (default: ${DEFAULT-VALUE})")
  CheckFormat format;

  @Option(
      names = "--fail-on",
      paramLabel = "LEVEL",
      defaultValue = "error",
      description =
          "the least level that fails: error, warning or note (default: ${DEFAULT-VALUE})")
  Level failOn;

  @Option(
      names = "--after",
      paramLabel = "VERSION",
      description = "leave out what is unsafe in versions up to this one: they have been applied")
  String after;

  @Option(
      names = "--require-verify-files",
      description = "a missing verify file fails even where none has been generated yet")
  boolean requireVerifyFiles;

  @Option(names = "--rules", description = "show what is looked for, and why, instead")
  boolean rules;

  @Override
  public Integer call() {
    var out = spec.commandLine().getOut();
    if (rules) {
      Rules.ALL.forEach(rule -> out.println(rule.markdown()));
      return Pawl.DONE;
    }
    if (directory == null) {
      throw new UsageException("name the directory of migrations: pawl check DIR");
    }
    if (!Files.isDirectory(directory)) {
      throw new UsageException(directory + " is not a folder: name the folder of the migrations");
    }
    var threshold = Optional.ofNullable(after).map(VersionOption.of("--after"));
    var found = check();
    var checked = threshold.map(found::after).orElse(found);
    format.print(checked, out);
    return checked.fails(failOn) ? Pawl.FOUND : Pawl.DONE;
  }

  private Checked check() {
    List<SourceFile> source;
    try {
      source = SourceReader.read(directory);
    } catch (InvalidSourceException e) {
      var unreadable = e.problems().stream().map(p -> Finding.of(Rules.INVALID_SOURCE, p)).toList();
      var nothing = List.<SourceFile>of();
      return new Checked(directory, dialect.kind(nothing), VersionsFile.of(nothing), 0, unreadable);
    }
    var kind = dialect.kind(source);
    // Generated verify files are compared with what would be generated now, and told of once.
    var written = source.stream().filter(f -> VerifyFile.generatedFor(f).isEmpty()).toList();
    var findings = new ArrayList<>(Lint.check(written, kind));
    findings.addAll(VerifyFileFindings.of(source, kind, requireVerifyFiles));
    return new Checked(directory, kind, VersionsFile.of(source), source.size(), findings);
  }
}
