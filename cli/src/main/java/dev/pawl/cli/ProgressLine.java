package dev.pawl.cli;

import dev.pawl.engine.execute.Cause;
import dev.pawl.engine.execute.Phase;
import dev.pawl.engine.execute.RunListener;
import dev.pawl.engine.execute.StepState;
import java.io.PrintWriter;
import java.util.List;

/** What a person sees while a run goes on: one live line on a terminal, else one line an event. */
final class ProgressLine implements RunListener {
  private static final int WIDTH = 24;
  private static final String CLEAR = "\r\u001b[K";

  private final PrintWriter out;
  private final boolean terminal;
  private int total;
  private int verified;
  private String lastCause = "";

  ProgressLine(PrintWriter out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  @Override
  public void planned(List<StepState> steps) {
    total = steps.size();
    verified = (int) steps.stream().filter(s -> s.phase() == Phase.VERIFIED).count();
  }

  @Override
  public void changed(StepState step) {
    if (step.phase() == Phase.VERIFIED) {
      verified++;
      line("%s %-9s %s%s", count(), "Verified", step.file() + " " + step.id(), message(step));
    } else if (step.phase() == Phase.FAILED) {
      line("%s %-9s %s%s", count(), "Failed", step.file() + " " + step.id(), message(step));
    } else if (terminal) {
      live("%s %s %-9s %s%s", bar(step), count(), step.phase().text(), step.file(), message(step));
    }
  }

  @Override
  public void waiting(Cause cause) {
    if (terminal) {
      live("%s waiting: %s", count(), cause.message());
    } else if (!cause.message().equals(lastCause)) {
      lastCause = cause.message();
      line("%s %-9s %s", count(), "Waiting", cause.message());
    }
  }

  @Override
  public void resumed() {
    lastCause = "";
  }

  private String count() {
    return verified + "/" + total;
  }

  private static String message(StepState step) {
    return step.message().map(m -> "  " + m).orElse("");
  }

  private String bar(StepState step) {
    int full = step.percent().orElse(0) * WIDTH / 100;
    return "[" + "#".repeat(full) + " ".repeat(WIDTH - full) + "]";
  }

  private void line(String format, Object... values) {
    out.print(terminal ? CLEAR : "");
    out.printf(format + "%n", values);
    out.flush();
  }

  private void live(String format, Object... values) {
    var text = String.format(format, values).replace('\n', ' ');
    out.print(CLEAR + (text.length() > 150 ? text.substring(0, 150) : text));
    out.flush();
  }
}
