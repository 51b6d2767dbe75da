package dev.pawl.engine.change;

import static dev.pawl.engine.change.Classified.cockroachdb;
import static dev.pawl.engine.change.Classified.postgresql;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class UnclassifiedTest {

  @Test
  void saysWhy() {
    assertThat(postgresql("FROBNICATE t"))
        .isEqualTo(new Unclassified("Pawl does not know what FROBNICATE does"));
    assertThat(postgresql("{ x }")).isEqualTo(new Unclassified("Pawl does not know what { does"));
    assertThat(postgresql("CREATE GIZMO x"))
        .isEqualTo(new Unclassified("Pawl does not know what CREATE GIZMO does"));
    assertThat(cockroachdb("ALTER TABLE t SCATTER"))
        .isEqualTo(
            new Unclassified(
                "its facts could not be read: at 1:15 stands SCATTER where an action that Pawl"
                    + " knows should be"));
    assertThat(cockroachdb("DROP FUNCTION f"))
        .isEqualTo(
            new Unclassified(
                "Pawl does not know whether CockroachDB has finished a DROP FUNCTION when it"
                    + " returns"));
    assertThat(postgresql("COMMIT"))
        .isEqualTo(new Unclassified("COMMIT controls the transaction, which is Pawl's to do"));
  }

  @Test
  void neverPassesWhatIsBuiltConcurrentlyForTransactional() {
    for (var sql :
        List.of(
            "DROP INDEX CONCURRENTLY a b",
            "CREATE UNIQUE INDEX CONCURRENTLY i ON (a)",
            "ALTER TABLE t DETACH PARTITION p, q CONCURRENTLY",
            "ALTER TABLE t FROB CONCURRENTLY",
            "ALTER TABLE t DETACH PARTITION CONCURRENTLY",
            "CREATE INDEX IF NOT EXISTS CONCURRENTLY ON t (a)",
            "CREATE SCHEMA s CREATE TABLE t (a int) CREATE INDEX CONCURRENTLY i ON t (a)",
            "REINDEX (CONCURRENTLY) FROB t")) {
      assertThat(postgresql(sql)).as(sql).isInstanceOf(Unclassified.class);
    }
  }
}
