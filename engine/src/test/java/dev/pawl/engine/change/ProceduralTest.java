package dev.pawl.engine.change;

import static dev.pawl.engine.change.Classified.cockroachdb;
import static dev.pawl.engine.change.Classified.postgresql;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProceduralTest {

  private static SchemaChange block(String body) {
    return postgresql("DO $$ BEGIN " + body + " END $$");
  }

  private static final Procedural WHOLE = new Procedural("DO", false);
  private static final Procedural SPLITS = new Procedural("DO", true);

  @Test
  void splitsTheTransactionWhereItCommits() {
    assertThat(block("PERFORM 1;")).isEqualTo(WHOLE);
    assertThat(block("UPDATE t SET a = 1; commit;")).isEqualTo(SPLITS);
    assertThat(block("IF x THEN ROLLBACK; END IF;")).isEqualTo(SPLITS);
    assertThat(block("CALL other();")).isEqualTo(SPLITS);
    assertThat(block("PERFORM 1; CALL other();")).isEqualTo(SPLITS);
    assertThat(block("<<here>> CALL other();")).isEqualTo(SPLITS);
    assertThat(block("<<here>> PERFORM f(call);")).isEqualTo(WHOLE);
    assertThat(postgresql("DO 'COMMIT'")).isEqualTo(SPLITS);
    assertThat(postgresql("CALL p()")).isEqualTo(new Procedural("CALL", true));
    assertThat(SPLITS.transactional()).isFalse();
    assertThat(WHOLE.transactional()).isTrue();
  }

  @Test
  void isNotMisledByStringsCommentsAndColumns() {
    assertThat(block("RAISE NOTICE 'COMMIT'; -- COMMIT\n PERFORM t.commit FROM t;"))
        .isEqualTo(WHOLE);
  }

  @Test
  void readsEveryFormOfABlock() {
    assertThat(postgresql("DO LANGUAGE plpgsql 'BEGIN COMMIT; END'")).isEqualTo(SPLITS);
    assertThat(postgresql("DO E'BEGIN\\nCOMMIT; END' LANGUAGE \"plpgsql\"")).isEqualTo(SPLITS);
    assertThat(postgresql("DO $x$ BEGIN END $x$ LANGUAGE 'plpgsql'")).isEqualTo(WHOLE);
    assertThat(postgresql("DO $x$ pass $x$ LANGUAGE plpython3u")).isEqualTo(SPLITS);
  }

  @Test
  void splitsOnCockroachdbWhereItChangesTheSchema() {
    assertThat(cockroachdb("DO $$ BEGIN CREATE TABLE t (a INT); END $$")).isEqualTo(SPLITS);
    assertThat(block("CREATE TABLE t (a INT);")).isEqualTo(WHOLE);
  }
}
