package dev.pawl.e2e.harness;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The chart as a user installs it. */
final class Helm {
  /** The release's name, which is also that of what the chart makes. */
  static final String RELEASE = "pawl";

  /** The Lease of the leader. */
  private static final String LEASE = "pawl";

  private Helm() {}

  static void install(Path kubeconfig, Map<String, String> values) {
    var command =
        new ArrayList<>(
            List.of(
                Script.tool("helm"),
                "upgrade",
                "--install",
                RELEASE,
                "helm",
                "--kubeconfig",
                kubeconfig.toString(),
                "--namespace",
                Cluster.OPERATOR_NAMESPACE,
                "--create-namespace",
                "--wait",
                "--timeout",
                "300s"));
    values.forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
    Script.run(command.toArray(String[]::new));
  }

  static KubernetesClient client(Path kubeconfig) {
    try {
      return new KubernetesClientBuilder()
          .withConfig(Config.fromKubeconfig(Files.readString(kubeconfig)))
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException("the kubeconfig cannot be read", e);
    }
  }

  static Optional<String> leaseHolder(KubernetesClient client) {
    return Optional.ofNullable(
            client.leases().inNamespace(Cluster.OPERATOR_NAMESPACE).withName(LEASE).get())
        .map(lease -> lease.getSpec().getHolderIdentity())
        .filter(holder -> !holder.isEmpty());
  }

  static void ageLease(KubernetesClient client, Duration age) {
    client
        .leases()
        .inNamespace(Cluster.OPERATOR_NAMESPACE)
        .withName(LEASE)
        .edit(
            lease -> {
              lease.getSpec().setRenewTime(lease.getSpec().getRenewTime().minus(age));
              return lease;
            });
  }
}
