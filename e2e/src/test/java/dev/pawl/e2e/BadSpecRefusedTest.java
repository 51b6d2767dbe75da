package dev.pawl.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.e2e.harness.PawlTest;
import dev.pawl.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The API server refuses what cannot work, with a sentence that says what to write instead. */
@PawlTest
class BadSpecRefusedTest {
  private static String manifest(String name, String version, String database, String source) {
    return """
    apiVersion: pawl.dev/v1alpha1
    kind: SchemaMigration
    metadata: {name: %s}
    spec:
      version: "%s"
      database: {%s}
      source: {%s}
    """
        .formatted(name, version, database, source);
  }

  @ParameterizedTest(name = "{4}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          orders    | 7x     | url: "postgres://u@h:5432/d" | inline: {0001_a.sql: "SELECT 1"} | is not a version: write one to four dotted numbers
          orders    | 1.2.3.4.5 | url: "postgres://u@h:5432/d" | inline: {0001_a.sql: "SELECT 1"} | is not a version: write one to four dotted numbers
          orders    | 1      | url: "postgres://u@h:5432/d", host: h | inline: {0001_a.sql: "SELECT 1"} | spec.database needs either url or host, not both
          orders    | 1      | host: h, user: u             | inline: {0001_a.sql: "SELECT 1"} | spec.database has a host but no name: add name
          orders    | 1      | url: "mysql://u@h:3306/d"    | inline: {0001_a.sql: "SELECT 1"} | must start with postgres:// or postgresql://
          orders    | 1      | url: "postgres://u:secret@h:5432/d" | inline: {0001_a.sql: "SELECT 1"} | must not contain a password
          orders    | 1      | url: "postgres://h:5432/d"   | inline: {0001_a.sql: "SELECT 1"} | spec.database must say once who connects
          orders    | 1      | url: "postgres://u@h:5432/d" | ``                               | spec.source is empty: add inline
          orders    | 1      | url: "postgres://u@h:5432/d" | inline: {0001_a.txt: "SELECT 1"} | the names in spec.source.inline end with .sql
          orders.db | 1      | url: "postgres://u@h:5432/d" | inline: {0001_a.sql: "SELECT 1"} | at most 63 characters and no dots
          """)
  void saysWhatToWriteInstead(
      String name,
      String version,
      String database,
      String source,
      String sentence,
      TestNamespace ns) {
    assertThatThrownBy(() -> ns.apply(manifest(name, version, database, source)))
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining(sentence);
    assertThat(ns.migration(name)).isEmpty();
  }

  @Test
  void passwordInAUrlIsNotRepeatedInTheAnswer(TestNamespace ns) {
    assertThatThrownBy(
            () ->
                ns.apply(
                    manifest(
                        "orders",
                        "1",
                        "url: \"postgres://u:hunter2@h:5432/d\"",
                        "inline: {0001_a.sql: \"SELECT 1\"}")))
        .hasMessageContaining("must not contain a password")
        .hasMessageNotContaining("hunter2");
  }
}
