package dev.pawl.e2e.chaos;

import dev.pawl.e2e.Workload;
import dev.pawl.e2e.harness.Migration;
import dev.pawl.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One SchemaMigration with its files in a ConfigMap, the apps that require it, and the author who
 * goes on writing versions.
 */
final class Stream {
  /** So many versions at most are unverified when new ones are written. */
  private static final int BACKLOG = 10;

  private final TestNamespace namespace;
  private final History history;
  private final Track track = new Track();
  private final int port;
  private final Dice dice;
  private volatile boolean stopped;
  private volatile String trouble = "";

  /**
   * @param port where the operators reach the database
   */
  Stream(TestNamespace namespace, String name, long seed, int port) {
    this.namespace = namespace;
    this.history = new History(name, seed);
    this.port = port;
    this.dice = new Dice(seed, "author of " + name);
  }

  TestNamespace namespace() {
    return namespace;
  }

  History history() {
    return history;
  }

  Track track() {
    return track;
  }

  String name() {
    return history.stream();
  }

  /** As the checks name it: namespace/migration. */
  String id() {
    return namespace.name() + "/" + name();
  }

  /** Writes the first versions and asks for them. */
  void begin() {
    write(4);
    namespace.apply(
        """
        apiVersion: pawl.dev/v1alpha1
        kind: SchemaMigration
        metadata: {name: %1$s}
        spec:
          version: "4"
          database:
            url: postgres://%2$s@127.0.0.1:%3$d/%2$s
            passwordSecret: {name: %4$s}
          source: {configMaps: [{name: %1$s-files}]}
          policy: {retries: {initialBackoff: 500ms, maxBackoff: 4s}}
        """
            .formatted(name(), namespace.database().name(), port, TestNamespace.SECRET));
  }

  /** Goes on writing versions, and apps that require them, until it is stopped. */
  void run() {
    while (!stopped) {
      Threads.pause(dice.between(6_000, 18_000));
      int asked = history.versions().size();
      if (stopped || asked - verified() > BACKLOG) {
        continue;
      }
      int more = dice.between(1, 3);
      for (int n = 0; n < more; n++) {
        history.next();
      }
      var newest = Integer.toString(asked + more);
      var acts =
          new ArrayList<Runnable>(
              List.of(
                  this::files, () -> namespace.version(name(), newest), () -> apps(asked + more)));
      // In any order: what comes first has to wait for the others.
      while (!acts.isEmpty()) {
        insist(acts.remove(dice.below(acts.size())));
        Threads.pause(dice.between(0, 700));
      }
    }
  }

  void stop() {
    stopped = true;
  }

  private void write(int versions) {
    for (int n = 0; n < versions; n++) {
      history.next();
    }
    files();
  }

  private void files() {
    var data = new LinkedHashMap<String, String>();
    history.versions().forEach(v -> data.put(v.file(), v.sql()));
    namespace
        .client()
        .configMaps()
        .inNamespace(namespace.name())
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name() + "-files")
                .addToLabels("pawl.dev/source", "true")
                .endMetadata()
                .withData(data)
                .build())
        .serverSideApply();
  }

  /** Every app asks for the new version; a bare pod, too, in the place of one that runs. */
  private void apps(int version) {
    var text = Integer.toString(version);
    namespace.apply(Workload.deployment(name() + "-web", name(), text));
    if (version % 2 == 0) {
      namespace.apply(Workload.statefulSet(name() + "-store", name(), text));
    }
    if (version % 3 == 0) {
      var app = name() + "-task";
      namespace.apply(Workload.pod(app + "-" + version, name(), text));
      var pods = namespace.client().pods().inNamespace(namespace.name());
      pods.list().getItems().stream()
          .filter(p -> p.getMetadata().getName().startsWith(app))
          .filter(TestNamespace::ready)
          .sorted(Comparator.comparing(p -> p.getMetadata().getCreationTimestamp()))
          .limit(3)
          .forEach(p -> pods.withName(p.getMetadata().getName()).delete());
    }
  }

  /** The API server may be away. */
  private void insist(Runnable act) {
    while (true) {
      try {
        act.run();
        return;
      } catch (RuntimeException e) {
        trouble = e.toString();
        Threads.pause(500);
      }
    }
  }

  /** The newest version of which every step was seen Verified in the ledger. */
  int verified() {
    int newest = 0;
    for (var version : history.versions()) {
      if (!version.steps().stream().allMatch(s -> track.verified(s.id()).isPresent())) {
        break;
      }
      newest = version.number();
    }
    return newest;
  }

  /** Sets or clears spec.suspend. */
  void suspend(boolean value) {
    insist(() -> namespace.set(name(), "suspend", value));
  }

  /** Whether all that was asked for is verified, and every app has rolled out. */
  boolean settled() {
    var newest = history.versions().size();
    var migration = namespace.migration(name()).orElseThrow();
    return migration.ready()
        && migration.step().isPresent()
        && newest == asked(migration)
        && held().isEmpty();
  }

  private static int asked(Migration migration) {
    return migration.resource().get("spec", "version") instanceof String text
        ? Integer.parseInt(text)
        : 0;
  }

  /** Pods with one of Pawl's gates, and workloads whose rollout is held or not done. */
  List<String> held() {
    var found = new ArrayList<String>();
    var client = namespace.client();
    var pods = client.pods().inNamespace(namespace.name()).list().getItems();
    pods.stream()
        .filter(TestNamespace::held)
        .forEach(p -> found.add("pod " + namespace.name() + "/" + p.getMetadata().getName()));
    client.apps().deployments().inNamespace(namespace.name()).list().getItems().stream()
        .filter(d -> !done(d))
        .forEach(
            d -> found.add("deployment " + namespace.name() + "/" + d.getMetadata().getName()));
    client.apps().statefulSets().inNamespace(namespace.name()).list().getItems().stream()
        .filter(
            s ->
                "held".equals(labels(s.getMetadata()).get("pawl.dev/rollout"))
                    || !s.getSpec().getReplicas().equals(s.getStatus().getUpdatedReplicas()))
        .forEach(
            s -> found.add("statefulset " + namespace.name() + "/" + s.getMetadata().getName()));
    return found;
  }

  private static Map<String, String> labels(ObjectMeta metadata) {
    return Optional.ofNullable(metadata.getLabels()).orElse(Map.of());
  }

  private static boolean done(Deployment d) {
    return !"held".equals(labels(d.getMetadata()).get("pawl.dev/rollout"))
        && !Boolean.TRUE.equals(d.getSpec().getPaused())
        && d.getMetadata().getGeneration().equals(d.getStatus().getObservedGeneration())
        && d.getSpec().getReplicas().equals(d.getStatus().getUpdatedReplicas());
  }

  /** What the status says, in a line. */
  String describe() {
    return namespace
        .migration(name())
        .map(
            m ->
                "%s asked %d, verified %d, step %s: %s"
                    .formatted(
                        id(),
                        asked(m),
                        verified(),
                        m.step().orElse("-"),
                        m.condition("Ready")
                            .map(c -> c.status() + " " + c.reason() + " " + c.message())
                            .orElse("no condition")))
        .orElse(id() + " is not there " + trouble);
  }
}
