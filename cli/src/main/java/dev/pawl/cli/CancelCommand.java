package dev.pawl.cli;

import dev.pawl.engine.execute.Intervention;
import dev.pawl.engine.execute.UnavailableException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Cancels what runs for a stream. */
@Command(
    name = "cancel",
    mixinStandardHelpOptions = true,
    description = {
      "Show what runs for a stream of a database; with --yes cancel it and clean up after it.",
      "A run that an operator began is begun again unless the SchemaMigration says spec.cancel or"
          + " spec.suspend."
    })
final class CancelCommand implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin OutputOption output;
  @Mixin DatabaseOptions database;
  @Mixin StreamOption stream;
  @Mixin InterventionOptions intervention;

  @Override
  public Integer call() throws UnavailableException, InterruptedException {
    var out = spec.commandLine().getOut();
    var target = database.target();
    var seen = InterventionOptions.look(target, stream.name);
    if (!output.json()) {
      ActivityText.print(out, seen);
    }
    if (!intervention.confirmed(out, seen.stream(), "to cancel what runs")) {
      out.flush();
      return Pawl.FOUND;
    }
    return InterventionOptions.report(
        out,
        output.json(),
        seen,
        Intervention.cancel(target, seen.stream(), intervention.by("cancel")));
  }
}
