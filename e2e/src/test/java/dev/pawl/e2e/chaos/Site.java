package dev.pawl.e2e.chaos;

import dev.pawl.e2e.harness.Cluster;
import dev.pawl.e2e.harness.Script;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The processes under the operators: what can be killed, stopped and started again. */
final class Site {
  private static final int TRIES = 5;

  private final List<String> clusterUp;
  private final List<String> postgresUp;
  private final Path clusterFolder;
  private final Path postgresFolder;

  private Site(List<String> clusterUp, List<String> postgresUp, Path cluster, Path postgres) {
    this.clusterUp = clusterUp;
    this.postgresUp = postgresUp;
    this.clusterFolder = cluster;
    this.postgresFolder = postgres;
  }

  /** That of the cluster that this run has started. */
  static Site of(Cluster cluster) {
    boolean node = cluster.runsContainers();
    var script =
        node ? List.of("e2e/cluster/node") : List.of("e2e/cluster/embedded", "--as", "e2e");
    var postgres = List.of("e2e/cluster/postgres", "--as", "e2e");
    var environment = Script.run(with(postgres, "env"));
    var matcher = Pattern.compile("PGPASSFILE=(\\S+)").matcher(environment);
    if (!matcher.find()) {
      throw new IllegalStateException("no PGPASSFILE in " + environment);
    }
    return new Site(
        List.of(with(script, "up")),
        List.of(node ? with(postgres, "up", "--pods") : with(postgres, "up")),
        Path.of(Script.run(with(script, "kubeconfig"))).getParent(),
        Path.of(matcher.group(1)).getParent());
  }

  private static String[] with(List<String> command, String... more) {
    var all = new ArrayList<>(command);
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  Path auditLog() {
    return clusterFolder.resolve("logs/audit.log");
  }

  Daemon apiServer() {
    return new Daemon(clusterFolder, "kube-apiserver");
  }

  Daemon etcd() {
    return new Daemon(clusterFolder, "etcd");
  }

  Daemon postgres() {
    return new Daemon(postgresFolder, "postgres");
  }

  /** Starts again what of the cluster has ended; returns when it serves. */
  void startCluster() {
    insist(clusterUp);
  }

  /** Starts the database again; returns when it serves. */
  void startPostgres() {
    insist(postgresUp);
  }

  /** More than once: on a busy machine it may take longer than the script waits. */
  private static void insist(List<String> command) {
    for (int tries = 1; ; tries++) {
      try {
        Script.run(command.toArray(String[]::new));
        return;
      } catch (IllegalStateException e) {
        if (tries == TRIES) {
          throw e;
        }
      }
    }
  }
}
