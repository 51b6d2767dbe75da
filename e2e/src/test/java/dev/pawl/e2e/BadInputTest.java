package dev.pawl.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.e2e.harness.Migration;
import dev.pawl.e2e.harness.Operator;
import dev.pawl.e2e.harness.PawlTest;
import dev.pawl.e2e.harness.TestNamespace;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What people may hand in that is not what it should be: a sentence in the status, and no operator
 * that ends or fails over it. What the API server itself refuses is in BadSpecRefusedTest.
 */
@PawlTest
class BadInputTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String CREATE = "CREATE TABLE t (a int);\n";

  private static String migration(TestNamespace ns, String name, String url, String source) {
    return """
    apiVersion: pawl.dev/v1alpha1
    kind: SchemaMigration
    metadata: {name: %s}
    spec:
      version: "1"
      database: {url: "%s", passwordSecret: {name: %s}}
      source: {%s}
    """
        .formatted(name, url, TestNamespace.SECRET, source);
  }

  @Test
  void eachIsRefusedInASentenceAndTheOperatorGoesOn(TestNamespace ns, Operator operator) {
    var leader = operator.leadingProcess();
    var url = ns.database().url();
    var good = "inline: {0001_a.sql: SELECT 1}";
    ns.apply(
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: binary}
        binaryData: {0001_a.sql: U0VMRUNUIC8v/w==}
        """);
    var refused = new LinkedHashMap<String, String>();
    ns.apply(migration(ns, "percent", url.replace("@", "%zz@"), good));
    refused.put("percent", "spec.database.url cannot be read");
    ns.apply(migration(ns, "nul-in-url", url + "%00", good));
    refused.put("nul-in-url", "spec.database.url cannot be read");
    ns.apply(migration(ns, "binary", url, "configMaps: [{name: binary}]"));
    refused.put("binary", "0001_a.sql is in the binaryData");
    ns.apply(migration(ns, "nul", url, "inline: {0001_a.sql: \"SELECT 1;\\n\\0\"}"));
    refused.put("nul", "0001_a.sql:2:1: a NUL character");
    ns.apply(migration(ns, "open", url, "inline: {0001_a.sql: \"SELECT '\"}"));
    refused.put("open", "0001_a.sql:1:8: this string never ends");
    ns.apply(migration(ns, "way", url, "inline: {../0001_a.sql: SELECT 1, 0001_a.sql: SELECT 1}"));
    refused.put("way", "is named by a way to it");
    ns.apply(
        migration(ns, "hidden", url, "inline: {\"0001_\\u202ea.sql\": x, 0001_a.sql: SELECT 1}"));
    refused.put("hidden", "has a character in its name that cannot be seen");
    refused.forEach(
        (name, sentence) -> {
          var seen = ns.await(name, "refused: " + sentence, SOON, m -> says(m, sentence));
          assertThat(seen.condition("Ready").orElseThrow().message())
              .doesNotContain("Exception", "\tat ", ns.database().password());
        });

    ns.migrate("good", "1", Map.of("0001_t.sql", CREATE));
    ns.awaitReady("good");
    assertThat(operator.leadingProcess()).as("the leader is the same").isEqualTo(leader);
    assertThat(operator.log(1000)).doesNotContain("\tat dev.pawl");
  }

  private static boolean says(Migration migration, String sentence) {
    return migration
        .condition("Ready")
        .filter(c -> c.status().equals("False") && c.message().contains(sentence))
        .isPresent();
  }

  @Test
  void hostileNamesAreNamesAndNothingElse(TestNamespace ns) {
    ns.database().execute("CREATE TABLE canary (a int)", "INSERT INTO canary VALUES (1)");
    ns.migrate(
        "hostile",
        "2",
        Map.of(
            "0001_t.sql",
            "CREATE TABLE \"\"\"; DROP TABLE canary; --\" (\"'; DROP TABLE canary; --\" int);",
            "0002_i.sql",
            "CREATE INDEX CONCURRENTLY \"$$; DROP TABLE canary; --\\\" ON"
                + " \"\"\"; DROP TABLE canary; --\" (\"'; DROP TABLE canary; --\");"));
    ns.awaitReady("hostile");
    assertThat(ns.database().column("SELECT a FROM canary")).containsExactly("1");
    assertThat(ns.database().column("SELECT count(*) FROM pg_indexes WHERE indexdef LIKE '%DROP%'"))
        .containsExactly("1");
  }
}
