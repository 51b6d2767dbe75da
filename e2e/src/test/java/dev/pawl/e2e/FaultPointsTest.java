package dev.pawl.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.e2e.harness.Cluster;
import dev.pawl.e2e.harness.Migration;
import dev.pawl.e2e.harness.PawlTest;
import dev.pawl.e2e.harness.TestNamespace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Ten faults of the matrix (docs/fault-matrix.md) end to end: an operator that leads comes to harm
 * at a numbered point, the other is there, a pod waits at the gate. Nothing runs twice, everything
 * is verified, the gate is never early, and the pod starts.
 */
@PawlTest(operator = false)
class FaultPointsTest {
  private static final Duration SOON = Duration.ofSeconds(120);
  private static final String LAST = "7";
  private static final List<String> TABLE = new ArrayList<>();

  /** Faults at points: what the leader is armed with, and what else happens when it is there. */
  private enum Fault {
    KILLED_AS_A_TRANSACTION_COMMITS("13:kill@2", Outside.NOTHING),
    KILLED_BEFORE_A_STATEMENT_IS_SENT("21:kill", Outside.NOTHING),
    KILLED_IN_A_BUILD("22:kill", Outside.NOTHING),
    KILLED_AFTER_A_REPAIR("26:kill", Outside.NOTHING),
    KILLED_BEFORE_VERIFIED_IS_WRITTEN("29:kill@2", Outside.NOTHING),
    KILLED_WHEN_ALL_IS_VERIFIED("31:kill", Outside.NOTHING),
    FROZEN_PAST_ITS_LEASE_IN_A_TRANSACTION("12:freeze=30@2", Outside.NOTHING),
    FROZEN_PAST_ITS_LEASE_AFTER_A_BUILD("23:freeze=30", Outside.NOTHING),
    DATABASE_CRASHES_IN_A_BUILD("22:pause=5@2", Outside.DATABASE_CRASHES),
    NO_CONNECTION_LEFT("30:pause=5@3", Outside.NO_CONNECTION_LEFT);

    final String points;
    final Outside outside;

    Fault(String points, Outside outside) {
      this.points = points;
      this.outside = outside;
    }

    /** The operator says this when it is there. */
    String said() {
      return "failure point " + points.substring(0, points.indexOf(':')) + " (";
    }
  }

  private enum Outside {
    NOTHING {
      @Override
      void happen(TestNamespace ns) {}
    },
    /** A backend is killed, and so the server ends all others and recovers, as after a crash. */
    DATABASE_CRASHES {
      @Override
      void happen(TestNamespace ns) {
        var backend =
            Long.parseLong(
                ns.database()
                    .value(
                        "SELECT min(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                            + " AND usename = current_user AND datname = current_database()"));
        ProcessHandle.of(backend).orElseThrow().destroyForcibly();
      }
    },
    /** What max_connections reached looks like for one role. */
    NO_CONNECTION_LEFT {
      @Override
      void happen(TestNamespace ns) {
        var role = ns.database().name();
        ns.database().executeOnServer("ALTER ROLE \"" + role + "\" CONNECTION LIMIT 0");
        ns.database()
            .executeOnServer(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '"
                    + role
                    + "'");
        ns.await(
            "log",
            "it to say that no connection is left",
            SOON,
            m ->
                m.condition("Ready")
                    .map(Migration.Condition::message)
                    .filter(text -> text.contains("too many connections"))
                    .isPresent());
        ns.database().executeOnServer("ALTER ROLE \"" + role + "\" CONNECTION LIMIT -1");
      }
    };

    abstract void happen(TestNamespace ns);
  }

  private static Map<String, String> files() {
    var files = new TreeMap<String, String>();
    files.put("0001_log.sql", "CREATE TABLE log (n int);");
    files.put("0002_note.sql", "INSERT INTO log VALUES (2);");
    files.put("0003_index.sql", "CREATE INDEX CONCURRENTLY log_n ON log (n);");
    files.put(
        "0004_unique.sql",
        "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS items_key ON items (key);");
    files.put("0005_note.sql", "INSERT INTO log VALUES (5);");
    files.put("0006_drop.sql", "DROP INDEX CONCURRENTLY items_old;");
    files.put("0007_note.sql", "INSERT INTO log VALUES (7);");
    return files;
  }

  /** A table with an index that someone left INVALID, and a witness of every CREATE INDEX. */
  private static void prepare(TestNamespace ns) {
    ns.database()
        .execute(
            "CREATE TABLE items (id int PRIMARY KEY, key int)",
            "INSERT INTO items SELECT n, n FROM generate_series(1, 1000) n",
            "CREATE INDEX items_old ON items (key)",
            "CREATE UNIQUE INDEX items_key ON items (key)",
            "CREATE TABLE witness (statement text)");
    ns.database()
        .executeAsSuperuser(
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'items_key'::regclass");
    ns.database()
        .executeAsSuperuser(
            """
            CREATE FUNCTION note() RETURNS event_trigger SECURITY DEFINER LANGUAGE plpgsql AS
              'BEGIN INSERT INTO public.witness VALUES (current_query()); END';
            CREATE EVENT TRIGGER note ON ddl_command_start WHEN TAG IN ('CREATE INDEX')
              EXECUTE FUNCTION note()\
            """);
  }

  @ParameterizedTest
  @EnumSource
  void nothingRunsTwiceAndTheGateIsNotEarly(Fault fault, TestNamespace ns, Cluster cluster) {
    prepare(ns);
    try (var replicas = Replicas.start(cluster, fault.points)) {
      var armed = replicas.leader();
      ns.apply(Workload.pod("app", "log", LAST));
      ns.migrate("log", LAST, files());
      ns.await(
          "the failure point to be reached",
          SOON,
          n -> armed.process().log(1000).contains(fault.said()));
      fault.outside.happen(ns);

      var early = new ArrayList<String>();
      ns.await(
          "the gate to be open through " + LAST,
          SOON,
          n -> {
            replicas.startWhatHasEnded();
            // Read in this order: what is verified can only become more meanwhile.
            boolean open = n.openThrough("log").filter(LAST::equals).isPresent();
            var verified =
                n.database().column("SELECT 1 FROM pawl.step WHERE phase = 'Verified'").size();
            if (open && verified < files().size()) {
              early.add("open, and " + verified + " steps verified");
            }
            return open;
          });
      var done = ns.awaitReady("log");
      ns.await(
          "the pod to be let through", SOON, n -> !TestNamespace.held(n.pods("app").getFirst()));
      assertThat(armed.process().isAlive() && fault.points.contains("kill"))
          .as("killed, and alive")
          .isFalse();

      TABLE.add(
          "%-42s %-16s %-12s %s"
              .formatted(
                  fault.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '),
                  fault.points,
                  done.step().orElse("?"),
                  done.steps().stream()
                      .map(s -> Integer.toString(s.attempts()))
                      .collect(Collectors.joining(" "))));
      assertThat(early).as("openings of the gate before all was verified").isEmpty();
      assertThat(ns.database().column("SELECT n FROM log ORDER BY n"))
          .as("notes, each once")
          .containsExactly("2", "5", "7");
      assertThat(ns.database().column("SELECT statement FROM witness"))
          .as("CREATE INDEX that the server has begun; of items_key only REINDEX is needed")
          .singleElement()
          .asString()
          .contains("log_n");
      assertThat(
              ns.database()
                  .column(
                      "SELECT indexrelid::regclass::text FROM pg_index WHERE indisvalid AND"
                          + " indrelid IN ('items'::regclass, 'log'::regclass) ORDER BY 1"))
          .as("valid indexes")
          .containsExactly("items_key", "items_pkey", "log_n");
    }
  }

  @AfterAll
  static void table() {
    System.out.printf("%-42s %-16s %-12s %s%n", "fault", "points", "verified", "attempts");
    TABLE.forEach(System.out::println);
  }
}
