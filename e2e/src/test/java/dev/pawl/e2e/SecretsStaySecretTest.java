package dev.pawl.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.e2e.harness.PawlTest;
import dev.pawl.e2e.harness.SecretSearch;
import dev.pawl.e2e.harness.TestNamespace;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * After all other tests: no password, no token that they used is to be read in any log, status,
 * Event, metric or command line.
 */
@PawlTest
@Order(Integer.MAX_VALUE)
class SecretsStaySecretTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  @Test
  void nothingThatOnlyASecretMayHoldIsFoundElsewhere(TestNamespace ns, SecretSearch search) {
    // What is most likely to say too much: a password that is refused, a server that is not there.
    ns.migrate("notes", "1", Map.of("0001_notes.sql", "CREATE TABLE notes (id int);"));
    ns.awaitReady("notes");
    var right = ns.database().password();
    ns.password(right + "x");
    ns.migrate("refused", "1", Map.of("0001_x.sql", "SELECT 1;"));
    ns.await("refused", "refused", SOON, m -> says(m.condition("Ready"), "password"));
    ns.apply(
        ns.migrationYaml("away", "1", Map.of("0001_x.sql", "SELECT 1;"), "")
            .replace(ns.database().url(), ns.database().urlWithPort(1)));
    ns.await("away", "not reached", SOON, m -> says(m.condition("Ready"), "cannot be reached"));

    var found = search.everywhere();
    System.out.println(search.summary());
    assertThat(found).as(search.summary()).isEmpty();
  }

  private static boolean says(
      java.util.Optional<dev.pawl.e2e.harness.Migration.Condition> condition, String words) {
    return condition.filter(c -> c.message().contains(words)).isPresent();
  }

  @Test
  void whatIsLeakedIsFoundInEveryFormAndPlace(TestNamespace ns, SecretSearch search)
      throws Exception {
    var value = "planted " + UUID.randomUUID() + "/+%";
    var inAConfigMap =
        Map.of(
            "plain",
            value,
            "base64",
            Base64.getEncoder().encodeToString(("postgres:" + value + "@x").getBytes(UTF_8)),
            "url",
            "postgres://u:" + URLEncoder.encode(value, UTF_8) + "@h/d");
    for (var form : inAConfigMap.entrySet()) {
      ns.apply(configMap(form.getValue()));
      assertThat(search.forPlanted(value).everywhere()).as(form.getKey()).isNotEmpty();
    }
    ns.apply(configMap("nothing"));
    assertThat(search.forPlanted(value).everywhere()).isEmpty();

    ns.migrate("notes", "1", Map.of("0001_x.sql", "DO $$BEGIN RAISE '%', '" + value + "'; END$$;"));
    ns.await("notes", "failed", SOON, m -> says(m.condition("Ready"), value));
    assertThat(search.forPlanted(value).everywhere().toString())
        .contains("all namespaces", "operator");

    var other = "planted-" + UUID.randomUUID();
    var process = new ProcessBuilder("sh", "-c", "sleep 120; : " + other).start();
    try {
      assertThat(search.forPlanted(other).everywhere().toString()).contains("command line");
    } finally {
      process.destroyForcibly();
    }
  }

  private static String configMap(String value) {
    return """
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: leak}
    data: {value: '%s'}
    """
        .formatted(value);
  }
}
