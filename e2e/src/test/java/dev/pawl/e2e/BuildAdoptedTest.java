package dev.pawl.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.e2e.harness.Database;
import dev.pawl.e2e.harness.Operator;
import dev.pawl.e2e.harness.PawlTest;
import dev.pawl.e2e.harness.TestNamespace;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * An operator that dies leaves its index build running in the database: the next one follows it.
 */
@PawlTest
class BuildAdoptedTest {
  private static final String BUILDERS =
      "SELECT pid FROM pg_stat_activity WHERE query ILIKE 'CREATE INDEX CONCURRENTLY%'"
          + " AND state = 'active' AND pid <> pg_backend_pid()"
          + " AND to_regclass('items_slow') IS NOT NULL";
  private static final String OID = "SELECT 'items_slow'::regclass::oid";

  @Test
  void buildOfAKilledOperatorIsFollowedNotRepeated(TestNamespace ns, Operator operator) {
    ns.database()
        .execute(
            "CREATE TABLE items (id int PRIMARY KEY)",
            "INSERT INTO items SELECT generate_series(1, 100)");
    try (var hold = ns.database().holdCalls()) {
      killed(ns, operator, hold);
    }
  }

  private static void killed(TestNamespace ns, Operator operator, Database.Hold hold) {
    ns.migrate(
        "items",
        "2",
        Map.of(
            "0001_index.sql", "CREATE INDEX CONCURRENTLY items_slow ON items (held(id));",
            "0002_after.sql", "CREATE TABLE after_it (id int);"));
    ns.await(
        "the build to run",
        Duration.ofSeconds(120),
        n -> n.database().column(BUILDERS).size() == 1);
    var builder = ns.database().value(BUILDERS);
    var oid = ns.database().value(OID);
    var first = operator.leader().orElseThrow();
    var term = ns.migration("items").orElseThrow().term();

    operator.kill(first);
    ns.stays(
        "its build goes on by itself",
        Duration.ofSeconds(3),
        n -> n.database().column(BUILDERS).contains(builder));
    var followed =
        ns.await(
            "items",
            "a successor that follows the build",
            Duration.ofSeconds(120),
            m ->
                m.term() > term
                    && m.step("1#1")
                        .flatMap(s -> s.text("job"))
                        .filter(builder::equals)
                        .isPresent());
    assertThat(followed.step("1#1").orElseThrow().attempts()).isEqualTo(1);

    hold.close();
    var done = ns.awaitReady("items");
    assertThat(ns.database().value(OID)).as("the index is the one that was begun").isEqualTo(oid);
    assertThat(
            ns.database()
                .value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'items_slow'::regclass"))
        .isEqualTo("t");
    assertThat(done.step("1#1").orElseThrow().attempts()).as("statements sent").isEqualTo(1);
    assertThat(ns.database().value("SELECT to_regclass('after_it')")).isEqualTo("after_it");
  }
}
