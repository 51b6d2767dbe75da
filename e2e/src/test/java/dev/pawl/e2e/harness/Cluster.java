package dev.pawl.e2e.harness;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Duration;

/** A Kubernetes with Pawl installed by its chart, and a PostgreSQL. There is one a test run. */
public sealed interface Cluster extends AutoCloseable permits NodeCluster, EmbeddedCluster {
  /** The namespace of the operator. */
  String OPERATOR_NAMESPACE = "pawl-system";

  /** As an administrator of the cluster. */
  KubernetesClient client();

  Kubectl kubectl();

  Operator operator();

  /** Starts operators as processes of this machine, beside {@link #operator()} or in its place. */
  OperatorProcess.Launcher launcher();

  Postgres postgres();

  /** The folder of the logs of its own processes, and of pods. */
  Path logs();

  /** Whether containers run; otherwise pods only say that they do. */
  boolean runsContainers();

  /** Makes the leader's Lease look as if it had been renewed so long ago. */
  default void ageLease(Duration age) {
    Helm.ageLease(client(), age);
  }

  /** Takes everything down, unless KEEP=1. */
  @Override
  void close();

  /** Whether a person wants to look at it afterwards. */
  static boolean keep() {
    return "1".equals(System.getenv("KEEP"));
  }

  /**
   * Starts the one that the run is to use: the node cluster, which needs root on Linux, or with
   * -Dpawl.e2e=embedded the embedded one.
   */
  static Cluster start() {
    return switch (System.getProperty("pawl.e2e", "node")) {
      case "node" -> NodeCluster.start();
      case "embedded" -> EmbeddedCluster.start();
      case String other ->
          throw new IllegalStateException("-Dpawl.e2e is node or embedded, not " + other);
    };
  }
}
