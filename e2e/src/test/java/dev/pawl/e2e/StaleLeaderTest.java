package dev.pawl.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.e2e.harness.Await;
import dev.pawl.e2e.harness.Cluster;
import dev.pawl.e2e.harness.Database;
import dev.pawl.e2e.harness.Migration;
import dev.pawl.e2e.harness.PawlTest;
import dev.pawl.e2e.harness.Recording;
import dev.pawl.e2e.harness.TestNamespace;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * A leader whose time has passed and who does not know it writes nothing more: not the ledger, not
 * the schema, not a status, not a gate. What it has begun is found and followed.
 */
@PawlTest(operator = false)
class StaleLeaderTest {
  private static final Duration SOON = Duration.ofSeconds(120);

  /**
   * How long a leader that cannot renew its Lease goes on: renewDeadline (4 s), and what a busy
   * machine needs to end a JVM.
   */
  private static final Duration FENCES_ITSELF = Duration.ofSeconds(20);

  private static final int STEPS = 12;

  private static final String AT_WORK =
      "SELECT pid FROM pg_stat_activity WHERE query LIKE '%held(%' AND state = 'active'"
          + " AND pid <> pg_backend_pid()";

  private static final String BUILDERS =
      "SELECT pid FROM pg_stat_activity WHERE query ILIKE 'CREATE INDEX CONCURRENTLY%'"
          + " AND state = 'active' AND pid <> pg_backend_pid()"
          + " AND to_regclass('items_slow') IS NOT NULL";

  private static final String EPOCH = "SELECT epoch FROM pawl.lease";

  /** What has been written into the ledger in an epoch, and by which attempt. */
  private static String rows(String epoch) {
    return "SELECT concat_ws(' ', version, phase, attempts, verified_at) FROM pawl.step"
        + " WHERE phase = 'Verified' AND epoch = "
        + epoch
        + " ORDER BY version::int";
  }

  /** Each step notes itself, from the third on when it may. */
  private static Map<String, String> slowSteps() {
    var files = new TreeMap<String, String>();
    files.put("0001_log.sql", "CREATE TABLE log (n int);");
    for (var n = 2; n <= STEPS; n++) {
      files.put(
          "%04d_note.sql".formatted(n),
          "INSERT INTO log SELECT %s;".formatted(n < 3 ? n : "held(" + n + ")"));
    }
    return files;
  }

  /** Returns when its third step is at work, which waits until the hold is closed. */
  private static Database.Hold begin(TestNamespace ns) {
    var hold = ns.database().holdCalls();
    ns.migrate("log", Integer.toString(STEPS), slowSteps());
    ns.await(
        "log",
        "its third step to be at work",
        SOON,
        m -> m.step("3#1").filter(s -> s.phase().equals("Applying")).isPresent());
    return hold;
  }

  /** Returns when an index is being built, which waits until the hold is closed. */
  private static Database.Hold beginBuild(TestNamespace ns) {
    ns.database()
        .execute(
            "CREATE TABLE items (id int PRIMARY KEY)",
            "INSERT INTO items SELECT generate_series(1, 100)");
    var hold = ns.database().holdCalls();
    ns.migrate(
        "items",
        "2",
        Map.of(
            "0001_index.sql", "CREATE INDEX CONCURRENTLY items_slow ON items (held(id));",
            "0002_after.sql", "CREATE TABLE after_it (id int);"));
    ns.await("the build", SOON, n -> n.database().column(BUILDERS).size() == 1);
    return hold;
  }

  /** A successor has written into the ledger, in an epoch of its own. */
  private static void awaitSuccessor(TestNamespace ns, String epoch) {
    ns.await(
        "a step verified in another epoch",
        SOON,
        n ->
            !n.database()
                .column("SELECT 1 FROM pawl.step WHERE phase = 'Verified' AND epoch > " + epoch)
                .isEmpty());
  }

  private static void assertEachOnce(TestNamespace ns) {
    var expected = new java.util.ArrayList<String>();
    for (int n = 2; n <= STEPS; n++) {
      expected.add(Integer.toString(n));
    }
    assertThat(ns.database().column("SELECT n FROM log ORDER BY n")).isEqualTo(expected);
    assertThat(ns.openThrough("log")).contains(Integer.toString(STEPS));
  }

  private static void assertTermsOnlyGrow(Recording seen) {
    assertThat(seen.seen().stream().map(Migration::term).toList()).as("terms").isSorted();
  }

  @Test
  void pausedPastItsLeaseItWritesNothingMore(TestNamespace ns, Cluster cluster) {
    try (var replicas = Replicas.start(cluster)) {
      var stale = replicas.leader();
      var hold = begin(ns);
      var epoch = ns.database().value(EPOCH);
      List<String> steps;
      try (var seen = ns.record("log")) {
        stale.process().pause();
        hold.close();
        ns.await(
            "the server to have done what it had been sent",
            SOON,
            n -> n.database().column(AT_WORK).isEmpty());
        steps = ns.database().column(rows(epoch));
        replicas.awaitLeader(replicas.other(stale));
        awaitSuccessor(ns, epoch);

        var resumed = Instant.now();
        stale.process().resume();
        assertThat(stale.process().awaitEnd(FENCES_ITSELF)).as("it ends").isTrue();
        ns.awaitReady("log");

        assertThat(stale.wroteSince(resumed)).as("what it has written").isEmpty();
        assertTermsOnlyGrow(seen);
      }
      assertEachOnce(ns);
      assertThat(ns.database().column(rows(epoch))).as("what it had written").isEqualTo(steps);
    }
  }

  @Test
  void cutOffFromTheApiServerItEndsByItselfThoughTheDatabaseIsThere(
      TestNamespace ns, Cluster cluster) {
    try (var replicas = Replicas.start(cluster)) {
      var stale = replicas.leader();
      var hold = begin(ns);
      var epoch = ns.database().value(EPOCH);
      try (var seen = ns.record("log")) {
        var cut = Instant.now();
        stale.proxy().cut();
        assertThat(stale.process().awaitEnd(FENCES_ITSELF)).as("it ends by itself").isTrue();
        replicas.awaitLeader(replicas.other(stale));
        hold.close();
        awaitSuccessor(ns, epoch);
        stale.proxy().mend();
        ns.awaitReady("log");

        assertThat(stale.wroteSince(cut)).as("what it has written").isEmpty();
        assertTermsOnlyGrow(seen);
      }
      assertEachOnce(ns);
    }
  }

  @Test
  void pausedInTheMiddleOfABuildItIsFollowedAndThenSilent(TestNamespace ns, Cluster cluster) {
    try (var replicas = Replicas.start(cluster)) {
      var stale = replicas.leader();
      var hold = beginBuild(ns);
      var builder = ns.database().value(BUILDERS);
      var oid = ns.database().value("SELECT 'items_slow'::regclass::oid");

      stale.process().pause();
      replicas.awaitLeader(replicas.other(stale));
      var followed =
          ns.await(
              "items",
              "the build to be followed",
              SOON,
              m ->
                  m.step("1#1")
                      .flatMap(Migration.Step::message)
                      .filter(text -> text.contains("following"))
                      .isPresent());
      assertThat(followed.step("1#1").orElseThrow().text("job")).contains(builder);
      var resumed = Instant.now();
      stale.process().resume();
      assertThat(stale.process().awaitEnd(FENCES_ITSELF)).as("it ends").isTrue();

      hold.close();
      var done = ns.awaitReady("items");
      assertThat(done.step("1#1").orElseThrow().attempts()).as("statements sent").isEqualTo(1);
      assertThat(ns.database().value("SELECT 'items_slow'::regclass::oid")).isEqualTo(oid);
      assertThat(stale.wroteSince(resumed)).as("what it has written").isEmpty();
    }
  }

  @Test
  void whatItSendsAllTheSameIsRefusedByApiServerAndDatabase(TestNamespace ns, Cluster cluster) {
    try (var replicas = Replicas.start(cluster)) {
      var stale = replicas.leader();
      var hold = beginBuild(ns); // which has no transaction open that a fence would wait for
      var term = ns.migration("items").orElseThrow().term();
      var fence =
          ns.database()
              .value(
                  "SELECT format('SELECT pawl.begin(%L, %L, %s, ''5s'', ''0ms'', ''5s'')',"
                      + " stream, holder, epoch) FROM pawl.lease");
      assertThat(ns.database().column(fence)).as("while it leads").hasSize(1);
      stale.process().kill();
      replicas.awaitLeader(replicas.other(stale));
      hold.close();
      ns.awaitReady("items");

      assertThatThrownBy(() -> ns.database().execute(fence)).hasMessageContaining("is lost");
      for (var kind : List.of("SchemaMigration/items", "SchemaGate/gate")) {
        assertThatThrownBy(() -> ns.patchStatus(kind, "{\"status\":{\"term\":" + term + "}}"))
            .as(kind)
            .hasMessageContaining("a leader of a later term has written this");
      }
    }
  }

  @Test
  void leaseStolenByAReplicaWhoseClockIsAheadChangesNothing(TestNamespace ns, Cluster cluster) {
    try (var replicas = Replicas.start(cluster)) {
      var robbed = replicas.leader();
      var hold = begin(ns);
      var epoch = ns.database().value(EPOCH);
      try (var seen = ns.record("log")) {
        // As a leader writes it whose clock is an hour behind: to every other it has long expired.
        Await.until(
            "the Lease to be taken from a living leader",
            SOON,
            () -> {
              cluster.ageLease(Duration.ofHours(1));
              return replicas.leader() != robbed;
            },
            replicas::log);
        assertThat(robbed.process().awaitEnd(FENCES_ITSELF)).as("the robbed one ends").isTrue();
        hold.close();
        awaitSuccessor(ns, epoch);
        ns.awaitReady("log");
        assertTermsOnlyGrow(seen);
      }
      assertEachOnce(ns);
    }
  }
}
