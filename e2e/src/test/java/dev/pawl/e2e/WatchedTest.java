package dev.pawl.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.e2e.harness.Operator;
import dev.pawl.e2e.harness.PawlTest;
import dev.pawl.e2e.harness.TestNamespace;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Whoever watches the operator sees what it does: by metrics and by Events. */
@PawlTest
class WatchedTest {
  private static final Duration SOON = Duration.ofSeconds(120);

  private static void migrate(TestNamespace ns, String version) {
    ns.migrate(
        "orders",
        version,
        Map.of(
            "0001_create.sql", "CREATE TABLE orders (id bigint PRIMARY KEY);",
            "0002_add_email.sql", "ALTER TABLE orders ADD COLUMN email text;"),
        "  policy: {retries: {initialBackoff: 200ms, maxBackoff: 500ms}}\n");
  }

  /** The value of a metric that has all these labels; -1 when there is none. */
  private static double metric(String text, String name, String... labels) {
    return text.lines()
        .filter(line -> Pattern.matches(Pattern.quote(name) + "[{ ].*", line))
        .filter(line -> java.util.stream.Stream.of(labels).allMatch(line::contains))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .findFirst()
        .orElse(-1);
  }

  @Test
  void metricsTellOfStepsPhasesAttemptsAndHeldPods(TestNamespace ns, Operator operator) {
    var namespace = "namespace=\"" + ns.name() + "\"";
    var transitions = "pawl_step_phase_transitions_total";
    migrate(ns, "1");
    ns.awaitReady("orders");
    var before = operator.metrics();
    assertThat(metric(before, "pawl_leader")).isEqualTo(1);
    assertThat(metric(before, "pawl_migration_ready", namespace, "name=\"orders\"")).isEqualTo(1);
    assertThat(metric(before, "pawl_verification_attempts_total")).isNotNegative();

    try (var _ = ns.database().hold("orders")) {
      migrate(ns, "2");
      ns.apply(Workload.pod("web", "orders", "2"));
      ns.await(
          "the held pod and the unfinished migration to be counted",
          SOON,
          _ -> {
            var now = operator.metrics();
            return metric(now, "pawl_held_pods", namespace) == 1
                && metric(now, "pawl_migration_ready", namespace) == 0
                && metric(now, "pawl_steps", "phase=\"Applying\"") >= 1;
          });
    }
    ns.awaitReady("orders");
    ns.await(
        "nothing to be held any more",
        SOON,
        _ -> {
          var now = operator.metrics();
          return metric(now, "pawl_held_pods", namespace) == 0
              && metric(now, "pawl_migration_ready", namespace) == 1;
        });
    assertThat(metric(operator.metrics(), transitions, "phase=\"Verified\""))
        .isGreaterThan(metric(before, transitions, "phase=\"Verified\""));
  }

  @Test
  void eventsTellOfTheMigrationAndOfTheRollout(TestNamespace ns) {
    migrate(ns, "1");
    ns.apply(Workload.deployment("web", "orders", "1"));
    ns.awaitReady("orders");
    try (var _ = ns.database().hold("orders")) {
      migrate(ns, "2");
      ns.apply(Workload.deployment("web", "orders", "2"));
      ns.await(
          "an Event that says what the rollout waits for",
          SOON,
          n -> n.events("Deployment", "web").getOrDefault("RolloutHeld", "").contains("version 2"));
    }
    ns.awaitReady("orders");
    ns.await(
        "the Events of the end",
        SOON,
        n ->
            n.events("SchemaMigration", "orders")
                    .keySet()
                    .containsAll(java.util.Set.of("Started", "Verified"))
                && n.events("Deployment", "web").containsKey("RolloutReleased"));
  }
}
