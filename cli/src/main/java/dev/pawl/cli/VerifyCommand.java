package dev.pawl.cli;

import dev.pawl.engine.execute.UnavailableException;
import dev.pawl.engine.execute.Verifier;
import dev.pawl.engine.plan.InvalidSourceException;
import dev.pawl.engine.plan.SourceReader;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Looks whether a database has what a directory says it has; changes nothing. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = "Check that the database has what the applied migrations say; change nothing.")
final class VerifyCommand implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin OutputOption output;
  @Mixin DatabaseOptions database;
  @Mixin StreamOption stream;

  @Parameters(paramLabel = "DIR", description = "the directory of migrations")
  Path directory;

  @Override
  public Integer call() throws InvalidSourceException, UnavailableException {
    var out = spec.commandLine().getOut();
    var report = Verifier.verify(database.target(), SourceReader.read(directory), stream.name);
    if (output.json()) {
      Json.print(
          out,
          json -> {
            json.writeNumberField("checked", report.checked());
            json.writeArrayFieldStart("findings");
            for (var finding : report.findings()) {
              json.writeStartObject();
              json.writeStringField("step", finding.step());
              json.writeStringField("file", finding.file());
              json.writeNumberField("line", finding.line());
              json.writeStringField("message", finding.message());
              json.writeEndObject();
            }
            json.writeEndArray();
          });
    } else {
      for (var finding : report.findings()) {
        out.printf("%s:%d: %s%n", finding.file(), finding.line(), finding.message());
      }
      out.printf(
          "%d facts of %d steps checked, %d not as they should be%n",
          report.checked(), report.steps(), report.findings().size());
    }
    out.flush();
    return report.findings().isEmpty() ? Pawl.DONE : Pawl.FOUND;
  }
}
