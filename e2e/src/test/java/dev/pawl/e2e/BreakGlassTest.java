package dev.pawl.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.e2e.harness.PawlTest;
import dev.pawl.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A person opens a gate by hand: those who may, up to a version, and everybody sees who it was. */
@PawlTest
class BreakGlassTest {
  private static final Duration SOON = Duration.ofSeconds(120);

  private static final String PERMISSION =
      """
      apiVersion: rbac.authorization.k8s.io/v1
      kind: RoleBinding
      metadata: {name: may-break-glass}
      roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: pawl-break-glass}
      subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: alice}]
      """;

  private static String pod(String version) {
    return """
    apiVersion: v1
    kind: Pod
    metadata:
      name: needs-%s
      labels: {app: needs-%s}
      annotations: {requires.pawl.dev/orders: "%s"}
    spec:
      containers: [{name: app, image: pawl.test/app:1, imagePullPolicy: Never}]
    """
        .formatted(version, version, version);
  }

  private static KubernetesClient as(String user, TestNamespace ns) {
    var config =
        new ConfigBuilder(ns.client().getConfiguration()).withImpersonateUsername(user).build();
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  private static void breakGlass(String user, TestNamespace ns, String version) {
    try (var client = as(user, ns)) {
      client
          .genericKubernetesResources("pawl.dev/v1alpha1", "SchemaGate")
          .inNamespace(ns.name())
          .withName("gate")
          .patch(
              PatchContext.of(PatchType.JSON_MERGE),
              "{\"spec\":{\"breakGlass\":{\"orders\":\"" + version + "\"}}}");
    }
  }

  private static boolean held(TestNamespace ns, String app) {
    return ns.pods(app).size() == 1 && ns.pods(app).stream().allMatch(TestNamespace::held);
  }

  @Test
  void personWhoMayOpensTheGateUpToAVersionAndAnEventNamesThatPerson(TestNamespace ns) {
    ns.migrate(
        "orders", "1", Map.of("0001_create.sql", "CREATE TABLE orders (id bigint PRIMARY KEY);"));
    ns.awaitReady("orders");
    ns.apply(PERMISSION);
    ns.apply(pod("2"));
    ns.apply(pod("3"));
    assertThat(held(ns, "needs-2")).isTrue();

    assertThatThrownBy(() -> breakGlass("mallory", ns, "3"))
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining("mallory")
        .hasMessageContaining("schemagates");
    breakGlass("alice", ns, "2");

    ns.await(
        "the pod that needs 2 to be let through",
        SOON,
        n -> n.pods("needs-2").stream().noneMatch(TestNamespace::held));
    ns.stays("the pod that needs 3 is held", Duration.ofSeconds(2), n -> held(n, "needs-3"));
    ns.await(
        "an Event that names alice",
        SOON,
        n ->
            n.client().v1().events().inNamespace(n.name()).list().getItems().stream()
                .anyMatch(
                    e ->
                        e.getReason().equals("GlassBroken")
                            && e.getMessage().contains("alice")
                            && e.getMessage().contains("version 2")));
    // What people let through is not what is verified.
    assertThat(ns.openThrough("orders")).contains("1");
  }
}
