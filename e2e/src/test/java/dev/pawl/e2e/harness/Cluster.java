package dev.pawl.e2e.harness;

import io.fabric8.kubernetes.client.KubernetesClient;

/** A Kubernetes with Pawl installed by its chart, and a PostgreSQL. There is one a test run. */
public sealed interface Cluster extends AutoCloseable permits NodeCluster, EmbeddedCluster {
  /** The namespace of the operator. */
  String OPERATOR_NAMESPACE = "pawl-system";

  /** As an administrator of the cluster. */
  KubernetesClient client();

  Kubectl kubectl();

  Operator operator();

  Postgres postgres();

  /** Whether containers run; otherwise pods only say that they do. */
  boolean runsContainers();

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
