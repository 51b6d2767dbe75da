package dev.pawl.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.pawl.engine.execute.Activity;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.temporal.ChronoUnit;

/** Shows who holds a stream and what runs for it. */
final class ActivityText {
  private ActivityText() {}

  static void print(PrintWriter out, Activity activity) {
    out.printf("stream     %s%n", activity.stream());
    out.printf(
        "holder     %s%s%n",
        activity.holder().isEmpty() ? "nobody" : activity.holder(),
        activity.since().map(at -> ", since " + at.truncatedTo(ChronoUnit.SECONDS)).orElse(""));
    out.printf("epoch      %d%n", activity.epoch());
    out.printf("heartbeat  %s%n", heartbeat(activity));
    activity
        .step()
        .ifPresent(
            step ->
                out.printf(
                    "step       %s (%s) is %s%s%n",
                    step.id(),
                    step.file(),
                    step.phase().text(),
                    step.message().map(m -> ": " + m).orElse("")));
    for (var backend : activity.backends()) {
      out.printf("session    %s%n", backend.describe());
    }
    for (var job : activity.jobs()) {
      out.printf("job        %s%n", job.describe());
    }
    activity.blocked().ifPresent(sentence -> out.printf("blocked    %s%n", sentence));
  }

  private static String heartbeat(Activity activity) {
    if (activity.alive()) {
      return "alive: the lease runs until "
          + activity.expiresAt().truncatedTo(ChronoUnit.SECONDS)
          + " and is renewed before that";
    }
    return activity.expiresAt().toEpochMilli() == 0
        ? "none: the lease was given back"
        : "silent: the lease ended %d s ago, and whoever asks next gets it"
            .formatted(activity.silentFor().toSeconds());
  }

  static void write(JsonGenerator json, Activity activity) throws IOException {
    json.writeStringField("stream", activity.stream());
    json.writeStringField("holder", activity.holder());
    json.writeNumberField("epoch", activity.epoch());
    Json.optional(json, "since", activity.since().map(Object::toString).orElse(null));
    json.writeBooleanField("alive", activity.alive());
    Json.optional(json, "step", activity.step().map(s -> s.id()).orElse(null));
    Json.optional(json, "phase", activity.step().map(s -> s.phase().text()).orElse(null));
    json.writeArrayFieldStart("sessions");
    for (var backend : activity.backends()) {
      json.writeString(backend.describe());
    }
    json.writeEndArray();
    json.writeArrayFieldStart("jobs");
    for (var job : activity.jobs()) {
      json.writeString(job.describe());
    }
    json.writeEndArray();
    Json.optional(json, "blocked", activity.blocked().orElse(null));
  }
}
