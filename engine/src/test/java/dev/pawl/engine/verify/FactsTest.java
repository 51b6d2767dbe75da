package dev.pawl.engine.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.change.AddColumn;
import dev.pawl.engine.change.AddConstraint;
import dev.pawl.engine.change.CreateIndex;
import dev.pawl.engine.change.CreateTable;
import dev.pawl.engine.change.OtherDdl;
import dev.pawl.engine.change.SchemaChange;
import dev.pawl.engine.plan.InvalidSourceException;
import dev.pawl.engine.plan.Planner;
import dev.pawl.engine.plan.SourceFile;
import dev.pawl.engine.sql.DatabaseKind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a history still says at its end. */
class FactsTest {
  /** The facts of a history of one statement a version, in words. */
  private static List<String> of(String... statements) {
    var source = new ArrayList<SourceFile>();
    for (int k = 0; k < statements.length; k++) {
      source.add(new SourceFile((k + 1) + "_x.sql", statements[k]));
    }
    try {
      return Facts.of(Planner.plan(source, DatabaseKind.POSTGRESQL).steps()).stream()
          .filter(f -> !(f.change() instanceof OtherDdl))
          .map(f -> f.step().version() + " " + words(f.change()))
          .toList();
    } catch (InvalidSourceException e) {
      throw new AssertionError(e.getMessage(), e);
    }
  }

  private static String words(SchemaChange change) {
    if (!(change instanceof CreateTable table)) {
      return change.describe();
    }
    var parts = new ArrayList<String>();
    for (var part : table.parts()) {
      parts.add(
          switch (part) {
            case AddColumn c -> c.column();
            case AddConstraint c -> c.name().orElse(c.kind().name());
            case CreateIndex c -> c.name().orElse("");
            default -> throw new AssertionError(part);
          });
    }
    return change.describe() + " (" + String.join(", ", parts) + ")";
  }

  @Test
  void whatNobodyTouchedAgainIsSaid() {
    assertThat(
            of(
                "CREATE TABLE t (a int, b int, CONSTRAINT k UNIQUE (a))",
                "CREATE INDEX i ON t (b)",
                "ALTER TABLE t ADD COLUMN c int",
                "ALTER TABLE t ALTER COLUMN b SET DEFAULT 1",
                "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (c) REFERENCES u (x)"))
        .containsExactly(
            "1 create table t (a, b, k)",
            "2 create index i on t",
            "3 add column t.c",
            "4 alter column t.b",
            "5 add constraint f on t");
  }

  @Test
  void aTableSaysNothingOfThePartsThatWereChangedLater() {
    assertThat(
            of(
                "CREATE TABLE t (a int, b int, c int, d int UNIQUE, e int, CHECK (a > 0),"
                    + " CONSTRAINT k UNIQUE (a, b), CONSTRAINT m UNIQUE (a, e))",
                "ALTER TABLE t DROP COLUMN b",
                "ALTER TABLE t ALTER COLUMN c TYPE bigint",
                "ALTER TABLE t DROP CONSTRAINT m"))
        .containsExactly(
            "1 create table t (a, d, e, UNIQUE)",
            "2 drop column t.b",
            "3 alter column t.c",
            "4 drop constraint m on t");
  }

  @Test
  void whatIsDroppedIsSaidToBeGoneAlone() {
    assertThat(
            of(
                "CREATE TABLE t (a int)",
                "CREATE INDEX i ON t (a)",
                "ALTER TABLE t ADD COLUMN b int",
                "CREATE TABLE u (a int REFERENCES t)",
                "DROP TABLE t"))
        .containsExactly("4 create table u (a)", "5 drop table t");
    assertThat(of("CREATE TABLE t ()", "DROP TABLE t", "CREATE TABLE t (a int)"))
        .containsExactly("3 create table t (a)");
    assertThat(of("CREATE INDEX i ON t (a)", "DROP INDEX i", "CREATE TABLE i ()"))
        .containsExactly("3 create table i ()");
  }

  @Test
  void aRenamedTableIsNotLookedForUnderEitherName() {
    assertThat(
            of(
                "DROP TABLE u",
                "CREATE TABLE t (a int)",
                "CREATE INDEX i ON t (a)",
                "ALTER TABLE x ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES t (a)",
                "CREATE TABLE other (a int)",
                "ALTER TABLE t RENAME TO u",
                "ALTER TABLE u ADD COLUMN b int"))
        .containsExactly("5 create table other (a)", "6 rename table t to u", "7 add column u.b");
  }

  @Test
  void aRenamedColumnTakesWithItWhatSpeaksOfItAndWhatMay() {
    assertThat(
            of(
                "CREATE TABLE t (a int, b int, CHECK (b > 0), UNIQUE (a), UNIQUE (b))",
                "CREATE INDEX i ON t (a)",
                "CREATE INDEX j ON t (lower(b))",
                "CREATE INDEX k ON t (b)",
                "CREATE INDEX l ON t (b) INCLUDE (a)",
                "CREATE INDEX m ON t (b) WHERE b > 0",
                "ALTER TABLE v ADD FOREIGN KEY (x) REFERENCES t (a)",
                "ALTER TABLE v ADD FOREIGN KEY (x) REFERENCES t",
                "ALTER TABLE v ADD CONSTRAINT stays FOREIGN KEY (x) REFERENCES t (b)",
                "ALTER TABLE t RENAME COLUMN a TO c"))
        .containsExactly(
            "1 create table t (b, UNIQUE)",
            "4 create index k on t",
            "9 add constraint stays on v",
            "10 rename column t.a to c");
  }

  @Test
  void aRenamedConstraintIsItsIndexToo() {
    assertThat(
            of(
                "ALTER TABLE t ADD CONSTRAINT k UNIQUE (a)",
                "DROP INDEX n",
                "ALTER TABLE t ADD CONSTRAINT stays UNIQUE (b)",
                "ALTER TABLE t RENAME CONSTRAINT k TO n"))
        .containsExactly("3 add constraint stays on t", "4 rename constraint t.k to n");
    assertThat(
            of(
                "ALTER TABLE t ADD CONSTRAINT k UNIQUE (a)",
                "ALTER INDEX k RENAME TO n",
                "ALTER TABLE t DROP CONSTRAINT n"))
        .containsExactly("3 drop constraint n on t");
  }

  @Test
  void aMoveToAnotherSchemaEndsWhatWasSaid() {
    assertThat(
            of(
                "CREATE TABLE a.t (a int)",
                "CREATE TABLE a.u (a int)",
                "ALTER TABLE a.t SET SCHEMA b"))
        .containsExactly("2 create table a.u (a)", "3 move table a.t to schema b");
  }

  @Test
  void whatCannotBeSeenEndsEverything() {
    for (var anything :
        List.of(
            "ALTER TYPE mood RENAME TO humour",
            "ALTER TYPE mood SET SCHEMA s",
            "ALTER SCHEMA a RENAME TO b",
            "DROP SCHEMA s",
            "DROP TYPE mood CASCADE",
            "DROP OWNED BY me",
            "ALTER TABLE i ALTER COLUMN 1 SET STATISTICS 100",
            "DO $$ BEGIN EXECUTE 'x'; END $$")) {
      assertThat(of("CREATE TABLE t ()", anything, "CREATE TABLE u ()"))
          .as(anything)
          .contains("3 create table u ()")
          .doesNotContain("1 create table t ()");
    }
    for (var seen :
        List.of(
            "ALTER TABLE x OWNER TO me",
            "ALTER INDEX i SET (fillfactor = 70)",
            "DROP TYPE mood",
            "DROP VIEW v CASCADE",
            "COMMENT ON TABLE t IS 'x'",
            "UPDATE t SET a = 1")) {
      assertThat(of("CREATE TABLE t ()", seen)).as(seen).contains("1 create table t ()");
    }
  }

  @Test
  void whatIsDroppedWithAllThatDependsOnItTakesViewsAndReferences() {
    assertThat(
            of(
                "CREATE VIEW v AS SELECT 1",
                "CREATE MATERIALIZED VIEW m AS SELECT 1",
                "CREATE SEQUENCE s",
                "ALTER TABLE x ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES t (a)",
                "ALTER TABLE x ADD CONSTRAINT g FOREIGN KEY (a) REFERENCES u (a)",
                "ALTER TABLE t DROP CONSTRAINT k CASCADE"))
        .containsExactly(
            "3 create sequence s", "5 add constraint g on x", "6 drop constraint k on t");
    assertThat(
            of(
                "CREATE VIEW v AS SELECT 1",
                "ALTER TABLE x ADD CONSTRAINT g FOREIGN KEY (a) REFERENCES u (a)",
                "ALTER TABLE t DROP COLUMN a CASCADE",
                "DROP TABLE w CASCADE"))
        .containsExactly("2 add constraint g on x", "3 drop column t.a", "4 drop table w");
    assertThat(
            of(
                "ALTER TABLE x ADD CONSTRAINT g FOREIGN KEY (a) REFERENCES u (a)",
                "CREATE VIEW v AS SELECT 1",
                "DROP INDEX i CASCADE"))
        .containsExactly("2 create view v", "3 drop index i");
    assertThat(of("CREATE VIEW v AS SELECT 1", "DROP TABLE w"))
        .containsExactly("1 create view v", "2 drop table w");
  }

  @Test
  void aPartitionGoesWithItsTable() {
    assertThat(
            of(
                "CREATE TABLE p (a int) PARTITION BY LIST (a)",
                "CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)",
                "DROP TABLE p"))
        .containsExactly("3 drop table p");
    assertThat(
            of(
                "CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)",
                "ALTER TABLE p DETACH PARTITION p1"))
        .containsExactly("2 detach partition p1 from p");
  }

  @Test
  void nullIsSaidByWhoSpokeOfItLast() {
    assertThat(
            of(
                "ALTER TABLE t ADD COLUMN a int NOT NULL",
                "ALTER TABLE t ADD COLUMN b int",
                "CREATE INDEX i ON t (a)",
                "ALTER TABLE t ALTER COLUMN a DROP NOT NULL",
                "ALTER TABLE t ALTER COLUMN b SET NOT NULL"))
        .containsExactly("3 create index i on t", "4 alter column t.a", "5 alter column t.b");
    // It may be the one that said NOT NULL.
    assertThat(
            of(
                "ALTER TABLE t ADD COLUMN a int NOT NULL",
                "ALTER TABLE t ADD COLUMN b int",
                "ALTER TABLE t DROP CONSTRAINT n"))
        .containsExactly("2 add column t.b", "3 drop constraint n on t");
    assertThat(
            of(
                "ALTER TABLE t ADD CONSTRAINT n NOT NULL a",
                "ALTER TABLE t ALTER COLUMN a DROP NOT NULL"))
        .containsExactly("2 alter column t.a");
  }

  @Test
  void anIndexThatBecomesAConstraintIsThatAlone() {
    assertThat(
            of(
                "CREATE UNIQUE INDEX i ON t (a)",
                "ALTER TABLE t ADD CONSTRAINT k UNIQUE USING INDEX i"))
        .containsExactly("2 add constraint k on t");
    assertThat(
            of(
                "ALTER TABLE t ADD CONSTRAINT old PRIMARY KEY (a)",
                "ALTER TABLE t DROP CONSTRAINT old, ADD CONSTRAINT k PRIMARY KEY (b)"))
        .containsExactly("2 drop constraint old on t", "2 add constraint k on t");
  }

  @Test
  void labelsAndViewsAreSupersededByWhatRenamesOrEmptiesThem() {
    assertThat(
            of(
                "CREATE TYPE mood AS ENUM ('sad')",
                "CREATE TYPE other AS ENUM ('x')",
                "ALTER TYPE mood RENAME VALUE 'sad' TO 'happy'"))
        .containsExactly("2 create type other", "3 rename label mood.sad to happy");
    assertThat(of("CREATE MATERIALIZED VIEW v AS SELECT 1", "REFRESH MATERIALIZED VIEW v"))
        .contains("1 create materialized view v");
    assertThat(
            of(
                "CREATE MATERIALIZED VIEW v AS SELECT 1",
                "REFRESH MATERIALIZED VIEW v WITH NO DATA"))
        .doesNotContain("1 create materialized view v");
  }

  @Test
  void ofOneStepWhatItRenamedLaterIsNotAsked() throws Exception {
    var step =
        Planner.plan(
                List.of(
                    new SourceFile(
                        "1_x.sql",
                        "CREATE TABLE IF NOT EXISTS t (a int); CREATE TABLE IF NOT EXISTS u (a"
                            + " int); ALTER TABLE t RENAME TO v")),
                DatabaseKind.POSTGRESQL)
            .steps()
            .getFirst();
    assertThat(Facts.lasting(step.changes()))
        .extracting(SchemaChange::describe)
        .containsExactly("create table u", "rename table t to v");
    assertThat(step.changes()).noneMatch(Facts::mayChangeAnything);
  }
}
