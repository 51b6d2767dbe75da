package dev.pawl.cli;

import dev.pawl.engine.plan.InvalidSourceException;
import dev.pawl.engine.plan.Planner;
import dev.pawl.engine.plan.SourceReader;
import dev.pawl.engine.plan.Step;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows the steps of a directory, without any database. */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    description = "Show the steps that a directory of migrations makes.")
final class PlanCommand implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin OutputOption output;
  @Mixin DialectOption dialect;

  @Parameters(paramLabel = "DIR", description = "the directory of migrations")
  Path directory;

  @Override
  public Integer call() throws InvalidSourceException {
    var source = SourceReader.read(directory);
    var plan = Planner.plan(source, dialect.kind(source));
    var out = spec.commandLine().getOut();
    if (output.json()) {
      Json.print(
          out,
          json -> {
            json.writeStringField("digest", plan.digest());
            json.writeArrayFieldStart("steps");
            for (var step : plan.steps()) {
              json.writeStartObject();
              json.writeStringField("id", step.id());
              json.writeStringField("version", step.version().text());
              json.writeStringField("file", step.file());
              json.writeNumberField("line", step.line());
              json.writeStringField("kind", how(step));
              json.writeStringField("does", step.describe());
              json.writeStringField("checksum", step.checksum());
              json.writeEndObject();
            }
            json.writeEndArray();
          });
      return Pawl.DONE;
    }
    for (var step : plan.steps()) {
      out.printf(
          "%-12s %-16s %s:%d  %s%n",
          step.id(), how(step), step.file(), step.line(), step.describe());
    }
    out.printf("%d steps in %d versions%n", plan.steps().size(), plan.versions().size());
    return Pawl.DONE;
  }

  private static String how(Step step) {
    return switch (step.kind()) {
      case TRANSACTION -> "transaction";
      case AUTOCOMMIT -> "on its own";
    };
  }
}
