package dev.pawl.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.sql.DatabaseKind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Settings that a file of CockroachDB's makes in passing: each schema change runs on its own. */
class CockroachSettingsTest {
  private static List<String> problems(String sql) {
    try {
      Planner.plan(List.of(new SourceFile("1_x.sql", sql)), DatabaseKind.COCKROACHDB);
      return List.of();
    } catch (InvalidSourceException e) {
      return e.problems().stream().map(Problem::toString).toList();
    }
  }

  @Test
  void anotherDatabaseIsRefusedAlsoForOneTransaction() {
    for (var sql :
        List.of(
            "SET LOCAL database = other",
            "set local \"database\" to other",
            "SELECT set_config('database', 'other', true)",
            "SELECT pg_catalog.set_config('DATABASE', 'other', false)")) {
      assertThat(problems(sql + ";\nINSERT INTO t VALUES (1)"))
          .as(sql)
          .singleElement()
          .asString()
          .startsWith("1_x.sql:1:1: ")
          .containsAnyOf("would not find its ledger", "SELECT set_config");
    }
  }

  @Test
  void whatALongerStatementSetsIsRefused() {
    for (var sql :
        List.of(
            "SELECT set_config('database', 'other', false), 1",
            "SELECT set_config('search_path', 'app', true), 1",
            "SELECT 1, set_config('data' || 'base', 'other', true)",
            "INSERT INTO t SELECT 1 FROM (SELECT set_config(name, value, false) FROM s)",
            "WITH s AS (SELECT set_config('search_path', 'app', false)) SELECT * FROM s")) {
      assertThat(problems(sql))
          .as(sql)
          .singleElement()
          .asString()
          .startsWith("1_x.sql:1:1: ")
          .contains("SELECT set_config('name', 'value', false) alone");
    }
  }

  @Test
  void whatHoldsForOneTransactionIsRefusedBeforeASchemaChangeWhichWouldMissIt() {
    for (var set :
        List.of(
            "SET LOCAL search_path = app",
            "SET LOCAL SCHEMA app",
            "SET LOCAL default_int_size = 4")) {
      assertThat(problems(set + ";\nCREATE TABLE t (a INT)"))
          .as(set)
          .singleElement()
          .asString()
          .startsWith("1_x.sql:1:1: ")
          .contains("would not hold for line 2", "write it as a SET");
      assertThat(problems(set + ";\nINSERT INTO t VALUES (1)")).as(set).isEmpty();
    }
    assertThat(problems("SET search_path = app;\nCREATE TABLE t (a INT)")).isEmpty();
    assertThat(problems("SELECT set_config('search_path', 'app', false);\nCREATE TABLE t (a INT)"))
        .isEmpty();
  }
}
