package dev.pawl.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.e2e.harness.Await;
import dev.pawl.e2e.harness.Cluster;
import dev.pawl.e2e.harness.Migration;
import dev.pawl.e2e.harness.OperatorProcess;
import dev.pawl.e2e.harness.PawlTest;
import dev.pawl.e2e.harness.TestNamespace;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Two operators that know nothing of each other, for one history of one database: as when a second
 * cluster is made from the first one's git, or Pawl is installed twice.
 */
@PawlTest(operator = false)
class SplitBrainTest {
  private static final Duration SOON = Duration.ofSeconds(120);

  /**
   * The lease in the database lives for 10 s without a heartbeat; then it is asked for once a
   * second. The rest is for a busy machine.
   */
  private static final Duration FREES_ITSELF = Duration.ofSeconds(12 + 8);

  /** Each step notes itself, from one on when it may. */
  private static Map<String, String> steps(int steps, int held) {
    var files = new TreeMap<String, String>();
    files.put("0001_log.sql", "CREATE TABLE log (n int);");
    for (var n = 2; n <= steps; n++) {
      files.put(
          "%04d_note.sql".formatted(n),
          "INSERT INTO log SELECT %s;".formatted(n < held ? n : "held(" + n + ")"));
    }
    return files;
  }

  /** An operator for one namespace alone, with its Lease in it. */
  private static OperatorProcess install(Cluster cluster, TestNamespace ns, String name) {
    ns.apply(
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: leader}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: admin}
        subjects: [{kind: ServiceAccount, name: pawl, namespace: pawl-system}]
        """);
    ns.apply(
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: leases}
        rules: [{apiGroups: [coordination.k8s.io], resources: [leases], verbs: ["*"]}]
        """);
    ns.apply(
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: leases}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: leases}
        subjects: [{kind: ServiceAccount, name: pawl, namespace: pawl-system}]
        """);
    return cluster
        .launcher()
        .start(name, Map.of("PAWL_NAMESPACE", ns.name(), "PAWL_WATCH_NAMESPACES", ns.name()));
  }

  private static OperatorProcess start(
      Cluster cluster, String name, TestNamespace own, TestNamespace watched) {
    var process =
        cluster
            .launcher()
            .start(
                name,
                Map.of("PAWL_NAMESPACE", own.name(), "PAWL_WATCH_NAMESPACES", watched.name()));
    Await.until(name + " to lead", SOON, process::leads, () -> process.log(40));
    return process;
  }

  private static void awaitWork(TestNamespace ns, String step) {
    ns.await(
        "log",
        "its step " + step + " to be at work",
        SOON,
        m -> m.step(step).filter(s -> s.phase().equals("Applying")).isPresent());
  }

  private static Migration awaitTold(TestNamespace ns) {
    return ns.await(
        "log",
        "to say who holds the stream",
        SOON,
        m -> m.condition("Ready").filter(c -> c.reason().equals("LeaseHeld")).isPresent());
  }

  @Test
  void oneWorksAndTheOtherSaysWhoSinceWhenAndHowToTakeOver(TestNamespace ns, Cluster cluster) {
    cluster.operator().stop();
    var too = ns.sibling();
    try (var hold = ns.database().holdCalls();
        var first = install(cluster, ns, "first");
        var second = install(cluster, too, "second")) {
      ns.migrate("log", "14", steps(14, 2));
      awaitWork(ns, "2#1");
      too.migrate("log", "14", steps(14, 2));

      var told = awaitTold(too).condition("Ready").orElseThrow();
      assertThat(told.message())
          .contains("first-", "/" + ns.name() + "/log is applying stream log")
          .contains(" since 20", "its lease ends by itself at 20", "pawl unlock --stream log");
      assertThat(told.status()).isEqualTo("False");
      assertThat(too.openThrough("log")).as("its gate").isEmpty();

      hold.close();
      ns.awaitReady("log");
      too.awaitReady("log");
      assertThat(first.isAlive() && second.isAlive()).isTrue();
      assertThat(ns.database().value("SELECT count(DISTINCT n) || '/' || count(*) FROM log"))
          .as("each step once")
          .isEqualTo("13/13");
      assertThat(ns.database().column("SELECT DISTINCT attempts FROM pawl.step"))
          .containsExactly("1");
      assertThat(too.openThrough("log")).contains("14");
    }
  }

  @Test
  void lockFreesItselfWhenItsHolderHasDied(TestNamespace ns, Cluster cluster) {
    cluster.operator().stop();
    var too = ns.sibling();
    try (var hold = ns.database().holdCalls();
        var first = install(cluster, ns, "first");
        var second = install(cluster, too, "second")) {
      ns.migrate("log", "6", steps(6, 3));
      awaitWork(ns, "3#1");
      too.migrate("log", "6", steps(6, 3));
      awaitTold(too);
      var epoch = ns.database().value("SELECT epoch FROM pawl.lease");

      first.kill();
      var died = System.nanoTime();
      Await.until(
          "another epoch",
          SOON,
          () -> !ns.database().value("SELECT epoch FROM pawl.lease").equals(epoch),
          () -> second.log(40));
      var took = Duration.ofNanos(System.nanoTime() - died);
      System.out.printf("the lock was free %.1f s after kill -9%n", took.toMillis() / 1000.0);
      assertThat(took).as("until the lock was another's").isLessThan(FREES_ITSELF);

      hold.close();
      too.awaitReady("log");
      assertThat(ns.database().column("SELECT n FROM log ORDER BY n"))
          .containsExactly("2", "3", "4", "5", "6");
    }
  }

  @Test
  void ofTwoForOneNamespaceTheEarlierEndsAndSaysWhy(TestNamespace ns, Cluster cluster) {
    cluster.operator().stop();
    try (var hold = ns.database().holdCalls();
        var first = install(cluster, ns, "first")) {
      ns.migrate("log", "14", steps(14, 3));
      awaitWork(ns, "3#1");
      var term = ns.migration("log").orElseThrow().term();
      var elsewhere = ns.sibling(); // where the other's Lease is
      try (var second = installBeside(cluster, ns, elsewhere)) {
        ns.await("log", "to be written by the later one", SOON, m -> m.term() > term);
        hold.close(); // so that the earlier one has something to write
        assertThat(first.awaitEnd(SOON)).as("the earlier one ends").isTrue();
        assertThat(first.log(20)).contains("a leader of a later term has written this");
        ns.awaitReady("log");
        assertThat(second.isAlive()).isTrue();
      }
      assertThat(ns.database().value("SELECT count(DISTINCT n) || '/' || count(*) FROM log"))
          .as("each step once")
          .isEqualTo("13/13");
    }
  }

  /** Another release by mistake: it watches the same namespace and has a Lease of its own. */
  private static OperatorProcess installBeside(
      Cluster cluster, TestNamespace watched, TestNamespace own) {
    install(cluster, own, "never-used").kill(); // for its rights
    return start(cluster, "beside", own, watched);
  }

  @Test
  void ofTwoMigrationsWithOneHistoryTheYoungerIsRefusedWithBothNames(
      TestNamespace ns, Cluster cluster) {
    cluster.operator().start();
    ns.migrate("log", "2", steps(2, 3), "  stream: history\n");
    ns.awaitReady("log");
    ns.migrate("log-again", "2", steps(2, 3), "  stream: history\n");
    var refused =
        ns.await(
            "log-again",
            "to be refused",
            SOON,
            m -> m.condition("Stalled").filter(c -> c.status().equals("True")).isPresent());
    assertThat(refused.condition("Stalled").orElseThrow().reason()).isEqualTo("DuplicateStream");
    assertThat(refused.condition("Stalled").orElseThrow().message())
        .contains(ns.name() + "/log-again and " + ns.name() + "/log have the stream history");
    assertThat(ns.openThrough("log-again")).isEmpty();
    assertThat(ns.migration("log").orElseThrow().ready()).isTrue();
  }
}
