package dev.pawl.operator;

import dev.pawl.crd.SchemaGate;
import dev.pawl.crd.SchemaMigration;
import dev.pawl.operator.gate.GateKeeper;
import dev.pawl.operator.reconcile.Holder;
import dev.pawl.operator.reconcile.SchemaMigrationReconciler;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** Elects a leader, lets it reconcile, and hands over at the end. */
@Singleton
class PawlOperator {
  private static final Logger LOG = Logger.getLogger(PawlOperator.class);
  private static final String LEASE = "pawl";

  private final KubernetesClient client;
  private final SchemaMigrationReconciler reconciler;
  private final GateKeeper keeper;
  private final Leadership leadership;
  private final Settings settings;
  private final String identity;
  private final LeaseWatch watch;
  private Optional<Operator> operator = Optional.empty();

  PawlOperator(
      KubernetesClient client,
      SchemaMigrationReconciler reconciler,
      GateKeeper keeper,
      Leadership leadership,
      Settings settings,
      Holder holder) {
    this.client = client;
    this.reconciler = reconciler;
    this.keeper = keeper;
    this.leadership = leadership;
    this.settings = settings;
    this.identity = holder.identity();
    this.watch =
        new LeaseWatch(
            this::renewal,
            settings.lease().renewDeadline(),
            settings.lease().retryPeriod().dividedBy(2),
            () -> leadership.end("the Lease was not seen to be renewed in time"),
            System::nanoTime);
  }

  /** Returns when everything is watched, whether leading or not. */
  void start() {
    var callbacks =
        new LeaderCallbacks(
            this::won,
            this::lost,
            leader -> LOG.infof("the leader is %s", leader.isEmpty() ? "nobody" : leader));
    var election =
        LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(LEASE)
            .withLeaseNamespace(settings.namespace())
            .withIdentity(identity)
            .withLeaseDuration(settings.lease().duration())
            .withRenewDeadline(settings.lease().renewDeadline())
            .withRetryPeriod(settings.lease().retryPeriod())
            .withLeaderCallbacks(callbacks)
            .withExitOnStopLeading(false) // it would dead-lock in a shutdown hook
            .build();
    var started =
        new Operator(
            o ->
                o.withKubernetesClient(client)
                    .withLeaderElectionConfiguration(election)
                    .withExecutorService(Executors.newVirtualThreadPerTaskExecutor())
                    .withCloseClientOnStop(false)
                    .withReconciliationTerminationTimeout(Duration.ofMillis(500)));
    operator = Optional.of(started);
    var namespaces = namespaces();
    started.register(
        reconciler,
        o -> {
          if (!namespaces.isEmpty()) {
            o.settingNamespaces(namespaces);
          }
        });
    started.start();
    leadership.watching();
    LOG.infof(
        "%s watches %s", identity, namespaces.isEmpty() ? "all namespaces" : namespaces.toString());
  }

  private Set<String> namespaces() {
    return new HashSet<>(settings.watchNamespaces().orElse(List.of()));
  }

  /** On the elector's own thread, which must go on renewing: what takes long is done elsewhere. */
  private void won() {
    watch.start();
    Thread.ofVirtual().name("lead").start(this::lead);
  }

  private void lead() {
    try {
      long term = nextTerm();
      keeper.start(namespaces()); // first, for what it has seen decides whether a gate is written
      leadership.begin(term);
    } catch (RuntimeException e) {
      leadership.end("what a leader needs could not be read: " + e.getMessage());
    }
  }

  /** Above the Lease's transitions, and above every term seen, should the Lease be a new one. */
  private long nextTerm() {
    var lease = client.leases().inNamespace(settings.namespace()).withName(LEASE).get();
    long transitions =
        lease == null || lease.getSpec().getLeaseTransitions() == null
            ? 0
            : lease.getSpec().getLeaseTransitions();
    var terms =
        Stream.concat(
            all(SchemaMigration.class)
                .flatMap(sm -> Stream.ofNullable(sm.getStatus()))
                .flatMap(status -> Stream.ofNullable(status.term())),
            all(SchemaGate.class)
                .flatMap(gate -> Stream.ofNullable(gate.getStatus()))
                .flatMap(status -> Stream.ofNullable(status.term())));
    return Math.max(transitions, terms.mapToLong(Long::longValue).max().orElse(0)) + 1;
  }

  private <T extends HasMetadata> Stream<T> all(Class<T> type) {
    var namespaces = namespaces();
    var resources = client.resources(type);
    return namespaces.isEmpty()
        ? resources.inAnyNamespace().list().getItems().stream()
        : namespaces.stream().flatMap(n -> resources.inNamespace(n).list().getItems().stream());
  }

  /** When our Lease was renewed last, as the API server has it; empty when it is not ours. */
  private Optional<String> renewal() {
    return Optional.ofNullable(
            client.leases().inNamespace(settings.namespace()).withName(LEASE).get())
        .map(Lease::getSpec)
        .filter(spec -> identity.equals(spec.getHolderIdentity()))
        .map(spec -> String.valueOf(spec.getRenewTime()));
  }

  private void lost() {
    reconciler.cancelAll();
    leadership.end("the Lease could not be renewed");
  }

  /** Quarkus still answers probes here and closes the client only afterwards. */
  void stop(@Observes ShutdownEvent event) {
    if (operator.isEmpty()) {
      return;
    }
    boolean led = leadership.current().isPresent();
    leadership.stopping();
    watch.stop();
    reconciler.cancelAll();
    keeper.stop();
    operator.get().stop(); // no more renewing: only then may the Lease be given away
    if (led) {
      release();
    }
    LOG.info("stopped");
  }

  /** The SDK leaves the Lease to expire; a successor need not wait for that. */
  private void release() {
    try {
      var lease = client.leases().inNamespace(settings.namespace()).withName(LEASE).get();
      if (lease != null && identity.equals(lease.getSpec().getHolderIdentity())) {
        lease.getSpec().setHolderIdentity("");
        client.resource(lease).update(); // with its resourceVersion: nobody took it meanwhile
        LOG.info("the Lease is given away");
      }
    } catch (KubernetesClientException e) {
      LOG.warnf("the Lease could not be given away, it will expire: %s", e.getMessage());
    }
  }
}
