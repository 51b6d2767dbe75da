package dev.pawl.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.e2e.harness.PawlTest;
import dev.pawl.e2e.harness.TestNamespace;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A SchemaMigration that is deleted takes nothing with it, and made again finds what was done. */
@PawlTest
class DeletedAndMadeAgainTest {
  private static final Duration SOON = Duration.ofSeconds(120);
  private static final Map<String, String> FILES =
      Map.of(
          "0001_log.sql", "CREATE TABLE log (n int);",
          "0002_note.sql", "INSERT INTO log VALUES (2);",
          "0003_index.sql", "CREATE INDEX CONCURRENTLY log_n ON log (n);");

  private static boolean serves(TestNamespace ns, String app) {
    return ns.pods(app).size() == 1 && ns.pods(app).stream().allMatch(TestNamespace::ready);
  }

  @Test
  void nothingRunsTwiceAndNobodyIsHeld(TestNamespace ns) {
    ns.migrate("log", "3", FILES);
    ns.awaitReady("log");
    var index = ns.database().value("SELECT 'log_n'::regclass::oid");

    ns.deleteMigration("log");
    assertThat(ns.database().column("SELECT n FROM log")).containsExactly("2");
    ns.apply(Workload.pod("meanwhile", "log", "3"));
    ns.await("a pod to serve while there is none", SOON, n -> serves(n, "meanwhile"));

    ns.migrate("log", "3", FILES);
    var again = ns.awaitReady("log");
    assertThat(again.step()).contains("3/3");
    assertThat(ns.database().column("SELECT n FROM log")).containsExactly("2");
    assertThat(ns.database().value("SELECT 'log_n'::regclass::oid")).isEqualTo(index);
    ns.apply(Workload.pod("afterwards", "log", "3"));
    ns.await("a pod to serve afterwards", SOON, n -> serves(n, "afterwards"));
    assertThat(ns.openThrough("log")).contains("3");
  }
}
