package dev.pawl.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.e2e.harness.Migration;
import dev.pawl.e2e.harness.PawlTest;
import dev.pawl.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * What keeps Pawl from its database is said in a sentence, and it goes on when that is put right.
 */
@PawlTest
class DatabaseOutOfReachTest {
  private static final Duration SOON = Duration.ofSeconds(120);

  private static String manifest(TestNamespace ns, String url, String secret) {
    return """
    apiVersion: pawl.dev/v1alpha1
    kind: SchemaMigration
    metadata: {name: notes}
    spec:
      version: "1"
      database: {url: "%s", passwordSecret: {name: %s}}
      source:
        inline:
          0001_notes.sql: CREATE TABLE notes (id int PRIMARY KEY);
          0002_text.sql: ALTER TABLE notes ADD COLUMN text text;
      policy: {retries: {initialBackoff: 500ms, maxBackoff: 2s}}
    """
        .formatted(url, secret);
  }

  /** Waits until it says so, and checks that it says it as something that may pass. */
  private static void waitsSaying(TestNamespace ns, String... words) {
    var waiting =
        ns.await(
            "notes",
            "not Ready, because of " + String.join(" ", words),
            SOON,
            m ->
                m.condition("Ready")
                    .filter(c -> c.status().equals("False"))
                    .filter(c -> java.util.stream.Stream.of(words).allMatch(c.message()::contains))
                    .isPresent());
    assertThat(waiting.condition("Ready").orElseThrow().message())
        .doesNotContain("Exception", "\tat ", ns.database().password());
    assertThat(waiting.condition("Stalled").map(Migration.Condition::status).orElse("False"))
        .isEqualTo("False");
    assertThat(waiting.condition("Reconciling").orElseThrow().status()).isEqualTo("True");
  }

  @Test
  void missingSecretIsNamedAndWaitedFor(TestNamespace ns) {
    ns.apply(manifest(ns, ns.database().url(), "not-yet"));
    waitsSaying(ns, "not-yet");

    ns.apply(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: not-yet}
        stringData: {password: '%s'}
        """
            .formatted(ns.database().password()));
    ns.awaitReady("notes");
  }

  @Test
  void refusedConnectionNamesTheAddress(TestNamespace ns) {
    ns.apply(manifest(ns, ns.database().urlWithPort(1), TestNamespace.SECRET));
    waitsSaying(ns, ":1");

    ns.apply(manifest(ns, ns.database().url(), TestNamespace.SECRET));
    ns.awaitReady("notes");
  }

  @Test
  void wrongPasswordNamesTheUserAndTheRightOneIsPickedUp(TestNamespace ns) {
    ns.password("wrong");
    ns.apply(manifest(ns, ns.database().url(), TestNamespace.SECRET));
    waitsSaying(ns, ns.database().name());

    ns.password(ns.database().password());
    ns.awaitReady("notes");
  }

  @Test
  void passwordThatIsRotatedLaterIsPickedUpForTheNextVersion(TestNamespace ns) {
    ns.apply(manifest(ns, ns.database().url(), TestNamespace.SECRET));
    ns.awaitReady("notes");

    ns.database().executeOnServer("ALTER ROLE \"" + ns.database().name() + "\" PASSWORD 'another'");
    ns.password("another");
    ns.client()
        .genericKubernetesResources("pawl.dev/v1alpha1", "SchemaMigration")
        .inNamespace(ns.name())
        .withName("notes")
        .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"version\":\"2\"}}");
    assertThat(
            ns.await(
                    "notes",
                    "Ready at 2/2",
                    SOON,
                    m -> m.ready() && m.step().equals(java.util.Optional.of("2/2")))
                .steps())
        .hasSize(2);
  }

  @Test
  void serverThatComesBackIsFoundAgain(TestNamespace ns) {
    // The role may not connect at all, and then it may: as after a fail-over or a maintenance.
    var database = "\"" + ns.database().name() + "\"";
    ns.database().executeOnServer("ALTER DATABASE " + database + " ALLOW_CONNECTIONS false");
    ns.apply(manifest(ns, ns.database().url(), TestNamespace.SECRET));
    waitsSaying(ns, ns.database().name());

    ns.database().executeOnServer("ALTER DATABASE " + database + " ALLOW_CONNECTIONS true");
    ns.awaitReady("notes");
    assertThat(ns.database().value("SELECT to_regclass('notes')")).isEqualTo("notes");
  }
}
