package dev.pawl.operator.gate;

import dev.pawl.crd.SchemaGate;
import dev.pawl.engine.plan.Version;
import dev.pawl.operator.status.Events;
import dev.pawl.operator.status.Metrics;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import jakarta.inject.Singleton;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Releases what the policies hold and their SchemaGate no longer asks to hold. Level-based: looks
 * at a whole namespace whenever anything in it changes, and again until it is so. Nothing depends
 * on it but the speed: what is made after the gate has opened is let through by admission alone.
 */
@Singleton
public class GateKeeper {
  private static final Logger LOG = Logger.getLogger(GateKeeper.class);
  private static final Duration COALESCE = Duration.ofMillis(10);
  private static final Duration AGAIN = Duration.ofMillis(200);
  private static final Duration AGAIN_AT_MOST = Duration.ofSeconds(5);
  private static final int PATCHES_AT_ONCE = 16;
  private static final int TRIES = 10;
  private static final String BROKEN_BY = "pawl.dev/break-glass-by";

  private final KubernetesClient client;
  private final Events events;
  private final Metrics metrics;
  private final ScheduledExecutorService worker =
      Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("gate-keeper").factory());
  private final Set<String> woken = ConcurrentHashMap.newKeySet();
  private final Map<String, Integer> repeats = new ConcurrentHashMap<>();
  private final List<SharedIndexInformer<SchemaGate>> gates = new CopyOnWriteArrayList<>();
  private final List<SharedIndexInformer<Pod>> pods = new CopyOnWriteArrayList<>();
  private final List<SharedIndexInformer<? extends HasMetadata>> rollouts =
      new CopyOnWriteArrayList<>();
  private volatile Consumer<String> gateChanged = namespace -> {};

  /** Does nothing before it is started. */
  public GateKeeper(KubernetesClient client, Events events, Metrics metrics) {
    this.client = client;
    this.events = events;
    this.metrics = metrics;
  }

  /** Who else wants to know the namespaces whose SchemaGate has changed. */
  public void onGateChange(Consumer<String> listener) {
    gateChanged = listener;
  }

  /**
   * Begins to watch and to release; for the leader only.
   *
   * @param namespaces those to watch; empty for all
   */
  public void start(Collection<String> namespaces) {
    gates.addAll(watch(SchemaGate.class, namespaces, Map.of(), new GateHandler()));
    pods.addAll(
        watch(Pod.class, namespaces, Map.of(Held.POD_LABEL, Held.POD_VALUE), new Waker<>()));
    var held = Map.of(Held.ROLLOUT_LABEL, Held.ROLLOUT_VALUE);
    rollouts.addAll(watch(Deployment.class, namespaces, held, new Waker<>()));
    rollouts.addAll(watch(StatefulSet.class, namespaces, held, new Waker<>()));
    rollouts.addAll(watch(DaemonSet.class, namespaces, held, new Waker<>()));
  }

  /** Ends at once. */
  public void stop() {
    worker.shutdownNow();
    gates.forEach(SharedIndexInformer::stop);
    pods.forEach(SharedIndexInformer::stop);
    rollouts.forEach(SharedIndexInformer::stop);
  }

  /** The gate of a namespace, as last seen. */
  Optional<SchemaGate> gate(String namespace) {
    return gates.stream()
        .map(informer -> informer.getStore().getByKey(namespace + "/" + SchemaGate.NAME))
        .filter(gate -> gate != null)
        .findAny();
  }

  private <T extends HasMetadata> List<SharedIndexInformer<T>> watch(
      Class<T> type,
      Collection<String> namespaces,
      Map<String, String> labels,
      ResourceEventHandler<T> handler) {
    var all = client.resources(type);
    if (namespaces.isEmpty()) {
      return List.of(begun(() -> all.inAnyNamespace().withLabels(labels).inform(handler)));
    }
    return namespaces.stream()
        .map(
            namespace -> begun(() -> all.inNamespace(namespace).withLabels(labels).inform(handler)))
        .toList();
  }

  /** A first watch may be refused for what passes: its version was too old, a connection broke. */
  private static <T> SharedIndexInformer<T> begun(Supplier<SharedIndexInformer<T>> watch) {
    for (int tries = 1; ; tries++) {
      try {
        return watch.get();
      } catch (KubernetesClientException e) {
        if (tries == TRIES) {
          throw e;
        }
        LockSupport.parkNanos(Duration.ofMillis(200L * tries).toNanos());
      }
    }
  }

  private void wake(String namespace, Duration after) {
    if (woken.add(namespace) && !worker.isShutdown()) {
      worker.schedule(() -> look(namespace), after.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void look(String namespace) {
    woken.remove(namespace);
    boolean done;
    try {
      done = release(namespace);
    } catch (RuntimeException e) {
      LOG.warnf("%s: what is held could not be released, trying again: %s", namespace, e);
      done = false;
    }
    if (done) {
      repeats.remove(namespace);
    } else {
      int repeat = repeats.merge(namespace, 1, Integer::sum);
      var pause = AGAIN.multipliedBy(1L << Math.min(repeat - 1, 5));
      wake(namespace, pause.compareTo(AGAIN_AT_MOST) < 0 ? pause : AGAIN_AT_MOST);
    }
  }

  /** True when nothing is held that should not be. */
  private boolean release(String namespace) {
    var gate = gate(namespace);
    var patches = new ArrayList<Runnable>();
    int waiting = 0;
    for (var pod : in(namespace, pods)) {
      var requirements = Held.requirements(pod);
      var all = Held.gates(pod);
      var open = all.stream().filter(m -> requirements.open(m, gate)).toList();
      if (open.size() < all.size()) {
        waiting++;
        events.say(owner(pod), Events.Type.Normal, "WaitsForMigration", waits(pod, gate));
      }
      if (!open.isEmpty() || all.isEmpty()) {
        patches.add(() -> open(pod, open, open.size() == all.size()));
      }
    }
    for (var workload : in(namespace, rollouts)) {
      if (Held.requirements(workload).open(gate)) { // admission decides again
        patches.add(() -> release(workload));
      } else if (Held.isHeldRollout(workload)) {
        events.say(workload, Events.Type.Normal, "RolloutHeld", waits(workload, gate));
      }
    }
    metrics.held(namespace, waiting);
    run(patches);
    return patches.isEmpty();
  }

  private static String waits(HasMetadata held, Optional<SchemaGate> gate) {
    var subject = held instanceof Pod ? "pod " + held.getMetadata().getName() + " waits" : "waits";
    return subject + ": " + Held.requirements(held).waitsFor(gate);
  }

  private static <T extends HasMetadata> List<T> in(
      String namespace, List<? extends SharedIndexInformer<? extends T>> informers) {
    var found = new ArrayList<T>();
    for (var informer : informers) {
      for (T object : informer.getStore().list()) {
        if (namespace.equals(object.getMetadata().getNamespace())) {
          found.add(object);
        }
      }
    }
    return found;
  }

  private static void run(List<Runnable> patches) {
    var permits = new Semaphore(PATCHES_AT_ONCE);
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var patch : patches) {
        executor.submit(
            () -> {
              permits.acquire();
              try {
                patch.run();
              } finally {
                permits.release();
              }
              return null;
            });
      }
    }
  }

  private void open(Pod pod, List<String> open, boolean all) {
    patch(pod, PatchType.STRATEGIC_MERGE, Held.openPod(open, all))
        .ifPresent(
            opened ->
                LOG.infof(
                    "%s/%s: pod let through for %s",
                    opened.getMetadata().getNamespace(), opened.getMetadata().getName(), open));
  }

  private void release(HasMetadata workload) {
    patch(workload, PatchType.JSON_MERGE, Held.releaseRollout(workload))
        .filter(released -> !Held.isHeldRollout(released))
        .ifPresent(
            released -> {
              var requirements = Held.requirements(released).versions();
              events.say(
                  released,
                  Events.Type.Normal,
                  "RolloutReleased",
                  "what it requires is verified: " + requirements);
              LOG.infof(
                  "%s/%s: %s let through for %s",
                  released.getMetadata().getNamespace(),
                  released.getMetadata().getName(),
                  released.getKind(),
                  requirements);
            });
  }

  /** As it is afterwards; empty when it is gone, or could not be patched, which is seen again. */
  private <T extends HasMetadata> Optional<T> patch(T object, PatchType type, String patch) {
    try {
      return Optional.of(client.resource(object).patch(PatchContext.of(type), patch));
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        LOG.warnf(
            "%s %s/%s could not be released, trying again: %s",
            object.getKind(),
            object.getMetadata().getNamespace(),
            object.getMetadata().getName(),
            e.getMessage());
      }
      return Optional.empty();
    }
  }

  private static ObjectReference owner(Pod pod) {
    return pod.getMetadata().getOwnerReferences().stream()
        .filter(owner -> Boolean.TRUE.equals(owner.getController()))
        .findFirst()
        .map(
            owner ->
                new ObjectReferenceBuilder()
                    .withApiVersion(owner.getApiVersion())
                    .withKind(owner.getKind())
                    .withName(owner.getName())
                    .withUid(owner.getUid())
                    .withNamespace(pod.getMetadata().getNamespace())
                    .build())
        .orElseGet(
            () ->
                new ObjectReferenceBuilder()
                    .withApiVersion(pod.getApiVersion())
                    .withKind(pod.getKind())
                    .withName(pod.getMetadata().getName())
                    .withUid(pod.getMetadata().getUid())
                    .withNamespace(pod.getMetadata().getNamespace())
                    .build());
  }

  /** Says who let what through unverified. */
  private void breakGlass(Optional<SchemaGate> before, SchemaGate gate) {
    if (gate.getSpec() == null || gate.getSpec().breakGlass() == null) {
      return;
    }
    var annotations = Optional.ofNullable(gate.getMetadata().getAnnotations()).orElse(Map.of());
    var who = annotations.getOrDefault(BROKEN_BY, "somebody");
    for (var migration : gate.getSpec().breakGlass().keySet()) {
      var version = Requirements.breakGlass(gate, migration);
      var earlier = before.flatMap(b -> Requirements.breakGlass(b, migration));
      var verified = Requirements.opening(gate, migration).flatMap(Openings::through);
      if (version.isPresent()
          && !version.equals(earlier)
          && verified.filter(v -> v.compareTo(version.get()) >= 0).isEmpty()) {
        events.say(gate, Events.Type.Warning, "GlassBroken", broken(who, migration, version.get()));
        LOG.warnf(
            "%s: %s", gate.getMetadata().getNamespace(), broken(who, migration, version.get()));
      }
    }
  }

  private static String broken(String who, String migration, Version version) {
    return "%s opened the gate of %s up to version %s, verified or not: take spec.breakGlass.%s away when it is verified"
        .formatted(who, migration, version, migration);
  }

  private class Waker<T extends HasMetadata> implements ResourceEventHandler<T> {
    @Override
    public void onAdd(T added) {
      wake(added.getMetadata().getNamespace(), COALESCE);
    }

    @Override
    public void onUpdate(T before, T after) {
      wake(after.getMetadata().getNamespace(), COALESCE);
    }

    @Override
    public void onDelete(T deleted, boolean unknown) {
      wake(deleted.getMetadata().getNamespace(), COALESCE);
    }
  }

  private final class GateHandler extends Waker<SchemaGate> {
    @Override
    public void onAdd(SchemaGate added) {
      breakGlass(Optional.empty(), added);
      super.onAdd(added);
    }

    @Override
    public void onUpdate(SchemaGate before, SchemaGate after) {
      breakGlass(Optional.of(before), after);
      super.onUpdate(before, after);
      gateChanged.accept(after.getMetadata().getNamespace());
    }

    @Override
    public void onDelete(SchemaGate deleted, boolean unknown) {
      super.onDelete(deleted, unknown);
      gateChanged.accept(deleted.getMetadata().getNamespace());
    }
  }
}
