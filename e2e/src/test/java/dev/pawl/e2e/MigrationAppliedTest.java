package dev.pawl.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.e2e.harness.Migration;
import dev.pawl.e2e.harness.PawlTest;
import dev.pawl.e2e.harness.TestNamespace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The main job: what a SchemaMigration asks for is applied, in order, and verified. */
@PawlTest
class MigrationAppliedTest {
  private static final List<String> ORDER =
      List.of("Pending", "Applying", "Applied", "Verifying", "Verified");

  private static Map<String, String> files() {
    var files = new LinkedHashMap<String, String>();
    files.put(
        "0001_create_orders.sql",
        """
        CREATE TABLE orders (id bigint PRIMARY KEY, customer text NOT NULL);
        INSERT INTO orders SELECT n, 'customer ' || n % 1000 FROM generate_series(1, 20000) n;
        """);
    files.put("0002_add_email.sql", "ALTER TABLE orders ADD COLUMN email text;");
    files.put(
        "0003_index_customer.sql",
        "CREATE INDEX CONCURRENTLY orders_customer ON orders (customer);");
    files.put(
        "0004_check.sql",
        """
        ALTER TABLE orders ADD CONSTRAINT customer_named CHECK (customer <> '') NOT VALID;
        ALTER TABLE orders VALIDATE CONSTRAINT customer_named;
        """);
    files.put("0005_view.sql", "CREATE VIEW customers AS SELECT DISTINCT customer FROM orders;");
    return files;
  }

  @Test
  void everyStepIsAppliedInOrderAndVerified(TestNamespace ns) {
    try (var recording = ns.record("orders")) {
      ns.migrate("orders", "5", files());
      var done = ns.awaitReady("orders");

      assertThat(done.phase()).contains("Verified");
      assertThat(done.step()).contains("5/5");
      assertThat(done.steps())
          .hasSize(5)
          .allSatisfy(
              step -> {
                assertThat(step.phase()).isEqualTo("Verified");
                assertThat(step.verifiedAt()).isPresent();
                assertThat(step.attempts()).isEqualTo(1);
              });
      assertThat(done.condition("Stalled").map(Migration.Condition::status))
          .isNotEqualTo(java.util.Optional.of("True"));
      assertNextStepNeverBeganBeforeThisWasVerified(recording.seen());
      assertThat(recording.phases())
          .allSatisfy((step, phases) -> assertThat(ORDER).containsSubsequence(phases));
    }
    assertThat(ns.database().value("SELECT count(*) FROM customers")).isEqualTo("1000");
    assertThat(
            ns.database()
                .value(
                    "SELECT indisvalid FROM pg_index WHERE indexrelid ="
                        + " 'orders_customer'::regclass"))
        .isEqualTo("t");
    assertThat(
            ns.database()
                .value("SELECT convalidated FROM pg_constraint WHERE conname = 'customer_named'"))
        .isEqualTo("t");
    assertThat(ns.openThrough("orders")).contains("5");
  }

  /** A later step may have begun only when every earlier one is verified, in whatever is shown. */
  private static void assertNextStepNeverBeganBeforeThisWasVerified(List<Migration> seen) {
    assertThat(seen).isNotEmpty();
    for (var migration : seen) {
      var begun = false;
      for (var step : migration.steps().reversed()) {
        if (begun) {
          assertThat(step.phase())
              .as("%s in %s", step.id(), migration.steps())
              .isEqualTo("Verified");
        }
        begun |= !step.phase().equals("Pending");
      }
    }
  }

  @Test
  void onlyTheVersionAskedForIsAppliedAndALaterOneWhenItIsAskedFor(TestNamespace ns) {
    ns.migrate("orders", "2", files());
    assertThat(ns.awaitReady("orders").step()).contains("2/2");
    assertThat(ns.database().value("SELECT to_regclass('orders_customer')")).isNull();
    assertThat(ns.openThrough("orders")).contains("2");

    ns.version("orders", "5");
    var done =
        ns.await(
            "orders",
            "Ready at 5/5",
            java.time.Duration.ofSeconds(120),
            m -> m.ready() && m.step().equals(java.util.Optional.of("5/5")));
    assertThat(done.step("1#1").orElseThrow().attempts()).isEqualTo(1);
    assertThat(ns.openThrough("orders")).contains("5");
  }

  @Test
  void migrationsAreReadFromConfigMaps(TestNamespace ns) {
    ns.apply(
        """
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: first
          labels: {pawl.dev/source: "true"}
        data:
          0001_create.sql: CREATE TABLE notes (id int PRIMARY KEY);
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: second
          labels: {pawl.dev/source: "true"}
        data:
          0002_add_text.sql: ALTER TABLE notes ADD COLUMN text text;
        """);
    ns.apply(
        """
        apiVersion: pawl.dev/v1alpha1
        kind: SchemaMigration
        metadata: {name: notes}
        spec:
          version: "2"
          database: {url: %s, passwordSecret: {name: %s}}
          source: {configMaps: [{name: first}, {name: second}]}
        """
            .formatted(ns.database().url(), TestNamespace.SECRET));

    assertThat(ns.awaitReady("notes").step()).contains("2/2");
    assertThat(
            ns.database()
                .column(
                    "SELECT column_name FROM information_schema.columns WHERE table_name = 'notes'"
                        + " ORDER BY ordinal_position"))
        .containsExactly("id", "text");
  }
}
