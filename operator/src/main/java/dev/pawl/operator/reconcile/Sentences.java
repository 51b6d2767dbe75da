package dev.pawl.operator.reconcile;

import dev.pawl.engine.execute.StepState;
import dev.pawl.engine.plan.Version;

/** The sentences about a migration on its way. */
final class Sentences {
  private Sentences() {}

  static String progress(Version wanted, Progress progress) {
    if (progress.steps().isEmpty()) {
      return "version " + wanted + ": connecting to the database";
    }
    var text =
        "version %s: %d of %d steps are verified"
            .formatted(wanted, progress.verified(), progress.steps().size());
    return progress
        .latest()
        .flatMap(progress::state)
        .map(step -> text + "; " + step(step))
        .orElse(text);
  }

  /** "step 7#1 (0007_add_index.sql) is Applying, 42 %: building index". */
  static String step(StepState step) {
    return "step %s (%s) is %s%s%s"
        .formatted(
            step.id(),
            step.file(),
            step.phase().text(),
            step.percent().isPresent() ? ", " + step.percent().getAsInt() + " %" : "",
            step.message().map(message -> ": " + message).orElse(""));
  }
}
