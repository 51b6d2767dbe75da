package dev.pawl.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.e2e.harness.Operator;
import dev.pawl.e2e.harness.PawlTest;
import dev.pawl.e2e.harness.TestNamespace;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Another replica takes over in the middle of a migration, and nothing is done twice or left out.
 */
@PawlTest
class LeaderHandoverTest {
  /** Each step notes itself, after a second. */
  private static Map<String, String> slowSteps() {
    var files = new TreeMap<String, String>();
    files.put("0001_log.sql", "CREATE TABLE log (n int);");
    for (var n = 2; n <= 8; n++) {
      files.put(
          "%04d_note.sql".formatted(n), "INSERT INTO log SELECT %d FROM pg_sleep(1);".formatted(n));
    }
    return files;
  }

  private static void handOver(
      TestNamespace ns, Operator operator, boolean crash, Duration atMost) {
    ns.migrate("log", "8", slowSteps());
    ns.await(
        "log",
        "its third step to be at work",
        Duration.ofSeconds(120),
        m -> m.step("3#1").filter(s -> s.phase().equals("Applying")).isPresent());
    var first = operator.leader().orElseThrow();
    var process = operator.leadingProcess().orElseThrow();

    var begin = System.nanoTime();
    if (crash) {
      operator.kill(first);
    } else {
      operator.terminate(first);
    }
    ns.await(
        "another leader",
        Duration.ofSeconds(120),
        _ -> operator.leadingProcess().filter(p -> !p.equals(process)).isPresent());
    var took = Duration.ofNanos(System.nanoTime() - begin);

    ns.awaitReady("log");
    assertThat(ns.database().column("SELECT n FROM log ORDER BY n"))
        .as("each step once")
        .containsExactly("2", "3", "4", "5", "6", "7", "8");
    assertThat(took).as("until another led").isLessThan(atMost);
  }

  @Test
  void leaderThatIsToldToEndHandsOverAtOnce(TestNamespace ns, Operator operator) {
    // Three seconds, one for the kubelet to pass the word on, and as much for a busy machine: the
    // Lease, were it not given back, would hold for six and one more.
    handOver(ns, operator, false, Duration.ofSeconds(6));
  }

  @Test
  void leaderThatCrashesIsSucceededWhenItsLeaseEnds(TestNamespace ns, Operator operator) {
    // Seven seconds by its Lease, and an allowance for a busy machine.
    handOver(ns, operator, true, Duration.ofSeconds(20));
  }
}
