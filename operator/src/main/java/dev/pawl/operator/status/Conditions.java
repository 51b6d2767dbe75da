package dev.pawl.operator.status;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * The conditions by the rules of kstatus: Ready always; Reconciling while it goes on by itself;
 * Stalled only where it does not; never both.
 */
final class Conditions {
  private static final int MESSAGE = 1024;

  private Conditions() {}

  static List<Condition> of(Outlook outlook, long generation, List<Condition> before, Instant now) {
    var make = new Maker(generation, before, now);
    return switch (outlook) {
      case Outlook.Ready(var message) -> List.of(make.one("Ready", true, "Verified", message));
      case Outlook.Progressing(var message) ->
          List.of(
              make.one("Ready", false, "Progressing", message),
              make.one("Reconciling", true, "Progressing", message));
      case Outlook.Stuck(var message) -> // not Stalled: kstatus would call that failed
          List.of(
              make.one("Ready", false, "NoProgress", message),
              make.one("Reconciling", true, "NoProgress", message));
      case Outlook.Suspending(var message) ->
          List.of(
              make.one("Ready", false, "Suspended", message),
              make.one("Reconciling", true, "Suspending", message));
      case Outlook.Retrying(var reason, var message) ->
          List.of(
              make.one("Ready", false, reason, message),
              make.one("Reconciling", true, "Retrying", message));
      case Outlook.Stalled(var reason, var message) ->
          List.of(
              make.one("Ready", false, reason, message),
              make.one("Stalled", true, reason, message));
      case Outlook.Suspended(var ready, var message) ->
          List.of(make.one("Ready", ready, "Suspended", message));
    };
  }

  private record Maker(long generation, List<Condition> before, Instant now) {
    Condition one(String type, boolean status, String reason, String message) {
      var text = status ? "True" : "False";
      return new ConditionBuilder()
          .withType(type)
          .withStatus(text)
          .withReason(reason)
          .withMessage(Text.cut(message, MESSAGE))
          .withObservedGeneration(generation)
          .withLastTransitionTime(since(type, text))
          .build();
    }

    private String since(String type, String status) {
      return before.stream()
          .filter(c -> c.getType().equals(type) && c.getStatus().equals(status))
          .map(Condition::getLastTransitionTime)
          .findFirst()
          .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS).toString());
    }
  }
}
