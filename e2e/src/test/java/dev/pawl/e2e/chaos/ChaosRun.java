package dev.pawl.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.e2e.harness.Cluster;
import dev.pawl.e2e.harness.Database;
import dev.pawl.e2e.harness.Script;
import dev.pawl.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Many migrations, two replicas, apps that require versions, and random faults for as long as is
 * asked: docs/chaos.md. Not one of the tests that CI runs; `make chaos` runs it.
 */
class ChaosRun {
  /** How many histories each database has. */
  private static final List<Integer> DATABASES = List.of(1, 2, 1, 1);

  /** How slow the rows of an index and the waits of a step are; plain psql does not wait. */
  private static final String SECONDS_A_ROW = "0.002";

  private static final String FUNCTIONS =
      """
      CREATE FUNCTION wait(rows int) RETURNS int VOLATILE LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM pg_catalog.pg_sleep(rows * coalesce(pg_catalog.current_setting('chaos.pause', true)::float8, 0));
        RETURN rows;
      END $$;
      CREATE FUNCTION slow(value int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM pg_catalog.pg_sleep(coalesce(pg_catalog.current_setting('chaos.pause', true)::float8, 0));
        RETURN value;
      END $$;
      """;

  /** Without any progress for so long, the end is not waited for any more. */
  private static final Duration PATIENCE = Duration.ofMinutes(8);

  private final List<Stream> streams = new ArrayList<>();
  private final Map<Database, TcpProxy> proxies = new LinkedHashMap<>();
  private final Map<Database, List<Stream>> byDatabase = new LinkedHashMap<>();
  private final List<Witness> witnesses = new ArrayList<>();
  private AuditLog audit;

  @Test
  void whateverHappensNothingIsLostNothingRunsTwiceAndNoGateOpensEarly() {
    var minutes = Integer.parseInt(System.getProperty("pawl.chaos.minutes", "30"));
    var seed = Long.parseLong(System.getProperty("pawl.chaos.seed", "1"));
    System.out.printf("chaos: %d minutes, SEED=%d%n", minutes, seed);
    Reference.needPrograms();
    var cluster = Cluster.start();
    try {
      var site = Site.of(cluster);
      prepare(cluster, site, seed);
      cluster.operator().stop();
      var begin = Instant.now();
      List<String> violations;
      try (var kubelet = new Kubelet(cluster, seed)) {
        var mischief = new Mischief(site, kubelet, streams, proxies, seed);
        streams.forEach(Stream::begin);
        var authors =
            streams.stream().map(s -> Thread.ofVirtual().name(s.name()).start(s::run)).toList();
        mischief.run(begin.plus(Duration.ofMinutes(minutes)));
        kubelet.disarm();
        streams.forEach(Stream::stop);
        for (var author : authors) {
          Threads.join(author);
        }
        var faulty = Duration.between(begin, Instant.now());
        var settled = settle(kubelet);
        var all = Duration.between(begin, Instant.now());
        violations = judge(cluster, site);
        violations.addAll(settled);
        report(seed, faulty, all, kubelet, mischief, violations);
      }
      assertThat(violations).as("violations").isEmpty();
    } finally {
      witnesses.forEach(Witness::close);
      cluster.close();
      proxies.values().forEach(TcpProxy::close);
    }
  }

  private void prepare(Cluster cluster, Site site, long seed) {
    configureServer(cluster, site);
    for (int k = 0; k < DATABASES.size(); k++) {
      var namespace = TestNamespace.create(cluster, "chaos-" + k);
      var database = namespace.database();
      functions(database);
      database.executeOnServer(
          "ALTER DATABASE \"" + database.name() + "\" SET chaos.pause = '" + SECONDS_A_ROW + "'");
      var proxy = new TcpProxy(database.server().port());
      proxies.put(database, proxy);
      var own = new ArrayList<Stream>();
      for (int n = 0; n < DATABASES.get(k); n++) {
        var name = "s" + k + (char) ('a' + n);
        own.add(new Stream(namespace, name, seed, proxy.port()));
      }
      streams.addAll(own);
      byDatabase.put(database, own);
      var tracks = new HashMap<History, Track>();
      own.forEach(s -> tracks.put(s.history(), s.track()));
      witnesses.add(new Witness(database, tracks));
    }
  }

  /** The times of commits are kept, and connections are few enough to be taken all. */
  private static void configureServer(Cluster cluster, Site site) {
    // Any database will do to say it in.
    var database = cluster.postgres().newDatabase("chaos_settings");
    database.executeOnServer("ALTER SYSTEM SET track_commit_timestamp = on");
    database.executeOnServer("ALTER SYSTEM SET max_connections = 80");
    site.postgres().end("QUIT");
    site.startPostgres();
  }

  private static void functions(Database database) {
    try (var connection = database.connectAsSuperuser();
        var statement = connection.createStatement()) {
      statement.execute(FUNCTIONS);
    } catch (SQLException e) {
      throw new IllegalStateException("the functions that take their time", e);
    }
  }

  /** Waits for the end for as long as anything moves; what is not done then is a violation. */
  private List<String> settle(Kubelet kubelet) {
    System.out.println("no more faults; waiting for the end");
    var seen = List.<String>of();
    var moved = Instant.now();
    while (Duration.between(moved, Instant.now()).compareTo(PATIENCE) < 0) {
      try {
        if (streams.stream().allMatch(Stream::settled)) {
          return List.of();
        }
        var now = streams.stream().map(s -> s.verified() + " " + s.held()).toList();
        if (!now.equals(seen)) {
          seen = now;
          moved = Instant.now();
        }
      } catch (KubernetesClientException e) {
        System.out.println("could not look: " + e.getMessage());
      }
      Threads.pause(1_000);
    }
    System.out.println(kubelet.log(80));
    streams.forEach(s -> System.out.println(s.namespace().describe()));
    return streams.stream().map(s -> "did not come to its end: " + s.describe()).toList();
  }

  private List<String> judge(Cluster cluster, Site site) {
    witnesses.forEach(Witness::lookAgain);
    var violations = new ArrayList<String>();
    var histories = new HashMap<String, List<History.Version>>();
    var tracks = new HashMap<String, Track>();
    for (var stream : streams) {
      histories.put(stream.id(), stream.history().versions());
      tracks.put(stream.id(), stream.track());
      violations.addAll(Checker.held(stream.held()));
      violations.addAll(Checker.ledger(stream.id(), stream.history().versions(), ledger(stream)));
      violations.addAll(
          Checker.effects(
              stream.id(),
              stream.history().versions(),
              stream
                  .namespace()
                  .database()
                  .column("SELECT step FROM " + History.effects(stream.name()))));
    }
    byDatabase.forEach(
        (database, own) -> {
          var reference = cluster.postgres().newDatabase(database.name() + "_psql");
          functions(reference);
          Reference.fill(
              reference,
              own.stream().map(Stream::history).toList(),
              Script.REPO.resolve("e2e/target/chaos/files"));
          violations.addAll(
              Checker.same(
                  "schema of " + database.name(),
                  Reference.schema(reference),
                  Reference.schema(database)));
          violations.addAll(
              Checker.same(
                  "rows of " + database.name(),
                  Reference.rows(reference),
                  Reference.rows(database)));
        });
    audit = AuditLog.read(site.auditLog());
    violations.addAll(Checker.early(audit.openings(), histories, tracks));
    violations.addAll(Checker.terms(audit.statusWrites()));
    if (audit.openings().isEmpty()) {
      violations.add("the audit log tells of no opening: nothing was checked");
    }
    return violations;
  }

  private static List<Checker.LedgerRow> ledger(Stream stream) {
    return stream
        .namespace()
        .database()
        .column(
            "SELECT concat_ws(' ', version || '#' || ordinal, phase, attempts) FROM pawl.step"
                + " WHERE stream = '"
                + stream.name()
                + "'")
        .stream()
        .map(row -> row.split(" "))
        .map(row -> new Checker.LedgerRow(row[0], row[1], Integer.parseInt(row[2])))
        .toList();
  }

  private void report(
      long seed,
      Duration faulty,
      Duration all,
      Kubelet kubelet,
      Mischief mischief,
      List<String> violations) {
    int versions = streams.stream().mapToInt(s -> s.history().versions().size()).sum();
    var steps =
        streams.stream()
            .flatMap(s -> s.history().versions().stream())
            .mapToInt(v -> v.steps().size())
            .sum();
    long witnessed =
        streams.stream().mapToLong(s -> Checker.witnessed(s.history().versions(), s.track())).sum();
    int attempts =
        streams.stream()
            .flatMap(s -> ledger(s).stream())
            .mapToInt(Checker.LedgerRow::attempts)
            .sum();
    int faults = mischief.done().values().stream().mapToInt(Integer::intValue).sum();
    var lines = new ArrayList<String>();
    lines.add("seed %d".formatted(seed));
    lines.add(
        "minutes with faults %.1f, until all was Ready %.1f"
            .formatted(faulty.toSeconds() / 60.0, all.toSeconds() / 60.0));
    lines.add(
        "SchemaMigrations %d, migrations %d, steps %d, statements sent for them %d"
            .formatted(streams.size(), versions, steps, attempts));
    lines.add("steps witnessed by their own work %d".formatted(witnessed));
    lines.add("faults %d: %s".formatted(faults, mischief.done()));
    lines.add(
        "leader changes %d, replicas started again %d, failure points reached %d"
            .formatted(kubelet.leaderChanges(), kubelet.restarts(), kubelet.pointsReached()));
    lines.add(
        "audit log: events %d, openings checked %d, status writes checked %d, lines cut short %d,"
                .formatted(
                    audit.events(),
                    audit.openings().size(),
                    audit.statusWrites().size(),
                    audit.unreadable())
            + " pods it does not know %d".formatted(audit.unknownPods()));
    lines.add(
        "pods held %d, the longest for %.1f s"
            .formatted(audit.podsHeld(), audit.longestHeld().toMillis() / 1000.0));
    lines.add("violations %d".formatted(violations.size()));
    violations.forEach(v -> lines.add("VIOLATION " + v));
    System.out.println(String.join("\n", lines));
  }
}
