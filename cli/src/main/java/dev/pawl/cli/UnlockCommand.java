package dev.pawl.cli;

import dev.pawl.engine.execute.Intervention;
import dev.pawl.engine.execute.UnavailableException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows who holds a stream, and takes its lease away. */
@Command(
    name = "unlock",
    mixinStandardHelpOptions = true,
    description = {
      "Show who holds a stream of a database and what runs for it; with --yes take its lease away.",
      "A holder that has died needs no unlock: its lease ends by itself."
    })
final class UnlockCommand implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin OutputOption output;
  @Mixin DatabaseOptions database;
  @Mixin StreamOption stream;
  @Mixin InterventionOptions intervention;

  @Option(
      names = "--force",
      description =
          "also from a holder that is alive: its transaction is rolled back, its run ends and may"
              + " be begun again by whoever started it")
  boolean force;

  @Override
  public Integer call() throws UnavailableException, InterruptedException {
    var out = spec.commandLine().getOut();
    var target = database.target();
    var seen = InterventionOptions.look(target, stream.name);
    if (!output.json()) {
      ActivityText.print(out, seen);
    }
    if (!seen.alive() && seen.backends().isEmpty()) {
      return say("nothing is locked: whoever asks next gets the lease", true, seen);
    }
    if (seen.alive() && !force) {
      return say(
          "nothing was done, for the holder is alive. With --force its transaction is rolled back"
              + " and its run ends; what started it may begin another. To end only its statement:"
              + " pawl cancel",
          false,
          seen);
    }
    if (!intervention.confirmed(out, seen.stream(), "to take the lease away")) {
      out.flush();
      return Pawl.FOUND;
    }
    return InterventionOptions.report(
        out, output.json(), seen, Intervention.unlock(target, seen, intervention.by("unlock")));
  }

  private int say(String sentence, boolean done, dev.pawl.engine.execute.Activity seen) {
    return InterventionOptions.report(
        spec.commandLine().getOut(),
        output.json(),
        seen,
        new Intervention.Outcome(done, List.of(sentence)));
  }
}
