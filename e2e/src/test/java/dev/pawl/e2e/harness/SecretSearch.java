package dev.pawl.e2e.harness;

import java.util.Set;

/**
 * Searches what people and machines may read for what only a Secret may hold: logs, command lines,
 * metrics, and every object of the cluster but Secrets, with status and Events.
 */
public final class SecretSearch {
  private static final String KINDS =
      "schemamigrations,schemagates,events,pods,deployments,replicasets,statefulsets,daemonsets,"
          + "jobs,cronjobs,configmaps,serviceaccounts,leases";

  private final Cluster cluster;
  private final Traces traces;
  private final Secrets secrets;

  SecretSearch(Cluster cluster, Traces traces, Secrets secrets) {
    this.cluster = cluster;
    this.traces = traces;
    this.secrets = secrets;
  }

  /** The same for one value alone, which the others are not searched for. */
  public SecretSearch forPlanted(String value) {
    var own = new Secrets();
    own.remember("the planted value", value);
    return new SecretSearch(cluster, traces, own);
  }

  /** What a namespace shows, before it goes. */
  void namespace(String namespace) {
    secrets.search(
        "namespace " + namespace,
        cluster.kubectl().get(namespace, KINDS, "--show-managed-fields", "-o", "yaml"));
  }

  /**
   * Searches everything that is there, and was seen since the cluster was started.
   *
   * @return what was found where, without the values
   */
  public Set<String> everywhere() {
    traces.search(secrets);
    secrets.search(
        "all namespaces",
        cluster
            .kubectl()
            .get("default", KINDS, "--all-namespaces", "--show-managed-fields", "-o", "yaml"));
    secrets.search("metrics of the leader", cluster.operator().metrics());
    secrets.search("logs of the operator", cluster.operator().log(1_000_000));
    secrets.searchFolder("cluster's log", cluster.logs());
    var target = Script.REPO.resolve("e2e/target");
    secrets.searchFolder("operator's file", target.resolve("operator"), "kubeconfig");
    secrets.searchFolder("report", target.resolve("surefire-reports"));
    return secrets.found();
  }

  /** One line for the end of a run. */
  public String summary() {
    return secrets.summary();
  }
}
