package dev.pawl.engine.execute;

import static dev.pawl.engine.testing.TestDatabase.files;
import static dev.pawl.engine.testing.TestDatabase.options;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.ledger.Fence;
import dev.pawl.engine.ledger.Lease;
import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.testing.Recorder;
import dev.pawl.engine.testing.TestDatabase;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a role that owns its tables only can do: docs/least-privilege.md says the same. */
@Timeout(240)
class LeastPrivilegeTest {
  private static final Lease LEASE = Lease.of(DatabaseKind.POSTGRESQL);

  private TestDatabase db;

  @BeforeEach
  void roles() throws Exception {
    db = TestDatabase.fresh();
    db.execute(
        "DO $$BEGIN CREATE ROLE pawl_app LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END$$",
        "DO $$BEGIN CREATE ROLE pawl_other LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END$$",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        "CREATE SCHEMA app AUTHORIZATION pawl_app",
        "CREATE TABLE app.t (a int, b text)",
        "ALTER TABLE app.t OWNER TO pawl_app");
  }

  private Result run(String... source) {
    return MigrationRun.of(db.target("pawl_app"), files(source), options(), new Recorder()).run();
  }

  @Test
  @Tag(TestDatabase.SESSION)
  void aSchemaMadeBeforehandIsEnough() throws Exception {
    db.execute("CREATE SCHEMA pawl AUTHORIZATION pawl_app");
    var result =
        run(
            "1_c.sql", "ALTER TABLE app.t ADD COLUMN c int;",
            "2_i.sql", "CREATE INDEX CONCURRENTLY i ON app.t (a);",
            "3_i.sql", "CREATE INDEX IF NOT EXISTS i ON app.t (a);",
            "4_r.sql", "REINDEX TABLE CONCURRENTLY app.t;",
            "5_v.sql", "VACUUM app.t;",
            "6_d.sql", "DROP INDEX CONCURRENTLY app.i;");
    assertThat(result).isInstanceOf(Result.Verified.class);
  }

  @Test
  void aLedgerMadeByAnAdministratorIsEnough() throws Exception {
    db.run("1_c.sql", "SELECT 1");
    db.execute(
        "GRANT USAGE ON SCHEMA pawl TO pawl_app",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA pawl TO pawl_app");
    assertThat(run("1_c.sql", "SELECT 1", "2_c.sql", "ALTER TABLE app.t ADD COLUMN c int;"))
        .isInstanceOf(Result.Verified.class);
  }

  @Test
  void withoutEitherItIsSaidWhatToGrant() {
    var cause = ((Result.Unavailable) run("1_c.sql", "SELECT 1")).cause();
    assertThat(cause.sqlstate()).contains("42501");
    assertThat(cause.message())
        .contains("permission denied")
        .contains("CREATE SCHEMA pawl AUTHORIZATION")
        .doesNotContain("cannot be reached");
  }

  @Test
  @Tag(TestDatabase.SESSION)
  void withoutTemporaryTablesNothingIsTakenForTheSame() throws Exception {
    db.execute("CREATE SCHEMA pawl AUTHORIZATION pawl_app");
    var name = db.query("SELECT current_database()").getFirst();
    db.execute("REVOKE TEMP ON DATABASE " + name + " FROM PUBLIC");
    for (var sql :
        new String[] {
          "ALTER TABLE app.t ADD COLUMN IF NOT EXISTS b int;",
          "CREATE INDEX CONCURRENTLY i ON app.t (a);"
        }) {
      var failed = run("1_c.sql", sql);
      assertThat(failed).as(sql).isInstanceOf(Result.Failed.class);
      assertThat(((Result.Failed) failed).human()).isTrue();
      assertThat(((Result.Failed) failed).cause().sqlstate()).contains("42501");
      db.execute("DROP SCHEMA pawl CASCADE", "CREATE SCHEMA pawl AUTHORIZATION pawl_app");
    }
  }

  @Test
  void aBackendOfARoleThatCannotBeSeenIsNotTakenForGone() throws Exception {
    db.run("1_c.sql", "SELECT 1");
    db.execute(
        "GRANT USAGE ON SCHEMA pawl TO pawl_app, pawl_other",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA pawl TO pawl_app,"
            + " pawl_other");
    try (var old = db.connect("pawl_app");
        var next = db.connect("pawl_other")) {
      old.createStatement().execute("SET application_name = 'pawl'");
      int pid = old.unwrap(org.postgresql.core.BaseConnection.class).getBackendPID();
      var ttl = Duration.ofSeconds(60);
      var taken = (Lease.Attempt.Taken) LEASE.take(old, "s", "A", ttl);
      var holder = new Fence.Holder("s", "A", taken.epoch());
      LEASE.register(old, holder, Optional.of(pid));
      LEASE.release(old, holder);
      assertThat(LEASE.take(next, "s", "B", ttl)).isEqualTo(new Lease.Attempt.Lingering("A", pid));
    }
    db.await("SELECT 1 WHERE NOT EXISTS (SELECT FROM pg_stat_activity WHERE usename = 'pawl_app')");
    try (var next = db.connect("pawl_other")) {
      assertThat(LEASE.take(next, "s", "B", Duration.ofSeconds(60)))
          .isInstanceOf(Lease.Attempt.Taken.class);
    }
  }
}
