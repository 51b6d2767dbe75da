package dev.pawl.operator.source;

/** The names of Services in a cluster's DNS. */
final class ClusterNames {
  private static final String CLUSTER_DOMAIN = ".cluster.local";

  private ClusterNames() {}

  /** One label, so a Service of the same namespace or a name of the operator's own host. */
  static boolean isShort(String host) {
    return !host.contains(".") && !host.contains(":") && !host.equals("localhost");
  }

  static String service(String name, String namespace) {
    return name + "." + namespace + ".svc";
  }

  static String withoutClusterDomain(String host) {
    return host.endsWith(".svc" + CLUSTER_DOMAIN)
        ? host.substring(0, host.length() - CLUSTER_DOMAIN.length())
        : host;
  }
}
