package dev.pawl.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.e2e.harness.ApiProxy.Exchange;
import dev.pawl.e2e.harness.ApiProxy.Fault;
import dev.pawl.e2e.harness.ApiProxy.Request;
import dev.pawl.e2e.harness.Cluster;
import dev.pawl.e2e.harness.PawlTest;
import dev.pawl.e2e.harness.TestNamespace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** An API server that conflicts, throttles, fails, forgets and hangs up: late, but never wrong. */
@PawlTest(operator = false)
class ApiServerFaultsTest {
  private static final Duration SOON = Duration.ofSeconds(120);
  private static final int STEPS = 8;
  private static final String LEASES =
      "SELECT 1 FROM pg_class WHERE oid = to_regclass('pawl.lease')";

  /** Of writes and watches every second one goes wrong, in turn; the Lease is StaleLeaderTest's. */
  private static final class Faults {
    private static final List<Fault> WRITES =
        List.of(
            new Fault.Answer(409, "Conflict", 0),
            new Fault.ResetAfter(),
            new Fault.Answer(429, "TooManyRequests", 1),
            new Fault.Answer(500, "InternalError", 0),
            new Fault.ResetBefore());
    private static final List<Fault> WATCHES =
        List.of(new Fault.Expired(), new Fault.Answer(410, "Expired", 0));
    private static final List<Fault> READS =
        List.of(
            new Fault.None(),
            new Fault.Answer(500, "InternalError", 0),
            new Fault.None(),
            new Fault.Answer(429, "TooManyRequests", 1));

    private final AtomicInteger writes = new AtomicInteger();
    private final AtomicInteger watches = new AtomicInteger();
    private final AtomicInteger reads = new AtomicInteger();

    Fault of(Request request) {
      if (request.path().contains("/leases") || request.path().contains("/events")) {
        return new Fault.None();
      }
      return request.isWatch()
          ? everySecond(WATCHES, watches)
          : request.writes() ? everySecond(WRITES, writes) : everySecond(READS, reads);
    }

    private static Fault everySecond(List<Fault> faults, AtomicInteger counter) {
      int n = counter.getAndIncrement();
      return n % 2 == 0 ? faults.get(n / 2 % faults.size()) : new Fault.None();
    }
  }

  private static Map<String, String> steps() {
    var files = new TreeMap<String, String>();
    files.put("0001_log.sql", "CREATE TABLE log (n int);");
    for (var n = 2; n < STEPS; n++) {
      files.put(
          "%04d_note.sql".formatted(n),
          "INSERT INTO log SELECT %d FROM pg_sleep(0.4);".formatted(n));
    }
    files.put("%04d_index.sql".formatted(STEPS), "CREATE INDEX CONCURRENTLY log_n ON log (n);");
    return files;
  }

  @Test
  void itEndsRightNothingRunsTwiceAndTheGateIsNeverEarly(TestNamespace ns, Cluster cluster) {
    try (var replicas = Replicas.start(cluster)) {
      replicas.faults(new Faults()::of);
      var early = new ArrayList<String>();
      ns.apply(Workload.pod("app", "log", Integer.toString(STEPS)));

      for (var version : List.of(4, STEPS)) {
        ns.migrate("log", version.toString(), steps());
        ns.await("it to be at work", SOON, n -> !n.database().column(LEASES).isEmpty());
        replicas.dropConnections();
        ns.await(
            "the gate to be open through " + version,
            SOON,
            n -> {
              // Read in this order: what is verified can only become more meanwhile.
              var through = n.openThrough("log").map(Integer::parseInt).orElse(0);
              if (through > 0) {
                var verified =
                    n.database().column("SELECT 1 FROM pawl.step WHERE phase = 'Verified'").size();
                if (verified < through) {
                  early.add("open through " + through + ", verified " + verified);
                }
              }
              return through == version;
            });
        ns.awaitReady("log");
      }
      ns.await(
          "the held pod to be let through",
          SOON,
          n -> n.pods("app").stream().noneMatch(TestNamespace::held));

      assertThat(early).as("openings of the gate before all was verified").isEmpty();
      assertThat(ns.database().column("SELECT n FROM log ORDER BY n"))
          .as("each step once")
          .containsExactly("2", "3", "4", "5", "6", "7");
      assertThat(ns.database().column("SELECT DISTINCT attempts FROM pawl.step"))
          .as("statements sent for a step")
          .containsExactly("1");
      for (var status : List.of(409, 410, 429, 500, 0)) {
        assertThat(replicas.exchanges().stream().filter(Exchange::fault).map(Exchange::status))
            .as("faults that there were")
            .contains(status);
      }
      System.out.printf(
          "%d of %d requests went wrong%n",
          replicas.exchanges().stream().filter(Exchange::fault).count(),
          replicas.exchanges().size());
    }
  }
}
