package dev.pawl.operator.status;

import dev.pawl.engine.execute.Phase;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** What Prometheus is told. Only the leader knows steps, readiness and held pods. */
@Singleton
public class Metrics {
  private final ConcurrentMap<String, Migration> migrations = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Integer> held = new ConcurrentHashMap<>();
  private final Map<Phase, Counter> transitions = new EnumMap<>(Phase.class);
  private final Counter verifications;
  private final MultiGauge ready;
  private final MultiGauge heldPods;

  private record Migration(
      String namespace, String name, boolean ready, Map<String, Integer> steps) {}

  Metrics(MeterRegistry registry, Term term) {
    Gauge.builder("pawl.leader", term, t -> t.current().isPresent() ? 1 : 0)
        .description("1 while this replica leads")
        .register(registry);
    for (var phase : Phase.values()) {
      Gauge.builder("pawl.steps", this, metrics -> metrics.steps(phase))
          .description("Steps in each phase")
          .tag("phase", phase.text())
          .register(registry);
      transitions.put(
          phase,
          Counter.builder("pawl.step.phase.transitions")
              .description("Steps that came into a phase")
              .tag("phase", phase.text())
              .register(registry));
    }
    verifications =
        Counter.builder("pawl.verification.attempts")
            .description("How often a database was asked whether a step is done")
            .register(registry);
    ready =
        MultiGauge.builder("pawl.migration.ready")
            .description("1 while everything up to spec.version is verified")
            .register(registry);
    heldPods =
        MultiGauge.builder("pawl.held.pods")
            .description("Pods that wait for a migration")
            .register(registry);
  }

  /** A step has come into a phase. */
  public void moved(Phase phase) {
    transitions.get(phase).increment();
  }

  /** A database was asked so many times more. */
  public void verified(int attempts) {
    verifications.increment(attempts);
  }

  /** What was last written about a migration. */
  public void migration(
      String namespace, String name, boolean isReady, Map<String, Integer> steps) {
    migrations.put(namespace + "/" + name, new Migration(namespace, name, isReady, steps));
    publishReady();
  }

  /** A migration is no longer there. */
  public void forget(String namespace, String name) {
    migrations.remove(namespace + "/" + name);
    publishReady();
  }

  /** The pods held in a namespace. */
  public synchronized void held(String namespace, int pods) {
    if (pods == 0) {
      held.remove(namespace);
    } else {
      held.put(namespace, pods);
    }
    heldPods.register(
        new TreeMap<>(held)
            .entrySet().stream()
                .<MultiGauge.Row<?>>map(
                    e -> MultiGauge.Row.of(Tags.of("namespace", e.getKey()), e.getValue()))
                .toList(),
        true);
  }

  private synchronized void publishReady() {
    List<MultiGauge.Row<?>> rows =
        migrations.values().stream()
            .<MultiGauge.Row<?>>map(
                m ->
                    MultiGauge.Row.of(
                        Tags.of("namespace", m.namespace(), "name", m.name()), m.ready() ? 1 : 0))
            .toList();
    ready.register(rows, true);
  }

  private double steps(Phase phase) {
    return migrations.values().stream()
        .mapToInt(m -> m.steps().getOrDefault(phase.text(), 0))
        .sum();
  }
}
