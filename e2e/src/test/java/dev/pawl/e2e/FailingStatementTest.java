package dev.pawl.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.e2e.harness.PawlTest;
import dev.pawl.e2e.harness.TestNamespace;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the database refuses is shown with its own words, holds the gate, and can be put right. */
@PawlTest
class FailingStatementTest {
  private static final Duration SOON = Duration.ofSeconds(120);

  private static void twoUsersOfOneAddress(TestNamespace ns) {
    ns.database()
        .execute(
            "CREATE TABLE users (id int PRIMARY KEY, email text)",
            "INSERT INTO users VALUES (1, 'a@example.org'), (2, 'a@example.org')");
  }

  private static void failsThenGoesOn(TestNamespace ns, String statement) {
    twoUsersOfOneAddress(ns);
    ns.migrate(
        "users",
        "2",
        Map.of("0001_unique.sql", statement, "0002_after.sql", "CREATE TABLE after_it (id int);"),
        "  policy: {retries: {initialBackoff: 500ms, maxBackoff: 2s}}\n");
    ns.apply(Workload.pod("web", "users", "2"));

    var failed =
        ns.await(
            "users",
            "Failed",
            SOON,
            m -> m.step("1#1").filter(s -> s.phase().equals("Failed")).isPresent());
    var step = failed.step("1#1").orElseThrow();
    assertThat(step.sqlstate()).contains("23505");
    assertThat(step.message().orElse("")).contains("a@example.org");
    assertThat(failed.condition("Ready").orElseThrow().status()).isEqualTo("False");
    assertThat(failed.condition("Ready").orElseThrow().message())
        .contains("a@example.org")
        .doesNotContain("Exception", "\tat ");
    assertThat(failed.step("2#1").orElseThrow().phase()).isEqualTo("Pending");
    assertThat(ns.database().value("SELECT to_regclass('users_email')"))
        .as("no invalid index is left to refuse the application's rows")
        .isNull();
    ns.stays(
        "the pod is held",
        Duration.ofSeconds(3),
        n -> n.pods("web").size() == 1 && n.pods("web").stream().allMatch(TestNamespace::held));

    ns.database().execute("DELETE FROM users WHERE id = 2");
    ns.awaitReady("users");
    assertThat(ns.database().value("SELECT to_regclass('after_it')")).isEqualTo("after_it");
    ns.await("the pod to serve", SOON, n -> n.pods("web").stream().allMatch(TestNamespace::ready));
  }

  @Test
  void uniqueIndexOverDuplicatesFailsWithTheKeyAndGoesOnWhenTheyAreGone(TestNamespace ns) {
    failsThenGoesOn(ns, "CREATE UNIQUE INDEX CONCURRENTLY users_email ON users (email);");
  }

  @Test
  void uniqueConstraintInATransactionDoesTheSame(TestNamespace ns) {
    failsThenGoesOn(ns, "ALTER TABLE users ADD CONSTRAINT users_email UNIQUE (email);");
  }
}
