package dev.pawl.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.e2e.harness.Migration;
import dev.pawl.e2e.harness.PawlTest;
import dev.pawl.e2e.harness.Postgres;
import dev.pawl.e2e.harness.TestNamespace;
import dev.pawl.engine.testing.ReplicatedServer;
import dev.pawl.engine.testing.ReplicatedServer.Replication;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * The database fails over to a streaming replica while everything is at rest: what was verified may
 * be lost with the old primary's last commits.
 */
@PawlTest
class FailoverTest {
  private static final Duration SOON = Duration.ofSeconds(90);

  /** Version 2 of a schema in a database that anybody may enter. */
  private static void migrate(TestNamespace ns, ReplicatedServer servers, String version) {
    ns.apply(
        """
        apiVersion: pawl.dev/v1alpha1
        kind: SchemaMigration
        metadata: {name: orders}
        spec:
          version: "%s"
          database: {url: "postgres://postgres@%s:%d/postgres", passwordSecret: {name: %s}}
          source:
            inline:
              0001_create.sql: CREATE TABLE orders (id bigint PRIMARY KEY);
              0002_add_email.sql: ALTER TABLE orders ADD COLUMN email text;
          policy: {retries: {initialBackoff: 200ms, maxBackoff: 1s}}
        """
            .formatted(
                version,
                URI.create(ns.database().url()).getHost(), // where the operator finds this machine
                servers.port(),
                TestNamespace.SECRET));
  }

  private static boolean serves(TestNamespace ns, String pod) {
    return ns.pods(pod).size() == 1 && ns.pods(pod).stream().allMatch(TestNamespace::ready);
  }

  @Test
  void gateIsClosedUntilWhatWasLostIsAppliedOnTheNewPrimary(TestNamespace ns) throws Exception {
    try (var servers = ReplicatedServer.start(Replication.ASYNCHRONOUS, Postgres.programs())) {
      migrate(ns, servers, "1");
      ns.awaitReady("orders");
      servers.catchUp();
      servers.lag();
      migrate(ns, servers, "2");
      ns.awaitReady("orders");
      assertThat(ns.openThrough("orders")).contains("2");
      ns.apply(Workload.pod("old", "orders", "2"));
      ns.await("the old pod to serve", SOON, n -> serves(n, "old"));

      try (var reader = servers.failOverHolding("SELECT FROM orders")) {
        ns.await(
            "the gate to be closed for 2",
            SOON,
            n -> n.openThrough("orders").filter("2"::equals).isEmpty());
        ns.apply(Workload.pod("new", "orders", "2"));
        ns.await("the new pod", SOON, n -> n.pods("new").size() == 1);
        ns.stays(
            "new pods are held, and those that there are serve",
            Duration.ofSeconds(4),
            n ->
                n.pods("new").stream().allMatch(TestNamespace::held)
                    && serves(n, "old")
                    && !n.migration("orders").orElseThrow().ready());
        assertThat(ns.events("SchemaMigration", "orders").get("FailedOver"))
            .contains("/00000001", "/00000002", "new pods are held");
      }
      ns.await("orders", "Ready again", SOON, Migration::ready);
      ns.await("the new pod to serve", SOON, n -> serves(n, "new"));
      assertThat(ns.openThrough("orders")).contains("2");
      assertThat(servers.query("SELECT email FROM orders")).isEmpty();
    }
  }

  @Test
  void nothingIsExecutedAgainWhereCommitsWaitForTheReplica(TestNamespace ns) throws Exception {
    try (var servers = ReplicatedServer.start(Replication.SYNCHRONOUS, Postgres.programs())) {
      migrate(ns, servers, "2");
      ns.awaitReady("orders");
      var steps = "SELECT version, attempts, verified_at, epoch FROM pawl.step ORDER BY version";
      var before = servers.query(steps);

      servers.failOver();
      servers.await("SELECT 1 FROM pawl.stream WHERE identity LIKE '%/00000002'");
      ns.await("orders", "Ready again", SOON, Migration::ready);
      ns.await(
          "the gate to be open again", SOON, n -> n.openThrough("orders").equals(Optional.of("2")));
      assertThat(servers.query(steps)).isEqualTo(before);
      assertThat(ns.events("SchemaMigration", "orders")).containsKey("FailedOver");
    }
  }
}
