package dev.pawl.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.e2e.harness.Operator;
import dev.pawl.e2e.harness.PawlTest;
import dev.pawl.e2e.harness.TestNamespace;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The gate needs no operator to hold, and none to let through what is verified. */
@PawlTest
class OperatorUnavailableTest {
  private static final Duration SOON = Duration.ofSeconds(120);

  private static void migrate(TestNamespace ns, String version) {
    ns.migrate(
        "orders",
        version,
        Map.of(
            "0001_create.sql", "CREATE TABLE orders (id bigint PRIMARY KEY);",
            "0002_add_email.sql", "ALTER TABLE orders ADD COLUMN email text;"));
  }

  private static long serving(TestNamespace ns, String app) {
    return ns.pods(app).stream().filter(TestNamespace::ready).count();
  }

  @Test
  void withoutOperatorOldPodsComeBackAndNewOnesStayHeld(TestNamespace ns, Operator operator) {
    migrate(ns, "1");
    ns.awaitReady("orders");
    ns.apply(Workload.deployment("old", "orders", "1"));
    ns.await("the old revision to serve", SOON, n -> serving(n, "old") == 2);

    operator.stop();
    migrate(ns, "2");
    ns.apply(Workload.deployment("old", "orders", "2"));
    ns.apply(Workload.pod("new", "orders", "2"));
    var lost = ns.pods("old").getFirst();
    ns.client().resource(lost).delete();

    ns.await(
        "another pod of the old revision in its place",
        SOON,
        n ->
            serving(n, "old") == 2
                && n.pods("old").stream()
                    .noneMatch(p -> TestNamespace.uid(p).equals(TestNamespace.uid(lost))));
    ns.stays(
        "the old revision serves and what requires 2 is held",
        Duration.ofSeconds(4),
        n ->
            serving(n, "old") == 2
                && n.pods("old").stream().allMatch(OperatorUnavailableTest::isFirstRevision)
                && n.pods("new").stream().allMatch(TestNamespace::held));

    operator.start();
    ns.awaitReady("orders");
    ns.await("the held pod to serve", SOON, n -> serving(n, "new") == 1);
    ns.await(
        "the new revision to serve",
        SOON,
        n ->
            n.pods("old").size() == 2
                && serving(n, "old") == 2
                && n.pods("old").stream().noneMatch(OperatorUnavailableTest::isFirstRevision));
    assertThat(ns.openThrough("orders")).contains("2");
  }

  private static boolean isFirstRevision(io.fabric8.kubernetes.api.model.Pod pod) {
    return "1".equals(pod.getMetadata().getAnnotations().get("requires.pawl.dev/orders"));
  }
}
