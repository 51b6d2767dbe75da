package dev.pawl.engine.execute;

import static dev.pawl.engine.testing.TestDatabase.files;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.testing.Clients;
import dev.pawl.engine.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Two runs and a naive tool issue one CREATE INDEX CONCURRENTLY IF NOT EXISTS at once, writers hold
 * it up, and sessions are killed at random: whenever a run says Verified the index is whole, and
 * every run ends; on a real PostgreSQL, the same kills for the same seed.
 */
@Timeout(240)
@Tag(TestDatabase.SESSION)
class InterleavingTest {
  private static final String INDEX = "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a)";
  private TestDatabase db;

  private RunOptions options(String stream, int n) {
    var standard = TestDatabase.options();
    return new RunOptions(
        stream, "holder-" + n, standard.through(), standard.leaseTtl(), standard.policy());
  }

  private String state() {
    try {
      return String.join(
          ",",
          db.query(
              "SELECT indisvalid AND indisready AND indislive FROM pg_index"
                  + " WHERE indexrelid = to_regclass('i')"));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What the index was like at the very moment when a run said Verified. */
  private final class Witness implements RunListener {
    private final List<String> seen = new CopyOnWriteArrayList<>();

    @Override
    public void planned(List<StepState> steps) {
      steps.forEach(this::changed); // another run may have been first
    }

    @Override
    public void changed(StepState step) {
      if (step.phase() == Phase.VERIFIED) {
        seen.add(state());
      }
    }

    @Override
    public void waiting(Cause cause) {
      // It is to end, whatever it waits for.
    }

    @Override
    public void resumed() {
      // Nothing to see.
    }
  }

  /** Ends one session that has to do with the table, or one of Pawl's. */
  private void kill(Random random) throws SQLException {
    var backends =
        db.query(
            "SELECT DISTINCT a.pid FROM pg_stat_activity a LEFT JOIN pg_locks l ON l.pid = a.pid"
                + " AND l.relation = 't'::regclass WHERE a.datname = current_database()"
                + " AND a.pid <> pg_backend_pid()"
                + " AND (l.pid IS NOT NULL OR a.application_name = 'pawl') ORDER BY 1");
    if (!backends.isEmpty()) {
      db.query(
          "SELECT pg_terminate_backend(" + backends.get(random.nextInt(backends.size())) + ")");
    }
  }

  @ParameterizedTest
  @CsvSource({"1, true", "2, true", "3, true", "4, false", "5, false", "6, false"})
  void noRunEverCallsAnUnfinishedIndexVerified(long seed, boolean oneStream) throws Exception {
    db = TestDatabase.fresh();
    db.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a int)",
        "INSERT INTO t SELECT g, g FROM generate_series(1, 5000) g");
    var random = new Random(seed);
    var witnesses = List.of(new Witness(), new Witness());
    var runs = new ArrayList<CompletableFuture<Result>>();
    var naive = new ArrayList<CompletableFuture<Exception>>();
    Connection writer = null;
    for (int round = 0; round < 12; round++) {
      if (round < 2) {
        var stream = oneStream ? "one" : "stream" + round;
        runs.add(
            Clients.start(
                MigrationRun.of(
                    db.target(),
                    files("1_i.sql", INDEX),
                    options(stream, round),
                    witnesses.get(round))));
      }
      switch (random.nextInt(4)) {
        case 0 -> naive.add(Clients.execute(db, INDEX));
        case 1 -> kill(random);
        case 2 -> {
          if (writer != null) {
            writer.close();
          }
          writer = Clients.open(db, "UPDATE t SET a = a WHERE id = " + (1 + random.nextInt(9)));
        }
        default -> {
          if (writer != null) {
            writer.close();
          }
          writer = null;
        }
      }
      TimeUnit.MILLISECONDS.sleep(random.nextInt(500));
    }
    if (writer != null) {
      writer.close();
    }
    for (var client : naive) {
      client.get(60, TimeUnit.SECONDS);
    }
    for (int n = 0; n < 2; n++) {
      var result = runs.get(n).get(60, TimeUnit.SECONDS);
      if (!(result instanceof Result.Verified)) {
        // Its lease was lost with its sessions: the next run goes on.
        assertThat(result).isInstanceOf(Result.Unavailable.class);
        var next =
            MigrationRun.of(
                db.target(),
                files("1_i.sql", INDEX),
                options(oneStream ? "one" : "stream" + n, n + 2),
                witnesses.get(n));
        assertThat(next.run()).isInstanceOf(Result.Verified.class);
      }
      assertThat(witnesses.get(n).seen).isNotEmpty().allMatch("t"::equals);
    }
    assertThat(state()).isEqualTo("t");
    assertThat(db.query("SELECT count(*) FROM pg_index WHERE indrelid = 't'::regclass"))
        .as("the primary key and the index, and no leftovers")
        .containsExactly("2");
  }
}
