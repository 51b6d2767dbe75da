package dev.pawl.engine.change;

import static dev.pawl.engine.change.Classified.cockroachdb;
import static dev.pawl.engine.change.Classified.postgresql;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.sql.DatabaseKind;
import java.util.List;
import org.junit.jupiter.api.Test;

class DmlTest {

  @Test
  void isToldByTheFirstWord() {
    for (var sql :
        List.of(
            "INSERT INTO t VALUES (1)",
            "update t set a = 1",
            "DELETE FROM t",
            "WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x",
            "SELECT 1",
            "VALUES (1)",
            "TABLE t",
            "COPY t FROM '/x'",
            "EXPLAIN SELECT 1")) {
      var keyword = sql.substring(0, sql.indexOf(' ')).toUpperCase(java.util.Locale.ROOT);
      assertThat(postgresql(sql)).isEqualTo(new Dml(keyword));
    }
    assertThat(postgresql("(SELECT 1) UNION (SELECT 2)")).isEqualTo(new Dml("SELECT"));
    assertThat(postgresql("MERGE INTO t USING u ON true WHEN MATCHED THEN DELETE"))
        .isEqualTo(new Dml("MERGE"));
    assertThat(cockroachdb("UPSERT INTO t VALUES (1)")).isEqualTo(new Dml("UPSERT"));
    assertThat(postgresql("UPSERT INTO t VALUES (1)")).isInstanceOf(Unclassified.class);
  }

  @Test
  void isNotWhatExplainAnalyzeExecutes() {
    for (var sql :
        List.of(
            "EXPLAIN ANALYZE CREATE TABLE IF NOT EXISTS t AS SELECT 1",
            "EXPLAIN ANALYZE VERBOSE CREATE TABLE t AS SELECT 1",
            "EXPLAIN (VERBOSE, ANALYZE) CREATE MATERIALIZED VIEW v AS SELECT 1",
            "explain analyse refresh materialized view v",
            "EXPLAIN ANALYZE EXECUTE p")) {
      assertThat(postgresql(sql)).as(sql).isInstanceOf(Unclassified.class);
    }
    for (var sql :
        List.of(
            "EXPLAIN CREATE TABLE t AS SELECT 1",
            "EXPLAIN VERBOSE SELECT 1",
            "EXPLAIN ANALYZE VERBOSE DELETE FROM t",
            "EXPLAIN (ANALYZE) MERGE INTO t USING u ON true WHEN MATCHED THEN DELETE")) {
      assertThat(postgresql(sql)).as(sql).isEqualTo(new Dml("EXPLAIN"));
    }
  }

  @Test
  void mayHideASessionSetting() {
    for (var sql :
        List.of(
            "SELECT set_config('search_path', 'a', false), 1",
            "SELECT set_config('search_path', 'a', true)",
            "SELECT set_config('search_path', a, false) FROM t",
            "SELECT set_config(a, b, false) FROM t")) {
      assertThat(Classified.all(DatabaseKind.POSTGRESQL, sql))
          .as(sql)
          .containsExactly(new Dml("SELECT"), new SessionSetting("set_config"));
    }
  }

  @Test
  void isASessionSettingInOtherWords() {
    assertThat(
            Classified.all(
                DatabaseKind.POSTGRESQL, "SELECT pg_catalog.set_config('Search_Path', '', false)"))
        .containsExactly(new SessionSetting("search_path"));
  }
}
