package dev.pawl.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.e2e.harness.Migration;
import dev.pawl.e2e.harness.PawlTest;
import dev.pawl.e2e.harness.TestNamespace;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A person stops a migration, and finds it in a state that can be told and gone on from. */
@PawlTest
class SuspendedAndCancelledTest {
  private static final Duration SOON = Duration.ofSeconds(120);
  private static final String BUILD_AT_WORK =
      "SELECT pid FROM pg_stat_activity WHERE query ILIKE 'CREATE INDEX CONCURRENTLY%'"
          + " AND state = 'active' AND pid <> pg_backend_pid()";

  /** Each step notes itself, from the third on when it may. */
  private static Map<String, String> slowSteps() {
    var files = new TreeMap<String, String>();
    files.put("0001_log.sql", "CREATE TABLE log (n int);");
    for (var n = 2; n <= 5; n++) {
      files.put(
          "%04d_note.sql".formatted(n),
          "INSERT INTO log SELECT %s;".formatted(n < 3 ? n : "held(" + n + ")"));
    }
    return files;
  }

  private static void items(TestNamespace ns) {
    ns.database()
        .execute(
            "CREATE TABLE items (id int PRIMARY KEY)",
            "INSERT INTO items SELECT generate_series(1, 1000)",
            """
            CREATE FUNCTION slow(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS
            'BEGIN PERFORM pg_sleep(0.03); RETURN $1; END'
            """);
  }

  private static boolean says(Migration m, String type, String status, String reason) {
    return m.condition(type)
        .filter(c -> c.status().equals(status) && c.reason().equals(reason))
        .isPresent();
  }

  @Test
  void suspendedItFinishesTheStepAtWorkAndBeginsNoOther(TestNamespace ns) {
    try (var hold = ns.database().holdCalls()) {
      ns.migrate("log", "5", slowSteps());
      ns.await(
          "log",
          "its third step to be at work",
          SOON,
          m -> m.step("3#1").filter(s -> s.phase().equals("Applying")).isPresent());
      ns.set("log", "suspend", true);
      ns.await(
          "log",
          "to be finishing its step",
          SOON,
          m -> says(m, "Reconciling", "True", "Suspending"));
    }
    var halted =
        ns.await(
            "log",
            "to be suspended",
            SOON,
            m -> says(m, "Ready", "False", "Suspended") && m.condition("Reconciling").isEmpty());
    assertThat(halted.step("3#1").orElseThrow().phase()).isEqualTo("Verified");
    assertThat(halted.step("4#1").orElseThrow().phase()).isEqualTo("Pending");
    var done = ns.database().column("SELECT n FROM log ORDER BY n");
    assertThat(done).containsExactly("2", "3");
    ns.stays(
        "nothing more is begun",
        Duration.ofSeconds(4),
        n -> n.database().column("SELECT n FROM log ORDER BY n").equals(done));

    ns.set("log", "suspend", false);
    ns.awaitReady("log");
    assertThat(ns.database().column("SELECT n FROM log ORDER BY n"))
        .containsExactly("2", "3", "4", "5");
    ns.set("log", "suspend", true);
    var ready = ns.await("log", "suspended", SOON, m -> says(m, "Ready", "True", "Suspended"));
    assertThat(ready.condition("Stalled")).isEmpty();
  }

  @Test
  void cancelledItsBuildIsGoneWithoutATraceUntilItIsToGoOn(TestNamespace ns) {
    items(ns);
    ns.migrate(
        "items",
        "1",
        Map.of("0001_index.sql", "CREATE INDEX CONCURRENTLY items_slow ON items (slow(id));"));
    ns.await("the build", SOON, n -> n.database().column(BUILD_AT_WORK).size() == 1);
    ns.await(
        "its index to be there",
        SOON,
        n -> n.database().value("SELECT to_regclass('items_slow')") != null);

    ns.set("items", "cancel", true);
    var cancelled =
        ns.await(
            "items",
            "to be cancelled",
            SOON,
            m -> says(m, "Ready", "False", "Suspended") && m.condition("Reconciling").isEmpty());
    assertThat(cancelled.condition("Ready").orElseThrow().message())
        .contains("cancelled by spec.cancel", "cancelled: backend", "set it to false to go on");
    assertThat(cancelled.step("1#1").orElseThrow().phase()).isEqualTo("Failed");
    assertThat(cancelled.step("1#1").orElseThrow().sqlstate()).contains("57014");
    assertThat(ns.database().column(BUILD_AT_WORK)).isEmpty();
    ns.stays(
        "no index, and nobody builds it",
        Duration.ofSeconds(4),
        n ->
            n.database().value("SELECT to_regclass('items_slow')") == null
                && n.database().column(BUILD_AT_WORK).isEmpty());

    ns.database()
        .execute(
            "CREATE OR REPLACE FUNCTION slow(int) RETURNS int IMMUTABLE LANGUAGE sql AS"
                + " 'SELECT $1'");
    ns.set("items", "cancel", false);
    var done = ns.awaitReady("items");
    assertThat(done.step("1#1").orElseThrow().attempts()).as("statements sent").isEqualTo(2);
  }

  @Test
  void buildThatDoesNotMoveIsSaidWithWhoHoldsItUpAndGoesOn(TestNamespace ns) {
    items(ns);
    var more = "  policy: {stalledAfter: 2s}\n";
    try (var hold = ns.database().hold("items")) {
      ns.migrate(
          "items",
          "1",
          Map.of("0001_index.sql", "CREATE INDEX CONCURRENTLY items_id ON items (id);"),
          more);
      // The lock is waited for before the build, so as to harm nobody's: then the step retries.
      ns.await(
          "items",
          "to say that nothing moves",
          SOON,
          m ->
              says(m, "Reconciling", "True", "NoProgress")
                  && m.condition("Ready").orElseThrow().message().contains("nothing has moved"));
    }
    ns.awaitReady("items");
  }

  @Test
  void statementThatWaitsForALockSaysWhoHoldsIt(TestNamespace ns) {
    items(ns);
    try (var hold = ns.database().hold("items")) {
      ns.migrate(
          "items",
          "1",
          Map.of("0001_column.sql", "ALTER TABLE items ADD COLUMN name text;"),
          "  policy: {stalledAfter: 2s}\n");
      var waiting =
          ns.await(
              "items",
              "to say who holds it up",
              SOON,
              m ->
                  m.condition("Ready")
                      .filter(c -> c.message().contains("is held up by backend"))
                      .isPresent());
      assertThat(waiting.condition("Ready").orElseThrow().message())
          .contains("idle in transaction since", "LOCK TABLE items");
      assertThat(waiting.condition("Ready").orElseThrow().reason()).isEqualTo("LockTimeout");
      assertThat(waiting.condition("Stalled")).as("it goes on").isEmpty();
    }
    ns.awaitReady("items");
  }
}
