package dev.pawl.operator.status;

import dev.pawl.engine.execute.Phase;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What Prometheus is told. Only the leader knows steps, readiness and held pods. */
@Singleton
public class Metrics {
  private final MeterRegistry registry;
  private final ConcurrentMap<String, Migration> migrations = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, AtomicInteger> held = new ConcurrentHashMap<>();
  private final Map<Phase, Counter> transitions = new EnumMap<>(Phase.class);
  private final Counter verifications;

  /** What was last written about a migration, and the gauge that shows it. */
  private static final class Migration {
    private volatile boolean ready;
    private volatile Map<String, Integer> steps = Map.of();
    private final Gauge gauge;

    Migration(MeterRegistry registry, String namespace, String name) {
      gauge =
          Gauge.builder("pawl.migration.ready", this, m -> m.ready ? 1 : 0)
              .description("1 while everything up to spec.version is verified")
              .tag("namespace", namespace)
              .tag("name", name)
              .register(registry);
    }
  }

  /** Registers what is there from the start. */
  public Metrics(MeterRegistry registry, Term term) {
    this.registry = registry;
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
  }

  /** A step has come into a phase. */
  public void moved(Phase phase) {
    transitions.get(phase).increment();
  }

  /** A database was asked so many times more. */
  public void verified(int attempts) {
    verifications.increment(attempts);
  }

  /** What is written about a migration. */
  public void migration(String namespace, String name, boolean ready, Map<String, Integer> steps) {
    var migration =
        migrations.computeIfAbsent(
            namespace + "/" + name, key -> new Migration(registry, namespace, name));
    migration.ready = ready;
    migration.steps = steps;
  }

  /** A migration is no longer there. */
  public void forget(String namespace, String name) {
    Optional.ofNullable(migrations.remove(namespace + "/" + name))
        .ifPresent(migration -> registry.remove(migration.gauge));
  }

  /** The pods held in a namespace. */
  public void held(String namespace, int pods) {
    held.computeIfAbsent(
            namespace,
            key ->
                registry.gauge(
                    "pawl.held.pods", Tags.of("namespace", namespace), new AtomicInteger()))
        .set(pods);
  }

  private double steps(Phase phase) {
    return migrations.values().stream().mapToInt(m -> m.steps.getOrDefault(phase.text(), 0)).sum();
  }
}
