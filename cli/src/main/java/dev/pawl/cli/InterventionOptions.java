package dev.pawl.cli;

import dev.pawl.engine.execute.Activity;
import dev.pawl.engine.execute.ActivityReader;
import dev.pawl.engine.execute.Intervention;
import dev.pawl.engine.execute.Target;
import dev.pawl.engine.execute.UnavailableException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** What unlock and cancel have in common: a look first, and a yes. */
final class InterventionOptions {
  @Option(
      names = {"-y", "--yes"},
      description = "do it; without it the command only shows, or asks at a terminal")
  boolean yes;

  @Option(
      names = "--by",
      paramLabel = "NAME",
      description = "who does it, for the ledger (default: the name of the user)")
  String by;

  /** Reads a line from the terminal; empty where there is none. */
  private final Optional<Supplier<String>> terminal =
      Optional.ofNullable(System.console())
          .filter(console -> console.isTerminal())
          .map(console -> console::readLine);

  String by(String command) {
    return "pawl " + command + " by " + (by == null ? System.getProperty("user.name") : by);
  }

  static Activity look(Target target, String stream) throws UnavailableException {
    var all = ActivityReader.read(target);
    return all.stream()
        .filter(a -> a.stream().equals(stream))
        .findFirst()
        .orElseThrow(
            () ->
                new UsageException(
                    "stream "
                        + stream
                        + " is not in the ledger of "
                        + target
                        + (all.isEmpty()
                            ? ", which has none"
                            : ", which has " + names(all) + ": name one with --stream")));
  }

  private static String names(List<Activity> all) {
    return String.join(", ", all.stream().map(Activity::stream).toList());
  }

  /** Whether it is to be done: by --yes, or by the stream's name typed at a terminal. */
  boolean confirmed(PrintWriter out, String stream, String what) {
    if (yes) {
      return true;
    }
    if (terminal.isEmpty()) {
      out.println("nothing was done: add --yes " + what);
      return false;
    }
    out.print("type the stream's name " + what + ": ");
    out.flush();
    return stream.equals(terminal.get().get());
  }

  static int report(PrintWriter out, boolean json, Activity seen, Intervention.Outcome outcome) {
    if (json) {
      Json.print(
          out,
          fields -> {
            ActivityText.write(fields, seen);
            fields.writeBooleanField("done", outcome.done());
            fields.writeArrayFieldStart("said");
            for (var sentence : outcome.said()) {
              fields.writeString(sentence);
            }
            fields.writeEndArray();
          });
    } else {
      outcome.said().forEach(out::println);
    }
    out.flush();
    return outcome.done() ? Pawl.DONE : Pawl.FOUND;
  }
}
