package dev.pawl.operator.gate;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import jakarta.inject.Singleton;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jboss.logging.Logger;

/**
 * Before Pawl is uninstalled: takes away the bindings that hold, then everything they hold,
 * verified or not, so that nobody is left waiting for an operator that is gone.
 */
@Singleton
public class ReleaseAll {
  private static final Logger LOG = Logger.getLogger(ReleaseAll.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration AT_MOST = Duration.ofMinutes(2);

  /** So often nothing must be found: the API server forgets a binding some moments after. */
  private static final int EMPTY_LOOKS = 3;

  private final KubernetesClient client;

  ReleaseAll(KubernetesClient client) {
    this.client = client;
  }

  /**
   * Does it.
   *
   * @param bindings to delete first, in order, as {@code
   *     mutatingadmissionpolicybindings/pawl-close}
   * @param namespaces those to look in; empty for all
   * @return whether nothing is held any more
   */
  public boolean run(Collection<String> bindings, Collection<String> namespaces)
      throws InterruptedException {
    boolean deleted = true;
    for (var binding : bindings) {
      deleted &= delete(binding);
    }
    var end = Instant.now().plus(AT_MOST);
    int empty = 0;
    while (empty < EMPTY_LOOKS && Instant.now().isBefore(end)) {
      var held = held(namespaces);
      held.forEach(this::release);
      empty = held.isEmpty() ? empty + 1 : 0;
      Thread.sleep(PAUSE);
    }
    if (empty < EMPTY_LOOKS) {
      LOG.errorf(
          "after %d s something is still held: kubectl get pods -A -l %s=%s; kubectl get"
              + " deploy,sts,ds -A -l %s=%s",
          AT_MOST.toSeconds(),
          Held.POD_LABEL,
          Held.POD_VALUE,
          Held.ROLLOUT_LABEL,
          Held.ROLLOUT_VALUE);
      return false;
    }
    LOG.info("nothing is held by Pawl any more");
    return deleted;
  }

  private boolean delete(String binding) {
    var parts = binding.split("/", 2);
    if (parts.length != 2) {
      LOG.errorf("%s is not a binding: write mutatingadmissionpolicybindings/<name>", binding);
      return false;
    }
    var path =
        "/apis/admissionregistration.k8s.io/v1/"
            + parts[0].toLowerCase(Locale.ROOT)
            + "/"
            + parts[1];
    try {
      client.raw(path, "DELETE", null);
      LOG.infof("%s deleted", binding);
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return true;
      }
      LOG.errorf("%s could not be deleted: %s", binding, e.getMessage());
      return false;
    }
  }

  private List<HasMetadata> held(Collection<String> namespaces) {
    var held = new ArrayList<HasMetadata>();
    held.addAll(list(Pod.class, namespaces, Held.POD_LABEL, Held.POD_VALUE));
    for (var type : List.of(Deployment.class, StatefulSet.class, DaemonSet.class)) {
      held.addAll(list(type, namespaces, Held.ROLLOUT_LABEL, Held.ROLLOUT_VALUE));
    }
    return held;
  }

  private <T extends HasMetadata> List<T> list(
      Class<T> type, Collection<String> namespaces, String label, String value) {
    var all = client.resources(type);
    if (namespaces.isEmpty()) {
      return all.inAnyNamespace().withLabel(label, value).list().getItems();
    }
    return namespaces.stream()
        .flatMap(n -> all.inNamespace(n).withLabel(label, value).list().getItems().stream())
        .toList();
  }

  private void release(HasMetadata held) {
    var what =
        "%s %s/%s"
            .formatted(
                held.getKind(), held.getMetadata().getNamespace(), held.getMetadata().getName());
    try {
      if (held instanceof Pod pod) {
        var patch = Held.openPod(Held.gates(pod), true);
        client.resource(pod).patch(PatchContext.of(PatchType.STRATEGIC_MERGE), patch);
      } else {
        var patch = Held.releaseRollout(held);
        client.resource(held).patch(PatchContext.of(PatchType.JSON_MERGE), patch);
      }
      LOG.infof("%s: asked to let it go", what);
    } catch (KubernetesClientException e) {
      LOG.warnf("%s could not be released, trying again: %s", what, e.getMessage());
    }
  }
}
