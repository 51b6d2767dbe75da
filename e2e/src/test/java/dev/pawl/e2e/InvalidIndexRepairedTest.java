package dev.pawl.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.e2e.harness.PawlTest;
import dev.pawl.e2e.harness.TestNamespace;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An index of the right name is not enough: it must be valid, and be the one that was meant. */
@PawlTest
class InvalidIndexRepairedTest {
  private static final String BUILD =
      "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS users_email ON users (email)";
  private static final String VALID =
      "SELECT indisvalid FROM pg_index WHERE indexrelid = 'users_email'::regclass";

  private static void leaveInvalidIndex(TestNamespace ns) {
    var database = ns.database();
    database.execute(
        "CREATE TABLE users (id int PRIMARY KEY, email text)",
        "INSERT INTO users VALUES (1, 'a@example.org'), (2, 'a@example.org')");
    assertThatThrownBy(() -> database.execute(BUILD)).hasMessageContaining("could not create");
    assertThat(database.value(VALID)).isEqualTo("f");
  }

  @Test
  void indexThatSomeoneLeftInvalidIsBuiltAnew(TestNamespace ns) {
    leaveInvalidIndex(ns);
    ns.database().execute("DELETE FROM users WHERE id = 2");

    ns.migrate("users", "1", Map.of("0001_index.sql", BUILD + ";"));

    assertThat(ns.awaitReady("users").step()).contains("1/1");
    assertThat(ns.database().value(VALID)).isEqualTo("t");
  }

  @Test
  void indexIsLeftToAPersonWhereThePolicySaysSo(TestNamespace ns) {
    leaveInvalidIndex(ns);
    ns.database().execute("DELETE FROM users WHERE id = 2");

    ns.migrate(
        "users", "1", Map.of("0001_index.sql", BUILD + ";"), "  policy: {onInvalid: Fail}\n");

    var failed = ns.await("users", "Stalled", Duration.ofSeconds(120), m -> m.is("Stalled"));
    assertThat(failed.condition("Ready").orElseThrow().status()).isEqualTo("False");
    assertThat(failed.condition("Stalled").orElseThrow().message()).contains("users_email");
    assertThat(ns.database().value(VALID)).isEqualTo("f");
    assertThat(ns.openThrough("users")).isNotEqualTo(java.util.Optional.of("1"));
  }

  @Test
  void indexOfThatNameOnAnotherColumnIsNotTakenForTheRightOne(TestNamespace ns) {
    ns.database()
        .execute(
            "CREATE TABLE users (id int PRIMARY KEY, email text)",
            "CREATE INDEX users_email ON users (id)");

    ns.migrate("users", "1", Map.of("0001_index.sql", BUILD + ";"));

    var failed = ns.await("users", "Stalled", Duration.ofSeconds(120), m -> m.is("Stalled"));
    assertThat(failed.step("1#1").orElseThrow().phase()).isEqualTo("Failed");
    assertThat(failed.condition("Stalled").orElseThrow().message()).contains("users_email");
    assertThat(ns.database().value("SELECT pg_get_indexdef('users_email'::regclass) LIKE '%(id)'"))
        .as("the other index is left alone")
        .isEqualTo("t");
  }
}
