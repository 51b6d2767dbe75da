package dev.pawl.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.e2e.harness.Database;
import dev.pawl.e2e.harness.PawlTest;
import dev.pawl.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * A workload that requires a version starts no new pod before that version is verified, and loses
 * none of its old pods meanwhile.
 */
@PawlTest
class GateHoldsWorkloadsTest {
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(4);
  private static final Duration SOON = Duration.ofSeconds(120);

  /** Applies version 1, and asks for 2, which cannot be applied before the hold is closed. */
  private static Database.Hold stuckOnVersionTwo(TestNamespace ns) {
    migrate(ns, "1");
    ns.awaitReady("orders");
    var hold = ns.database().hold("orders");
    migrate(ns, "2");
    return hold;
  }

  private static void migrate(TestNamespace ns, String version) {
    ns.migrate(
        "orders",
        version,
        Map.of(
            "0001_create.sql", "CREATE TABLE orders (id bigint PRIMARY KEY);",
            "0002_add_email.sql", "ALTER TABLE orders ADD COLUMN email text;"),
        "  policy: {retries: {initialBackoff: 200ms, maxBackoff: 500ms}}\n");
  }

  private static Set<String> uids(List<Pod> pods) {
    return pods.stream().map(TestNamespace::uid).collect(Collectors.toSet());
  }

  private static Predicate<Pod> ofRevision(String version) {
    return pod ->
        pod.getSpec().getContainers().getFirst().getEnv().stream()
            .anyMatch(e -> e.getName().equals("REVISION") && e.getValue().equals(version));
  }

  private static Predicate<TestNamespace> allServe(int pods, String version) {
    return ns ->
        ns.pods("web").size() == pods
            && ns.pods("web").stream().allMatch(ofRevision(version).and(TestNamespace::ready));
  }

  /** The same for every kind that has old pods: they serve until the new ones may start. */
  private static void holdsTheRolloutAndThenReleasesIt(
      TestNamespace ns, int pods, String first, String second) {
    try (var _ = stuckOnVersionTwo(ns)) {
      ns.applyClientSide(first);
      ns.await("the first revision to serve", SOON, allServe(pods, "1"));
      var old = uids(ns.pods("web"));

      ns.applyClientSide(second);
      ns.stays(
          "every old pod serves, and there is no other",
          LONG_ENOUGH,
          n ->
              uids(n.pods("web")).equals(old)
                  && n.pods("web").stream().allMatch(TestNamespace::ready));
      assertThat(ns.openThrough("orders")).contains("1");
      assertThat(ns.diff(second, false)).as("kubectl diff while held").isEmpty();
      // Applied again, as GitOps tools do all the time.
      ns.applyClientSide(second);
      ns.stays("it is still held", Duration.ofSeconds(2), n -> uids(n.pods("web")).equals(old));
    }
    ns.awaitReady("orders");
    ns.await("the second revision to serve", SOON, allServe(pods, "2"));
    assertThat(ns.diff(second, false)).as("kubectl diff when released").isEmpty();
  }

  @Test
  void deploymentIsHeldAndThenReleased(TestNamespace ns) {
    holdsTheRolloutAndThenReleasesIt(
        ns,
        2,
        Workload.deployment("web", "orders", "1"),
        Workload.deployment("web", "orders", "2"));
    var deployment = ns.client().apps().deployments().inNamespace(ns.name()).withName("web").get();
    assertThat(deployment.getSpec().getPaused()).isNotEqualTo(true);
    assertThat(deployment.getMetadata().getLabels()).isNullOrEmpty();
    assertThat(deployment.getStatus().getConditions())
        .noneMatch(c -> "ProgressDeadlineExceeded".equals(c.getReason()));
  }

  @Test
  void statefulSetIsHeldAndThenReleased(TestNamespace ns) {
    holdsTheRolloutAndThenReleasesIt(
        ns,
        2,
        Workload.statefulSet("web", "orders", "1"),
        Workload.statefulSet("web", "orders", "2"));
    var set = ns.client().apps().statefulSets().inNamespace(ns.name()).withName("web").get();
    assertThat(set.getSpec().getUpdateStrategy().getRollingUpdate().getPartition()).isZero();
  }

  @Test
  void daemonSetIsHeldAndThenReleased(TestNamespace ns) {
    holdsTheRolloutAndThenReleasesIt(
        ns, 1, Workload.daemonSet("web", "orders", "1"), Workload.daemonSet("web", "orders", "2"));
    var set = ns.client().apps().daemonSets().inNamespace(ns.name()).withName("web").get();
    assertThat(set.getSpec().getUpdateStrategy().getType()).isEqualTo("RollingUpdate");
  }

  @Test
  void newDeploymentThatRequiresWhatIsNotVerifiedStartsNothing(TestNamespace ns) {
    try (var _ = stuckOnVersionTwo(ns)) {
      ns.apply(Workload.deployment("web", "orders", "2"));
      ns.stays(
          "no pod has a node",
          LONG_ENOUGH,
          n -> n.pods("web").stream().allMatch(TestNamespace::held));
    }
    ns.await("it serves", SOON, allServe(2, "2"));
  }

  @Test
  void podIsHeldAndScheduledSoonAfterTheVerification(TestNamespace ns) {
    try (var _ = stuckOnVersionTwo(ns)) {
      ns.apply(Workload.pod("web", "orders", "2"));
      ns.stays(
          "it is held",
          LONG_ENOUGH,
          n -> n.pods("web").size() == 1 && n.pods("web").stream().allMatch(TestNamespace::held));
    }
    var verified = ns.awaitReady("orders").step("2#1").flatMap(s -> s.verifiedAt()).orElseThrow();
    ns.await("it serves", SOON, allServe(1, "2"));
    var scheduled =
        ns.pods("web").getFirst().getStatus().getConditions().stream()
            .filter(c -> c.getType().equals("PodScheduled"))
            .map(c -> Instant.parse(c.getLastTransitionTime()))
            .findFirst()
            .orElseThrow();
    // Within two seconds, in whole ones of the API server's; the rest is for a busy machine.
    assertThat(
            Duration.between(
                verified.truncatedTo(java.time.temporal.ChronoUnit.SECONDS), scheduled))
        .isLessThanOrEqualTo(Duration.ofSeconds(2 + 8));
  }

  @Test
  void podThatRequiresWhatIsVerifiedIsNotHeld(TestNamespace ns) {
    migrate(ns, "1");
    ns.awaitReady("orders");
    ns.apply(Workload.pod("web", "orders", "1"));
    assertThat(ns.pods("web").getFirst().getSpec().getSchedulingGates()).isNullOrEmpty();
    ns.await("it serves", SOON, allServe(1, "1"));
  }

  @Test
  void jobIsHeldAndThenRunsToItsEnd(TestNamespace ns) {
    try (var _ = stuckOnVersionTwo(ns)) {
      ns.apply(Workload.job("web", "orders", "2"));
      ns.await("the Job's pod", SOON, n -> n.pods("web").size() == 1);
      ns.stays(
          "it is held", LONG_ENOUGH, n -> n.pods("web").stream().allMatch(TestNamespace::held));
    }
    ns.await("the Job to be done", SOON, n -> succeeded(n, "web"));
  }

  private static boolean succeeded(TestNamespace ns, String job) {
    var succeeded =
        ns.client()
            .batch()
            .v1()
            .jobs()
            .inNamespace(ns.name())
            .withName(job)
            .get()
            .getStatus()
            .getSucceeded();
    return succeeded != null && succeeded == 1;
  }

  @Test
  void cronJobIsHeldAndThenRunsToItsEnd(TestNamespace ns) {
    try (var _ = stuckOnVersionTwo(ns)) {
      ns.apply(Workload.cronJob("web", "orders", "2"));
      ns.await("the next minute's pod", Duration.ofSeconds(180), n -> n.pods("web").size() == 1);
      ns.stays(
          "it is held", LONG_ENOUGH, n -> n.pods("web").stream().allMatch(TestNamespace::held));
    }
    ns.await(
        "the pod to be done",
        SOON,
        n -> n.pods("web").stream().anyMatch(p -> p.getStatus().getPhase().equals("Succeeded")));
  }
}
