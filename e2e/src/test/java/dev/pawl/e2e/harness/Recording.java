package dev.pawl.e2e.harness;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;

/** Everything that a SchemaMigration has shown of itself, as someone who watches it sees it. */
public final class Recording implements AutoCloseable {
  private final List<Migration> seen = new ArrayList<>();
  private final Watch watch;

  Recording(TestNamespace namespace, String migration) {
    watch =
        namespace
            .migrations()
            .withName(migration)
            .watch(
                new Watcher<>() {
                  @Override
                  public void eventReceived(Action action, GenericKubernetesResource resource) {
                    if (action == Action.ADDED || action == Action.MODIFIED) {
                      synchronized (seen) {
                        seen.add(new Migration(resource));
                      }
                    }
                  }

                  @Override
                  public void onClose(WatcherException cause) {}
                });
  }

  public List<Migration> seen() {
    synchronized (seen) {
      return List.copyOf(seen);
    }
  }

  /** For each step the phases it was seen in, in the order they were first seen. */
  public Map<String, SequencedSet<String>> phases() {
    var phases = new LinkedHashMap<String, SequencedSet<String>>();
    for (var migration : seen()) {
      for (var step : migration.steps()) {
        phases.computeIfAbsent(step.id(), id -> new LinkedHashSet<>()).add(step.phase());
      }
    }
    return phases;
  }

  @Override
  public void close() {
    watch.close();
  }
}
