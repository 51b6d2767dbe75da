package dev.pawl.engine.execute;

import static dev.pawl.engine.testing.TestDatabase.files;
import static dev.pawl.engine.testing.TestDatabase.options;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.testing.FakePooler;
import dev.pawl.engine.testing.Recorder;
import dev.pawl.engine.testing.TestDatabase;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Behind a pooler nothing is done that needs a session, and no setting is left to its others. */
@Timeout(240)
class PoolerTest {
  private TestDatabase db;
  private FakePooler pooler;
  private Target target;

  @BeforeEach
  void pooler() throws Exception {
    db = TestDatabase.fresh();
    db.execute("CREATE TABLE t (a int)");
    var t = db.direct();
    pooler = new FakePooler(t.port());
    target =
        new Target(
            t.host(),
            pooler.port(),
            t.database(),
            t.user(),
            t.password(),
            t.tlsMode(),
            t.caPem(),
            Optional.empty());
  }

  @AfterEach
  void close() throws Exception {
    pooler.close();
  }

  private Result run(String sql) {
    return MigrationRun.of(target, files("1_x.sql", sql), options(), new Recorder()).run();
  }

  @Test
  void aTransactionRunsAndNoSettingOutlivesIt() throws Exception {
    db.execute(
        "ALTER DATABASE "
            + db.target().database()
            + " SET default_transaction_isolation = 'repeatable read'");
    assertThat(
            run(
                "CREATE TABLE seen AS SELECT current_setting('default_transaction_isolation') AS d,"
                    + " current_setting('transaction_isolation') AS t"))
        .isInstanceOf(Result.Verified.class);
    assertThat(db.query("SELECT d, t FROM seen")).containsExactly("repeatable read|read committed");
  }

  @Test
  void whatNeedsASessionIsRefusedAndNotTried() throws Exception {
    for (var sql :
        new String[] {
          "CREATE INDEX CONCURRENTLY i ON t (a)",
          "SET search_path = public;\nCREATE TABLE u ()",
          "CREATE TABLE u ();\nSET search_path = public;\nCREATE TABLE v ()"
        }) {
      var failed = (Result.Failed) run(sql);
      assertThat(failed.cause().reason()).as(sql).isEqualTo("PoolerInTheWay");
      assertThat(failed.cause().message()).as(sql).contains("directUrl");
      assertThat(db.query("SELECT attempts FROM pawl.step")).as(sql).containsExactly("0");
    }
  }
}
