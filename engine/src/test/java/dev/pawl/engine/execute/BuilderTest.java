package dev.pawl.engine.execute;

import static dev.pawl.engine.testing.TestDatabase.files;
import static dev.pawl.engine.testing.TestDatabase.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.engine.testing.Clients;
import dev.pawl.engine.testing.Recorder;
import dev.pawl.engine.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What harms a CREATE INDEX CONCURRENTLY that is at work, shown with naive clients, and that Pawl
 * does not; on a real PostgreSQL.
 */
@Timeout(240)
@Tag(TestDatabase.SESSION)
class BuilderTest {
  private static final String INDEX = "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a)";
  private static final String WORKS_ON_T =
      "SELECT 1 FROM pg_locks WHERE relation = 't'::regclass AND granted"
          + " AND mode = 'ShareUpdateExclusiveLock'";

  private static final String WAITS_FOR_WRITERS =
      "SELECT 1 FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE NOT l.granted"
          + " AND l.locktype = 'virtualxid' AND a.datname = current_database()";

  private TestDatabase db;

  @BeforeEach
  void table() throws Exception {
    db = TestDatabase.fresh();
    db.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a int, b int)",
        "CREATE INDEX old ON t (b)",
        "CREATE TABLE elsewhere (a int)",
        "INSERT INTO t SELECT g, g, g FROM generate_series(1, 2000) g");
  }

  /** Holds up every build on the table until it is closed. */
  private Connection writer() throws SQLException {
    return Clients.open(db, "UPDATE t SET a = a WHERE id = 1");
  }

  private CompletableFuture<Exception> build() throws Exception {
    var build = Clients.execute(db, INDEX);
    db.await("SELECT 1 FROM pg_class WHERE relname = 'i'");
    return build;
  }

  private boolean valid() throws SQLException {
    return db.query("SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass")
        .equals(List.of("t"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        INDEX,
        "ALTER TABLE t ADD COLUMN z int",
        "DROP INDEX CONCURRENTLY old",
        "BEGIN; SELECT 1; LOCK TABLE t IN SHARE UPDATE EXCLUSIVE MODE; COMMIT",
      })
  void aNaiveClientThatWaitsGetsTheBuilderKilled(String waiter) throws Exception {
    CompletableFuture<Exception> build;
    CompletableFuture<Exception> naive;
    try (var writer = writer()) {
      build = build();
      naive = Clients.execute(db, waiter);
      // It has looked for a dead-lock, after a second, and found none yet.
      db.await(
          "SELECT 1 FROM pg_locks WHERE relation = 't'::regclass AND NOT granted"
              + " AND waitstart < clock_timestamp() - interval '3 s'");
    }
    var killed = build.get(60, TimeUnit.SECONDS);
    assertThat(killed).isNotNull();
    assertThat(((SQLException) killed).getSQLState()).isEqualTo("40P01");
    assertThat(naive.get(60, TimeUnit.SECONDS)).as("the waiter is told of success").isNull();
    assertThat(valid()).isFalse();
    db.execute(INDEX); // success again, and nothing of it is so
    assertThat(valid()).isFalse();
    assertThat(db.run("1_i.sql", INDEX)).isInstanceOf(Result.Verified.class);
    assertThat(valid()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE INDEX CONCURRENTLY i2 ON t (b)",
        "ALTER TABLE t ADD COLUMN z int",
        "DROP INDEX CONCURRENTLY old",
        "REINDEX INDEX CONCURRENTLY old",
        "REINDEX TABLE t",
        "LOCK TABLE t IN SHARE UPDATE EXCLUSIVE MODE",
        "VACUUM FULL t",
      })
  void pawlsOwnWaitsLeaveTheBuilderUnharmed(String sql) throws Exception {
    CompletableFuture<Exception> build;
    CompletableFuture<Result> run;
    try (var writer = writer()) {
      build = build();
      run =
          Clients.start(
              MigrationRun.of(db.target(), files("1_x.sql", sql), options(), new Recorder()));
      TimeUnit.MILLISECONDS.sleep(1600);
      assertThat(run).isNotDone();
    }
    assertThat(build.get(60, TimeUnit.SECONDS)).as("the builder's error").isNull();
    assertThat(run.get(60, TimeUnit.SECONDS)).isInstanceOf(Result.Verified.class);
    assertThat(valid()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"lock_timeout", "statement_timeout", "transaction_timeout"})
  void aTimeOutCutsANaiveBuildButNotPawls(String timeout) throws Exception {
    if (db.query("SELECT 1 FROM pg_settings WHERE name = '" + timeout + "'").isEmpty()) {
      assertThat(timeout).isEqualTo("transaction_timeout"); // of PostgreSQL 17
      return;
    }
    var set = "SET " + timeout + " = '2s'"; // by then the index is there
    try (var writer = writer()) {
      assertThatThrownBy(() -> db.execute(set, INDEX)).isInstanceOf(SQLException.class);
    }
    assertThat(valid()).isFalse();
    CompletableFuture<Result> run;
    try (var writer = writer()) {
      var source = files("1_i.sql", set + ";\n" + INDEX.replace(" i ", " j "));
      run = Clients.start(MigrationRun.of(db.target(), source, options(), new Recorder()));
      db.await(WORKS_ON_T);
      TimeUnit.MILLISECONDS.sleep(2500);
      assertThat(run).isNotDone();
    }
    assertThat(run.get(60, TimeUnit.SECONDS)).isInstanceOf(Result.Verified.class);
    assertThat(db.query("SELECT attempts FROM pawl.step")).containsExactly("1");
  }

  /** Between the two scans of a build that somebody else begins, a duplicate is committed. */
  private <T> T duplicated(Supplier<T> begin) throws Exception {
    T begun;
    Connection late;
    try (var writer = writer()) {
      begun = begin.get();
      db.await(WAITS_FOR_WRITERS); // for those there are: not for the next
      late = Clients.open(db, "INSERT INTO t VALUES (5000, 1, 1)");
    }
    try (late) {
      db.await("SELECT 1 FROM pg_index WHERE indexrelid = 'i'::regclass AND indisready");
      late.commit();
    }
    return begun;
  }

  @Test
  void theLeftoverOfAFailedUniqueBuildRejectsRowsAndPawlsIsGoneAtOnce() throws Exception {
    var unique = "CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)";
    var naive = duplicated(() -> Clients.execute(db, unique)).get(60, TimeUnit.SECONDS);
    assertThat(((SQLException) naive).getSQLState()).isEqualTo("23505");
    assertThat(valid()).isFalse();
    assertThatThrownBy(() -> db.execute("INSERT INTO t VALUES (5001, 2, 2)"))
        .hasMessageContaining("duplicate key");

    db.execute("DROP INDEX i", "DELETE FROM t WHERE id = 5000");
    var run = MigrationRun.of(db.target(), files("1_i.sql", unique), options(), new Recorder());
    var failed = (Result.Failed) duplicated(() -> Clients.start(run)).get(60, TimeUnit.SECONDS);
    assertThat(failed.cause().sqlstate()).contains("23505");
    assertThat(db.query("SELECT to_regclass('i')")).containsExactly("null");
    db.execute("INSERT INTO t VALUES (5001, 2, 2)");
  }

  @Test
  void aLiveBuilderIsSeenWithoutPrivileges() throws Exception {
    db.execute(
        "DO $$BEGIN CREATE ROLE pawl_app LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END$$",
        "ALTER TABLE t OWNER TO pawl_app",
        "GRANT CREATE ON SCHEMA public TO pawl_app",
        "CREATE SCHEMA pawl AUTHORIZATION pawl_app");
    var heard = new Recorder();
    CompletableFuture<Exception> build;
    CompletableFuture<Result> run;
    try (var writer = writer()) {
      build = build(); // by another role
      var source = files("1_i.sql", INDEX);
      run = Clients.start(MigrationRun.of(db.target("pawl_app"), source, options(), heard));
      db.await("SELECT 1 FROM pawl.step WHERE phase = 'Applying'");
      TimeUnit.MILLISECONDS.sleep(1500);
      assertThat(run).isNotDone();
      try (var other = db.connect("pawl_app");
          var rows =
              other
                  .createStatement()
                  .executeQuery("SELECT phase FROM pg_stat_progress_create_index")) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getString(1)).as("what it does is hidden").isNull();
      }
    }
    assertThat(build.get(60, TimeUnit.SECONDS)).isNull();
    assertThat(run.get(60, TimeUnit.SECONDS)).isInstanceOf(Result.Verified.class);
    assertThat(heard.messages("1#1")).anyMatch(m -> m.startsWith("following: backend"));
    assertThat(db.query("SELECT attempts FROM pawl.step")).containsExactly("0");
  }

  @Test
  void aVacuumIsWaitedForAndNotHarmed() throws Exception {
    db.execute("ALTER TABLE t SET (autovacuum_enabled = off)");
    var heard = new Recorder();
    CompletableFuture<Exception> vacuum;
    CompletableFuture<Result> run;
    try (var holder = Clients.open(db, "ALTER INDEX old SET TABLESPACE pg_default")) {
      vacuum = Clients.execute(db, "VACUUM t"); // its next lock is that of the index
      db.await(WORKS_ON_T);
      run = Clients.start(MigrationRun.of(db.target(), files("1_i.sql", INDEX), options(), heard));
      heard.awaitMessage("1#1", m -> m.contains("works on t"));
    }
    assertThat(run.get(60, TimeUnit.SECONDS)).isInstanceOf(Result.Verified.class);
    assertThat(vacuum.get(60, TimeUnit.SECONDS)).as("its error").isNull();
    assertThat(valid()).isTrue();
  }

  @Test
  void aRepeatableReadTransactionHoldsUpABuildAndIsNamed() throws Exception {
    var heard = new Recorder();
    CompletableFuture<Result> run;
    String holder;
    try (var reader = db.connect()) {
      reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      reader.setAutoCommit(false);
      reader.createStatement().execute("SELECT * FROM elsewhere"); // not even of that table
      holder = "held up by backend " + Clients.backend(reader);
      run = Clients.start(MigrationRun.of(db.target(), files("1_i.sql", INDEX), options(), heard));
      heard.awaitMessage("1#1", holds(holder));
      assertThat(run).isNotDone();
    }
    assertThat(run.get(60, TimeUnit.SECONDS)).isInstanceOf(Result.Verified.class);
    assertThat(db.query("SELECT attempts FROM pawl.step")).containsExactly("1");
  }

  private static Predicate<String> holds(String holder) {
    return m -> m.contains("waiting for old snapshots, " + holder);
  }
}
