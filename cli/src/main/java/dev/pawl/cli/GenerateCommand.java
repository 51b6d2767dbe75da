package dev.pawl.cli;

import dev.pawl.engine.generate.VerifyFiles;
import dev.pawl.engine.plan.InvalidSourceException;
import dev.pawl.engine.plan.SourceReader;
import dev.pawl.engine.plan.VerifyFile;
import dev.pawl.engine.sql.DatabaseKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes the verify files of a directory, without any database. */
@Command(
    name = "generate",
    mixinStandardHelpOptions = true,
    description =
        "Write a .verify.sql beside each migration that needs one; leave hand-written ones alone.")
final class GenerateCommand implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin OutputOption output;
  @Mixin DialectOption dialect;

  @Parameters(paramLabel = "DIR", description = "the directory of migrations")
  Path directory;

  @Option(
      names = "--check",
      description = "write nothing; exit 1 where a verify file is missing, stale or orphaned")
  boolean check;

  @Override
  public Integer call() throws InvalidSourceException, IOException {
    var source = SourceReader.read(directory);
    var kind = dialect.kind(source);
    var files = VerifyFiles.of(source, kind);
    var findings =
        files.findings().stream()
            .filter(f -> check || f.kind() == VerifyFiles.Kind.UNREADABLE)
            .toList();
    var written = new ArrayList<String>();
    var removed = new ArrayList<String>();
    if (!check) {
      for (var file : files.toWrite()) {
        write(directory.resolve(file.path()), file.text());
        written.add(file.path());
      }
      for (var path : files.orphans()) {
        Files.deleteIfExists(directory.resolve(path));
        removed.add(path);
      }
    }
    report(kind, files.wanted().size(), written, removed, findings);
    return findings.isEmpty() ? Pawl.DONE : Pawl.FOUND;
  }

  /** Whole or not at all: a reader never sees half a file. */
  private static void write(Path file, String text) throws IOException {
    var unfinished = file.resolveSibling("." + file.getFileName() + ".unfinished");
    Files.writeString(unfinished, text);
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private void report(
      DatabaseKind kind,
      int wanted,
      List<String> written,
      List<String> removed,
      List<VerifyFiles.Finding> findings) {
    var out = spec.commandLine().getOut();
    if (output.json()) {
      Json.print(
          out,
          json -> {
            json.writeStringField("dialect", VerifyFile.name(kind));
            json.writeNumberField("generated", wanted);
            Json.strings(json, "written", written);
            Json.strings(json, "removed", removed);
            json.writeArrayFieldStart("findings");
            for (var finding : findings) {
              json.writeStartObject();
              json.writeStringField("kind", finding.kind().name().toLowerCase(Locale.ROOT));
              json.writeStringField("file", finding.file());
              json.writeNumberField("line", finding.line());
              json.writeNumberField("column", finding.column());
              json.writeStringField("message", finding.message());
              json.writeEndObject();
            }
            json.writeEndArray();
          });
    } else {
      written.forEach(path -> out.println("wrote   " + path));
      removed.forEach(path -> out.println("removed " + path));
      findings.forEach(out::println);
      out.printf(
          "%s: %d generated verify files, %s%n",
          VerifyFile.name(kind),
          wanted,
          check
              ? findings.size() + " findings"
              : written.size()
                  + " written, "
                  + removed.size()
                  + " removed"
                  + (findings.isEmpty() ? "" : ", " + findings.size() + " findings"));
    }
    out.flush();
  }
}
