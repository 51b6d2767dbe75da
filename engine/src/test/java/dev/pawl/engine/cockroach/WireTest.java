package dev.pawl.engine.cockroach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.engine.cockroach.world.ModelVersion;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/** The model speaks the protocol as a client expects it. */
class WireTest {
  private static final CockroachModel MODEL =
      CockroachModel.start(ModelOptions.of(ModelVersion.V25_2));

  @AfterAll
  static void end() {
    MODEL.close();
  }

  static List<String> query(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      var all = new ArrayList<String>();
      while (rows.next()) {
        var columns = new ArrayList<String>();
        for (int k = 1; k <= rows.getMetaData().getColumnCount(); k++) {
          columns.add(rows.getString(k));
        }
        all.add(String.join("|", columns));
      }
      return all;
    }
  }

  private static TransactionState state(Connection connection) throws SQLException {
    return connection.unwrap(BaseConnection.class).getTransactionState();
  }

  @Test
  void itSaysThatItIsCockroachDbOfItsVersion() throws SQLException {
    try (var connection = MODEL.connect()) {
      assertThat(query(connection, "SELECT version()").getFirst())
          .startsWith("CockroachDB CCL v25.2.1 (");
      assertThat(query(connection, "SELECT pg_catalog.version()").getFirst())
          .startsWith("CockroachDB CCL v25.2.1 (");
    }
  }

  @Test
  void anErrorHasItsSqlstateAndFailsTheTransaction() throws SQLException {
    try (var connection = MODEL.connect();
        var statement = connection.createStatement()) {
      assertThat(state(connection)).isEqualTo(TransactionState.IDLE);
      statement.execute("BEGIN");
      assertThat(state(connection)).isEqualTo(TransactionState.OPEN);
      assertThatThrownBy(() -> statement.execute("SELECT 1/0"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("22012"));
      assertThat(state(connection)).isEqualTo(TransactionState.FAILED);
      assertThatThrownBy(() -> statement.execute("SELECT 1"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("25P02"));
      statement.execute("ROLLBACK");
      assertThat(state(connection)).isEqualTo(TransactionState.IDLE);
    }
  }

  @Test
  void severalStatementsInOneMessageAreOneTransaction() throws SQLException {
    try (var connection = MODEL.connect();
        var statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA IF NOT EXISTS pawl; CREATE TABLE pawl.a (x INT8)");
      assertThatThrownBy(
              () ->
                  statement.execute("INSERT INTO pawl.a VALUES (1); INSERT INTO pawl.a SELECT 1/0"))
          .isInstanceOf(SQLException.class);
      assertThat(query(connection, "SELECT count(*) FROM pawl.a")).containsExactly("0");
      statement.execute("INSERT INTO pawl.a VALUES (1); INSERT INTO pawl.a VALUES (2)");
      assertThat(query(connection, "SELECT count(*) FROM pawl.a")).containsExactly("2");
      statement.execute("BEGIN; INSERT INTO pawl.a VALUES (3)");
      assertThat(state(connection)).isEqualTo(TransactionState.OPEN);
      statement.execute("ROLLBACK");
    }
  }

  @Test
  void transactionsAreSerializable() throws SQLException {
    try (var one = MODEL.connect();
        var two = MODEL.connect();
        var first = one.createStatement();
        var second = two.createStatement()) {
      first.execute(
          "CREATE SCHEMA IF NOT EXISTS pawl; CREATE TABLE pawl.s (x INT8);"
              + " INSERT INTO pawl.s VALUES (1)");
      first.execute("BEGIN; SELECT x FROM pawl.s");
      second.execute("BEGIN; SELECT x FROM pawl.s");
      first.execute("UPDATE pawl.s SET x = x + 1");
      first.execute("COMMIT");
      assertThatThrownBy(() -> second.execute("UPDATE pawl.s SET x = x + 1"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("40001"));
      second.execute("ROLLBACK");
    }
  }

  @Test
  void settingsThatOnlyCockroachDbHasAreSetShownAndRolledBack() throws SQLException {
    try (var connection = MODEL.connect();
        var statement = connection.createStatement()) {
      assertThat(query(connection, "SHOW autocommit_before_ddl")).containsExactly("on");
      statement.execute("BEGIN; SET LOCAL autocommit_before_ddl = off");
      assertThat(query(connection, "SELECT current_setting('autocommit_before_ddl')"))
          .containsExactly("off");
      statement.execute("ROLLBACK");
      assertThat(query(connection, "SHOW autocommit_before_ddl")).containsExactly("on");
      statement.execute("SET autocommit_before_ddl = off");
      assertThat(query(connection, "SHOW autocommit_before_ddl")).containsExactly("off");
    }
  }

  @Test
  void aCancelledStatementEndsWith57014() throws Exception {
    try (var connection = MODEL.connect();
        var statement = connection.createStatement()) {
      var ended = new AtomicBoolean();
      var cancel =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      while (!ended.get()) { // the statement may not have begun yet
                        Thread.sleep(100);
                        statement.cancel();
                      }
                    } catch (SQLException | InterruptedException e) {
                      throw new IllegalStateException(e);
                    }
                  });
      assertThatThrownBy(() -> statement.execute("SELECT pg_sleep(120)"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57014"));
      ended.set(true);
      cancel.join();
      assertThat(query(connection, "SELECT 1")).containsExactly("1");
    }
  }

  @Test
  void aUserThatIsNotThereIsRefused() {
    assertThatThrownBy(() -> MODEL.connect(0, "nobody"))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28000"));
  }

  @Test
  void aFaultStrikesTheStatementItWasMadeFor() throws SQLException {
    try (var model = CockroachModel.start(ModelOptions.of(ModelVersion.V25_2));
        var connection = model.connect();
        var statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA pawl; CREATE TABLE pawl.f (x INT8)");
      model.inject(Fault.error("insert into pawl\\.f", "40001", "restart transaction").at(2));
      statement.execute("INSERT INTO pawl.f VALUES (1)");
      statement.execute("BEGIN");
      assertThatThrownBy(() -> statement.execute("INSERT INTO pawl.f VALUES (2)"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("40001"));
      assertThat(state(connection)).isEqualTo(TransactionState.FAILED);
      statement.execute("ROLLBACK");
      model.inject(Fault.errorAfter("COMMIT", "40003", "result is ambiguous"));
      statement.execute("BEGIN; INSERT INTO pawl.f VALUES (3)");
      assertThatThrownBy(() -> statement.execute("COMMIT"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("40003"));
      model.inject(Fault.cut(Fault.Kind.CUT_AFTER, "VALUES \\(4\\)"));
      assertThatThrownBy(() -> statement.execute("INSERT INTO pawl.f VALUES (4)"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).startsWith("08"));
      try (var again = model.connect()) {
        assertThat(query(again, "SELECT x FROM pawl.f ORDER BY x")).containsExactly("1", "3", "4");
      }
      assertThat(model.faultsSpent()).isTrue();
    }
  }
}
