package dev.pawl.e2e.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the API server has written down about gates, pods, rollouts and statuses. */
final class AuditLog {
  private static final String OPERATOR = "system:serviceaccount:pawl-system:pawl";
  private static final String REQUIRES = "requires.pawl.dev/";
  private static final String GATE = "pawl.dev/";
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Something that required a version of a migration, or claimed it, was let pass.
   *
   * @param at the latest moment at which that may have been decided
   * @param migration namespace/name
   */
  record Opening(Instant at, String migration, int version, String what, String auditId) {}

  /**
   * A status was written, and accepted.
   *
   * @param object Kind namespace/name
   * @param order grows with every write of the cluster
   */
  record StatusWrite(String object, long order, long term, String user, String auditId) {}

  /** Of a pod what its binding does not tell; another may have its name later. */
  private record Known(String uid, Map<String, Integer> requires) {}

  private final List<Opening> openings = new ArrayList<>();
  private final List<StatusWrite> statusWrites = new ArrayList<>();
  private final Set<String> opened = new HashSet<>();
  private final Map<String, Known> pods = new HashMap<>();
  private final Map<String, Instant> heldSince = new HashMap<>();
  private Duration longestHeld = Duration.ZERO;
  private int podsHeld;
  private int unknownPods;
  private int events;
  private int unreadable;

  static AuditLog read(Path file) {
    var log = new AuditLog();
    try (var lines = Files.lines(file)) {
      lines.forEach(log::line);
    } catch (IOException e) {
      throw new UncheckedIOException("the audit log cannot be read", e);
    }
    return log;
  }

  List<Opening> openings() {
    return List.copyOf(openings);
  }

  List<StatusWrite> statusWrites() {
    return List.copyOf(statusWrites);
  }

  Duration longestHeld() {
    return longestHeld;
  }

  int podsHeld() {
    return podsHeld;
  }

  int events() {
    return events;
  }

  /** How many lines were cut short: the API server is killed while it writes, too. */
  int unreadable() {
    return unreadable;
  }

  /** How many pods were given a node of which the log does not tell what they require. */
  int unknownPods() {
    return unknownPods;
  }

  /** One line: an event of audit.k8s.io/v1. */
  void line(String line) {
    JsonNode event;
    try {
      event = JSON.readTree(line);
    } catch (IOException e) {
      unreadable++;
      return;
    }
    int code = event.path("responseStatus").path("code").asInt();
    if (code < 200 || code > 299 || event.path("requestURI").asText().contains("dryRun")) {
      return;
    }
    events++;
    var ref = event.path("objectRef");
    var kind = ref.path("resource").asText();
    var part = ref.path("subresource").asText();
    switch (part.isEmpty() ? kind : kind + "/" + part) {
      case "pods" -> pod(event);
      case "pods/binding" -> binding(event);
      case "deployments", "statefulsets" -> rollout(event);
      case "schemagates/status" -> gate(event);
      case "schemamigrations/status" -> status(event, "SchemaMigration");
      default -> {
        // Nothing that is looked at.
      }
    }
  }

  private static Instant received(JsonNode event) {
    return Instant.parse(event.path("requestReceivedTimestamp").asText());
  }

  private static Instant answered(JsonNode event) {
    return Instant.parse(event.path("stageTimestamp").asText());
  }

  /** The operator decides before it asks, admission while it is asked: no later than the answer. */
  private static Instant decided(JsonNode event) {
    return event.path("user").path("username").asText().equals(OPERATOR)
        ? received(event)
        : answered(event);
  }

  private static String key(JsonNode event) {
    var metadata = event.path("responseObject").path("metadata");
    var name = metadata.path("name").asText(event.path("objectRef").path("name").asText());
    return event.path("objectRef").path("namespace").asText() + "/" + name;
  }

  private static Map<String, Integer> requirements(JsonNode metadata) {
    var found = new HashMap<String, Integer>();
    metadata
        .path("annotations")
        .properties()
        .forEach(
            e -> {
              if (e.getKey().startsWith(REQUIRES)) {
                found.put(e.getKey().substring(REQUIRES.length()), e.getValue().asInt());
              }
            });
    return found;
  }

  private void open(JsonNode event, Instant at, String migration, int version, String what) {
    var namespace = event.path("objectRef").path("namespace").asText();
    if (opened.add(what + " " + migration + " " + version)) {
      openings.add(
          new Opening(
              at, namespace + "/" + migration, version, what, event.path("auditID").asText()));
    }
  }

  private void pod(JsonNode event) {
    var pod = event.path("responseObject");
    if (!pod.path("kind").asText().equals("Pod")) {
      return;
    }
    var requires = requirements(pod.path("metadata"));
    if (requires.isEmpty()) {
      return;
    }
    var key = key(event);
    var uid = pod.path("metadata").path("uid").asText();
    pods.put(key, new Known(uid, requires));
    var gates = new HashSet<String>();
    pod.path("spec").path("schedulingGates").forEach(g -> gates.add(g.path("name").asText()));
    requires.forEach(
        (migration, version) -> {
          if (!gates.contains(GATE + migration)) {
            var what = "pod " + key + " (" + uid + ") has no gate";
            open(event, decided(event), migration, version, what);
          }
        });
    boolean waits = gates.stream().anyMatch(g -> g.startsWith(GATE));
    if (waits && heldSince.putIfAbsent(uid, received(event)) == null) {
      podsHeld++;
    } else if (!waits && heldSince.containsKey(uid)) {
      var time = Duration.between(heldSince.remove(uid), answered(event));
      longestHeld = time.compareTo(longestHeld) > 0 ? time : longestHeld;
    }
  }

  /** The scheduler gives a pod its node: now it starts. */
  private void binding(JsonNode event) {
    var key = key(event);
    var pod = pods.get(key);
    if (pod == null) {
      unknownPods++;
      return;
    }
    var what = "pod " + key + " (" + pod.uid() + ") has a node";
    pod.requires()
        .forEach((migration, version) -> open(event, received(event), migration, version, what));
  }

  private void rollout(JsonNode event) {
    var workload = event.path("responseObject");
    var labels = workload.path("metadata").path("labels");
    if (labels.path("pawl.dev/rollout").asText().equals("held")) {
      return;
    }
    var what =
        event.path("objectRef").path("resource").asText() + " " + key(event) + " is not held";
    requirements(workload.path("spec").path("template").path("metadata"))
        .forEach((migration, version) -> open(event, decided(event), migration, version, what));
  }

  private void gate(JsonNode event) {
    status(event, "SchemaGate");
    event
        .path("responseObject")
        .path("status")
        .path("migrations")
        .properties()
        .forEach(
            e ->
                open(
                    event,
                    received(event),
                    e.getKey(),
                    e.getValue().path("through").asInt(),
                    "the gate of " + key(event) + " says verified"));
  }

  private void status(JsonNode event, String kind) {
    var object = event.path("responseObject");
    statusWrites.add(
        new StatusWrite(
            kind + " " + key(event),
            object.path("metadata").path("resourceVersion").asLong(),
            object.path("status").path("term").asLong(-1),
            event.path("user").path("username").asText(),
            event.path("auditID").asText()));
  }
}
