package dev.pawl.engine.change;

import static dev.pawl.engine.change.Classified.cockroachdb;
import static dev.pawl.engine.change.Classified.postgresql;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.QualifiedName;
import org.junit.jupiter.api.Test;

class CreateTableTest {
  private static final QualifiedName T = QualifiedName.of("t");

  @Test
  void namesTheTable() {
    assertThat(postgresql("CREATE TABLE Public.\"T\" (id int CHECK (id > 0) NOT VALID)"))
        .isEqualTo(new CreateTable(QualifiedName.of("public", "T"), false, false));
    assertThat(postgresql("CREATE UNLOGGED TABLE IF NOT EXISTS t ()"))
        .isEqualTo(new CreateTable(T, true, false));
    assertThat(Classified.all(DatabaseKind.POSTGRESQL, "create temporary table t (a int)"))
        .containsExactly(new CreateTable(T, false, false), new SessionSetting("temporary table"));
    assertThat(postgresql("CREATE TABLE t PARTITION OF p FOR VALUES IN (1)"))
        .isEqualTo(new CreateTable(T, false, false));
  }

  @Test
  void knowsWhenItIsFilledByAQuery() {
    assertThat(cockroachdb("CREATE TABLE t AS SELECT 1"))
        .isEqualTo(new CreateTable(T, false, true));
    assertThat(cockroachdb("CREATE TABLE IF NOT EXISTS t (a, b) AS (VALUES (1, 2))"))
        .isEqualTo(new CreateTable(T, true, true));
    assertThat(postgresql("CREATE TABLE t WITH (fillfactor = 70) AS TABLE u WITH NO DATA"))
        .isEqualTo(new CreateTable(T, false, true));
  }

  @Test
  void isNotMisledByOtherMeaningsOfAs() {
    assertThat(postgresql("CREATE TABLE t (a int GENERATED ALWAYS AS (1) STORED)"))
        .isEqualTo(new CreateTable(T, false, false));
    assertThat(cockroachdb("CREATE TABLE t (a INT) LOCALITY REGIONAL BY ROW AS region"))
        .isEqualTo(new CreateTable(T, false, false));
  }
}
