package dev.pawl.e2e.harness;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Objects;
import java.util.stream.Collectors;

/** What a person looks at first when a test has failed. */
final class Describe {
  private Describe() {}

  static String pods(KubernetesClient client, String namespace) {
    return client.pods().inNamespace(namespace).list().getItems().stream()
        .map(Describe::pod)
        .collect(Collectors.joining("\n", "--- pods of " + namespace + " ---\n", "\n"));
  }

  private static String pod(Pod pod) {
    var conditions =
        pod.getStatus().getConditions().stream()
            .filter(c -> c.getStatus().equals("False"))
            .map(
                c ->
                    c.getType()
                        + "=False "
                        + Objects.toString(c.getReason(), "")
                        + " "
                        + Objects.toString(c.getMessage(), ""))
            .collect(Collectors.joining("; "));
    var gates = Objects.requireNonNullElse(pod.getSpec().getSchedulingGates(), java.util.List.of());
    return pod.getMetadata().getName()
        + " "
        + pod.getStatus().getPhase()
        + (pod.getMetadata().getDeletionTimestamp() == null ? "" : " (ending)")
        + (gates.isEmpty() ? "" : " gates " + gates)
        + (conditions.isEmpty() ? "" : " " + conditions);
  }

  static String events(KubernetesClient client, String namespace) {
    return client.v1().events().inNamespace(namespace).list().getItems().stream()
        .map(
            e ->
                "%s %s %s/%s: %s"
                    .formatted(
                        e.getType(),
                        e.getReason(),
                        e.getInvolvedObject().getKind(),
                        e.getInvolvedObject().getName(),
                        e.getMessage()))
        .collect(Collectors.joining("\n", "--- events of " + namespace + " ---\n", "\n"));
  }

  static String resources(KubernetesClient client, String namespace, String kind) {
    return client
        .genericKubernetesResources("pawl.dev/v1alpha1", kind)
        .inNamespace(namespace)
        .list()
        .getItems()
        .stream()
        .peek(r -> r.getMetadata().setManagedFields(null))
        .map(Serialization::asYaml)
        .collect(Collectors.joining("\n"));
  }
}
