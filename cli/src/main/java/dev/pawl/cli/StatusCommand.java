package dev.pawl.cli;

import dev.pawl.engine.execute.LedgerReader;
import dev.pawl.engine.execute.Phase;
import dev.pawl.engine.execute.UnavailableException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows what the ledger of a database says. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = "Show what the ledger of a database says.")
final class StatusCommand implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin OutputOption output;
  @Mixin DatabaseOptions database;

  @Option(names = "--stream", paramLabel = "NAME", description = "only this history")
  String stream;

  @Override
  public Integer call() throws UnavailableException {
    var out = spec.commandLine().getOut();
    var streams = LedgerReader.read(database.target());
    if (stream != null) {
      streams.keySet().retainAll(java.util.Set.of(stream));
    }
    boolean failed =
        streams.values().stream()
            .flatMap(java.util.List::stream)
            .anyMatch(s -> s.phase() == Phase.FAILED);
    if (output.json()) {
      Json.print(
          out,
          json -> {
            json.writeArrayFieldStart("streams");
            for (var entry : streams.entrySet()) {
              json.writeStartObject();
              json.writeStringField("stream", entry.getKey());
              Json.steps(json, entry.getValue());
              json.writeEndObject();
            }
            json.writeEndArray();
          });
    } else if (streams.isEmpty()) {
      out.println("no ledger: nothing has been applied by Pawl to " + database.target());
    } else {
      streams.forEach(
          (name, steps) -> {
            long verified = steps.stream().filter(s -> s.phase() == Phase.VERIFIED).count();
            out.printf("stream %s: %d of %d steps verified%n", name, verified, steps.size());
            for (var step : steps) {
              out.printf(
                  "  %-12s %-9s %-40s %s%n",
                  step.id(),
                  step.phase().text(),
                  step.file(),
                  step.message().orElse(step.verifiedAt().map(Object::toString).orElse("")));
            }
          });
    }
    out.flush();
    return failed ? Pawl.FOUND : Pawl.DONE;
  }
}
