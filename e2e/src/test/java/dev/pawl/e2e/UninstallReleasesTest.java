package dev.pawl.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pawl.e2e.harness.Cluster;
import dev.pawl.e2e.harness.PawlTest;
import dev.pawl.e2e.harness.TestNamespace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who uninstalls Pawl leaves nobody waiting for it; who installs it again finds all as it was. */
@PawlTest
class UninstallReleasesTest {
  private static final Duration SOON = Duration.ofSeconds(120);

  /** Runs a script in the checkout with Helm and the cluster's kubeconfig at hand. */
  private static void run(String script) throws IOException, InterruptedException {
    var preamble =
        """
        set -euo pipefail
        . e2e/cluster/lib.sh
        export KUBECONFIG="$(e2e/cluster/node kubeconfig)"
        helm() { "$(tool helm)" --namespace pawl-system "$@"; }
        """;
    var process =
        new ProcessBuilder("bash", "-c", preamble + script)
            .directory(Path.of("..").toFile())
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(10, TimeUnit.MINUTES)).as("it ends\n" + output).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
  }

  private static final String APP =
      """
      terminationGracePeriodSeconds: 1
      containers: [{name: app, image: pawl.test/app:1, imagePullPolicy: Never}]
      """;

  private static String controller(String kind, String name, String more, String version) {
    return """
    apiVersion: apps/v1
    kind: %s
    metadata: {name: %s}
    spec:
      selector: {matchLabels: {app: %s}}
    %s  template:
        metadata: {labels: {app: %s}, annotations: {requires.pawl.dev/orders: "%s"}}
        spec:
    %s\
    """
        .formatted(kind, name, name, more.indent(2), name, version, APP.indent(6));
  }

  private static void apply(TestNamespace ns, String version) {
    ns.apply(controller("Deployment", "deployment", "replicas: 2", version));
    ns.apply(controller("StatefulSet", "set", "replicas: 1\nserviceName: set", version));
    ns.apply(controller("DaemonSet", "daemons", "", version));
  }

  private static String pod(String name) {
    return """
    apiVersion: v1
    kind: Pod
    metadata:
      name: %s
      labels: {app: %s}
      annotations: {requires.pawl.dev/orders: "9"}
    spec:
    %s\
    """
        .formatted(name, name, APP.indent(2));
  }

  private static boolean allServe(TestNamespace ns, String version) {
    return serve(ns, "deployment", 2, version)
        && serve(ns, "set", 1, version)
        && serve(ns, "daemons", 1, version);
  }

  private static boolean serve(TestNamespace ns, String app, int pods, String version) {
    return ns.pods(app).size() == pods
        && ns.pods(app).stream()
            .allMatch(
                p ->
                    TestNamespace.ready(p)
                        && version.equals(
                            p.getMetadata().getAnnotations().get("requires.pawl.dev/orders")));
  }

  @Test
  @Timeout(value = 15, unit = TimeUnit.MINUTES)
  void uninstallingReleasesWhatIsHeldAndInstallingAgainFindsAllAsItWas(
      TestNamespace ns, Cluster cluster) throws Exception {
    assumeTrue(cluster.runsContainers(), "the release Job must really run");
    ns.migrate(
        "orders",
        "1",
        Map.of(
            "0001_create.sql",
            "CREATE TABLE orders (id bigint); INSERT INTO orders VALUES (1);",
            "0002_add.sql",
            "ALTER TABLE orders ADD COLUMN email text;"));
    ns.awaitReady("orders");
    apply(ns, "1");
    ns.await("version 1 to serve", SOON, n -> allServe(n, "1"));
    apply(ns, "9");
    ns.apply(pod("early"));
    ns.stays(
        "version 1 serves, what needs 9 is held",
        Duration.ofSeconds(3),
        n -> allServe(n, "1") && n.pods("early").stream().allMatch(TestNamespace::held));

    run("helm get values pawl -o json >e2e/target/values.json; helm uninstall pawl --timeout 300s");
    try {
      ns.await("the pod that was held to serve", SOON, n -> serve(n, "early", 1, "9"));
      ns.await("what was rolled out to serve", SOON, n -> allServe(n, "9"));
      ns.apply(pod("later"));
      ns.await("a pod made later to serve", SOON, n -> serve(n, "later", 1, "9"));
      assertThat(ns.migration("orders")).as("the CRDs and what is in them stay").isPresent();
    } finally {
      run("helm install pawl helm --values e2e/target/values.json --wait --timeout 300s");
    }

    // It was Ready all the while; that another version is verified shows that the new operator is
    // at work.
    ns.version("orders", "2");
    ns.await(
        "version 2 to be verified", SOON, n -> n.openThrough("orders").equals(Optional.of("2")));
    assertThat(ns.database().column("SELECT id FROM orders")).as("nothing ran again").hasSize(1);
    ns.apply(pod("held-again"));
    ns.stays(
        "what needs 9 is held again",
        Duration.ofSeconds(3),
        n ->
            n.pods("held-again").size() == 1
                && n.pods("held-again").stream().allMatch(TestNamespace::held));
  }
}
