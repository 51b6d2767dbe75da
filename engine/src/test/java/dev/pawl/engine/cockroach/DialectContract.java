package dev.pawl.engine.cockroach;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.change.Classifier;
import dev.pawl.engine.change.SchemaChange;
import dev.pawl.engine.dialect.Dialect;
import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.Splitter;
import dev.pawl.engine.verify.Observation;
import dev.pawl.engine.verify.VerifyQuery;
import java.sql.SQLException;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What the CockroachDB dialect promises of each change, by nothing but SQL: it is not finished
 * before its statement, it is after, and another definition is told apart.
 */
@Timeout(300)
abstract class DialectContract {
  private static final Dialect DIALECT = Dialect.of(DatabaseKind.COCKROACHDB);
  private static final String TABLE =
      "CREATE TABLE $.t (a INT8 PRIMARY KEY, b STRING, c INT8 NOT NULL DEFAULT 0)";

  private ContractServer server;
  private Place place;

  /** Against which. */
  abstract ContractServer server();

  @BeforeEach
  void begin() throws SQLException {
    server = server();
    place = new Place(server);
  }

  private SchemaChange change(String sql) {
    var statements = Splitter.split(place.text(sql), DatabaseKind.COCKROACHDB);
    return Classifier.classify(statements.getFirst(), DatabaseKind.COCKROACHDB).getFirst();
  }

  private Optional<String> before(String sql) throws SQLException {
    try (var connection = server.connect()) {
      return DIALECT.before(connection, change(sql));
    }
  }

  private Observation observe(String sql, Optional<String> before) throws SQLException {
    try (var connection = server.connect()) {
      return DIALECT.observe(connection, change(sql), before);
    }
  }

  private boolean predicate(String sql) throws SQLException {
    try (var connection = server.connect()) {
      return VerifyQuery.ask(connection, DIALECT.predicate(change(sql)).orElseThrow()).verified();
    }
  }

  /** Absent and not verified before the statement, valid and verified after it. */
  private void finishes(String sql) throws SQLException {
    assertThat(observe(sql, Optional.empty()))
        .as("before " + sql)
        .isInstanceOf(Observation.Absent.class);
    assertThat(predicate(sql)).as("before " + sql).isFalse();
    var before = before(sql);
    place.execute(sql);
    assertThat(observe(sql, before)).as("after " + sql).isInstanceOf(Observation.Valid.class);
    assertThat(predicate(sql)).as("after " + sql).isTrue();
  }

  private void isDifferent(String... statements) throws SQLException {
    for (var sql : statements) {
      assertThat(observe(sql, Optional.empty())).as(sql).isInstanceOf(Observation.Different.class);
      assertThat(predicate(sql)).as(sql).isFalse();
    }
  }

  @Test
  void anIndexIsItsKeyWithDirections() throws SQLException {
    place.execute(TABLE);
    finishes("CREATE INDEX i ON $.t (b DESC, c)");
    isDifferent(
        "CREATE INDEX i ON $.t (b, c)",
        "CREATE INDEX i ON $.t (c, b DESC)",
        "CREATE INDEX i ON $.t (b DESC)",
        "CREATE UNIQUE INDEX i ON $.t (b DESC, c)");
  }

  @Test
  void aUniqueIndexIsTold() throws SQLException {
    place.execute(TABLE);
    finishes("CREATE UNIQUE INDEX i ON $.t (b)");
    isDifferent("CREATE INDEX i ON $.t (b)");
  }

  @Test
  void storedColumnsAreNoKeyColumns() throws SQLException {
    place.execute(TABLE);
    finishes("CREATE INDEX i ON $.t (b) STORING (c)");
    assertThat(observe("CREATE INDEX i ON $.t (b, c)", Optional.empty()))
        .isInstanceOf(Observation.Different.class);
  }

  @Test
  void aPartialIndexIsMade() throws SQLException {
    place.execute(TABLE);
    var sql = "CREATE INDEX i ON $.t (b) WHERE c > 0";
    var before = before(sql);
    place.execute(sql);
    assertThat(observe(sql, before)).isInstanceOf(Observation.Valid.class);
  }

  @Test
  void anIndexOfTheSameNameInAnotherSchemaIsAnother() throws SQLException {
    var other = new Place(server);
    other.execute(TABLE, "CREATE INDEX i ON $.t (b)");
    place.execute(TABLE);
    finishes("CREATE INDEX i ON $.t (b)");
  }

  @Test
  void anIndexIsGone() throws SQLException {
    place.execute(TABLE, "CREATE INDEX i ON $.t (b)");
    finishes("DROP INDEX $.t@i");
  }

  @Test
  void aUniqueConstraintIsItsIndex() throws SQLException {
    place.execute(TABLE);
    finishes("ALTER TABLE $.t ADD CONSTRAINT u UNIQUE (b, c)");
  }

  @Test
  void aCheckIsThere() throws SQLException {
    place.execute(TABLE);
    finishes("ALTER TABLE $.t ADD CONSTRAINT k CHECK (c >= 0)");
  }

  @Test
  void aForeignKeyIsThere() throws SQLException {
    place.execute(TABLE, "CREATE TABLE $.r (id INT8 PRIMARY KEY)");
    finishes("ALTER TABLE $.t ADD CONSTRAINT f FOREIGN KEY (c) REFERENCES $.r (id)");
  }

  @Test
  void aConstraintThatIsNotValidIsValidated() throws SQLException {
    place.execute(TABLE);
    place.execute("ALTER TABLE $.t ADD CONSTRAINT k CHECK (c >= 0) NOT VALID");
    var sql = "ALTER TABLE $.t VALIDATE CONSTRAINT k";
    assertThat(observe(sql, Optional.empty())).isNotInstanceOf(Observation.Valid.class);
    assertThat(predicate(sql)).isFalse();
    place.execute(sql);
    assertThat(observe(sql, Optional.empty())).isInstanceOf(Observation.Valid.class);
    assertThat(predicate(sql)).isTrue();
  }

  @Test
  void aConstraintIsGone() throws SQLException {
    place.execute(TABLE, "ALTER TABLE $.t ADD CONSTRAINT k CHECK (c >= 0)");
    finishes("ALTER TABLE $.t DROP CONSTRAINT k");
  }

  @Test
  void aPrimaryKeyIsAnother() throws SQLException {
    place.execute(TABLE, "CREATE INDEX i ON $.t (b)");
    finishes("ALTER TABLE $.t ALTER PRIMARY KEY USING COLUMNS (c, a)");
    assertThat(observe("CREATE INDEX i ON $.t (b)", Optional.empty()))
        .isInstanceOf(Observation.Valid.class);
  }

  @Test
  void columnsComeAndGo() throws SQLException {
    place.execute(TABLE, "INSERT INTO $.t VALUES (1, 'x', 2)");
    finishes("ALTER TABLE $.t ADD COLUMN d STRING NOT NULL DEFAULT 'y'");
    finishes("ALTER TABLE $.t DROP COLUMN b");
    assertThat(place.query("SELECT * FROM $.t")).containsExactly("1|2|y");
  }

  @Test
  void aColumnIsNotNull() throws SQLException {
    place.execute(TABLE);
    finishes("ALTER TABLE $.t ALTER COLUMN b SET NOT NULL");
    finishes("ALTER TABLE $.t ALTER COLUMN b DROP NOT NULL");
  }

  @Test
  void tablesComeAndGo() throws SQLException {
    var sql = "CREATE TABLE $.t (a INT8 PRIMARY KEY)";
    for (int time = 1; time <= 2; time++) {
      assertThat(observe(sql, Optional.empty())).isInstanceOf(Observation.Absent.class);
      assertThat(predicate(sql)).isFalse();
      var before = before(sql);
      place.execute(sql);
      // It has no job, and whether it is as the author wrote it only the statement's answer tells.
      assertThat(observe(sql, before))
          .isInstanceOfAny(Observation.Valid.class, Observation.Unobservable.class);
      assertThat(predicate(sql)).isTrue();
      finishes("DROP TABLE $.t");
    }
  }

  @Test
  void typesAndTheirValuesComeAndGo() throws SQLException {
    finishes("CREATE TYPE $.mood AS ENUM ('sad')");
    finishes("ALTER TYPE $.mood ADD VALUE 'happy'");
    finishes("DROP TYPE $.mood");
  }

  @Test
  void viewsAndSequencesGo() throws SQLException {
    place.execute("CREATE VIEW $.v AS SELECT 1 AS one", "CREATE SEQUENCE $.q");
    finishes("DROP VIEW $.v");
    finishes("DROP SEQUENCE $.q");
  }

  @Test
  void aSchemaGoes() throws SQLException {
    place.execute("CREATE TABLE $.t (a INT8 PRIMARY KEY)");
    finishes("DROP SCHEMA $ CASCADE");
  }

  @Test
  void aMaterializedViewIsRefreshedByAJobThatIsRemembered() throws SQLException {
    place.execute(TABLE);
    finishes("CREATE MATERIALIZED VIEW $.m AS SELECT a FROM " + place.schema + ".t");
    byItsJob("REFRESH MATERIALIZED VIEW $.m");
  }

  @Test
  void aTableIsTruncatedByAJobThatIsRemembered() throws SQLException {
    place.execute(TABLE, "INSERT INTO $.t VALUES (1, 'x', 2)");
    byItsJob("TRUNCATE TABLE $.t");
    assertThat(place.query("SELECT * FROM $.t")).isEmpty();
  }

  /** Nothing in the catalog shows it. */
  private void byItsJob(String sql) throws SQLException {
    assertThat(observe(sql, Optional.empty())).isInstanceOf(Observation.Unobservable.class);
    var before = before(sql);
    assertThat(before).isPresent();
    assertThat(observe(sql, before)).isNotInstanceOf(Observation.Valid.class);
    place.execute(sql);
    assertThat(observe(sql, before)).isInstanceOf(Observation.Valid.class);
    var later = before(sql);
    assertThat(observe(sql, later)).isNotInstanceOf(Observation.Valid.class);
  }

  @Test
  void namesThatMustBeQuotedAreFound() throws SQLException {
    place.execute("CREATE TABLE $.\"Odd table\" (\"Key\" INT8 PRIMARY KEY, \"it's\" STRING)");
    finishes("CREATE INDEX \"An index\" ON $.\"Odd table\" (\"it's\")");
    finishes("ALTER TABLE $.\"Odd table\" ADD CONSTRAINT \"A check\" CHECK (\"Key\" > 0)");
    finishes("ALTER TABLE $.\"Odd table\" ADD COLUMN \"New one\" INT8");
    finishes("DROP INDEX $.\"Odd table\"@\"An index\"");
    finishes("DROP TABLE $.\"Odd table\"");
  }

  @Test
  void aDefaultComesAndGoes() throws SQLException {
    place.execute(TABLE);
    finishes("ALTER TABLE $.t ALTER COLUMN c DROP DEFAULT");
    var sql = "ALTER TABLE $.t ALTER COLUMN b SET DEFAULT 'x'";
    var before = before(sql);
    place.execute(sql);
    // Shown in CockroachDB's own words, 'x':::STRING.
    assertThat(observe(sql, before))
        .isInstanceOfAny(Observation.Valid.class, Observation.Unobservable.class);
  }

  @Test
  void aTypeWithOtherValuesIsAnother() throws SQLException {
    var sql = "CREATE TYPE $.mood AS ENUM ('sad', 'happy')";
    assertThat(predicate(sql)).isFalse();
    place.execute(sql);
    assertThat(predicate(sql)).isTrue();
    assertThat(predicate("CREATE TYPE $.mood AS ENUM ('sad', 'glad')")).isFalse();
    assertThat(observe("CREATE TYPE $.mood AS ENUM ('sad', 'glad')", Optional.empty()))
        .isInstanceOf(Observation.Different.class);
  }

  @Test
  void whatIsRenamedHasTheNewNameAlone() throws SQLException {
    place.execute(TABLE, "CREATE INDEX i ON $.t (b)");
    finishes("ALTER INDEX $.t@i RENAME TO j");
    finishes("ALTER TABLE $.t RENAME COLUMN b TO d");
    finishes("ALTER TABLE $.t RENAME TO u");
  }

  @Test
  void severalTablesAreDroppedAsOne() throws SQLException {
    place.execute(TABLE, "CREATE TABLE $.u (a INT8 PRIMARY KEY)");
    place.execute("DROP TABLE $.u");
    assertThat(observe("DROP TABLE $.t, $.u", Optional.empty()))
        .isNotInstanceOf(Observation.Valid.class);
    place.execute("CREATE TABLE $.u (a INT8 PRIMARY KEY)");
    finishes("DROP TABLE $.t, $.u");
  }

  @Test
  void anInvertedIndexIsMade() throws SQLException {
    place.execute("CREATE TABLE $.t (a INT8 PRIMARY KEY, j JSONB)");
    var sql = "CREATE INVERTED INDEX i ON $.t (j)";
    assertThat(predicate(sql)).isFalse();
    var before = before(sql);
    place.execute(sql);
    assertThat(observe(sql, before)).isInstanceOf(Observation.Valid.class);
    assertThat(predicate(sql)).isTrue();
  }

  @Test
  void anIndexOnAnExpressionIsMade() throws SQLException {
    place.execute(TABLE);
    var sql = "CREATE INDEX i ON $.t (lower(b))";
    assertThat(observe(sql, Optional.empty())).isInstanceOf(Observation.Absent.class);
    var before = before(sql);
    place.execute(sql);
    assertThat(observe(sql, before)).isInstanceOf(Observation.Valid.class);
  }

  private void isNot(String... statements) throws SQLException {
    for (var sql : statements) {
      assertThat(observe(sql, Optional.empty())).as(sql).isInstanceOf(Observation.Different.class);
    }
  }

  @Test
  void aHashShardedIndexIsItsKeyAndItsBuckets() throws SQLException {
    place.execute(TABLE);
    finishes("CREATE INDEX i ON $.t (b) USING HASH WITH (bucket_count = 8)");
    assertThat(observe("CREATE INDEX i ON $.t (b) USING HASH", Optional.empty()))
        .isInstanceOf(Observation.Valid.class);
    isNot(
        "CREATE INDEX IF NOT EXISTS i ON $.t (b) USING HASH WITH (bucket_count = 16)",
        "CREATE INDEX IF NOT EXISTS i ON $.t (c) USING HASH WITH (bucket_count = 8)",
        "CREATE INDEX IF NOT EXISTS i ON $.t (b)");
    finishes("DROP INDEX $.t@i");
    finishes("CREATE UNIQUE INDEX i ON $.t (b, c) USING HASH");
  }

  @Test
  void anInvertedIndexIsOneOfItsKind() throws SQLException {
    place.execute("CREATE TABLE $.t (a INT8 PRIMARY KEY, j JSONB, k JSONB)");
    finishes("CREATE INVERTED INDEX i ON $.t (j)");
    assertThat(observe("CREATE INDEX i ON $.t USING gin (j)", Optional.empty()))
        .isInstanceOf(Observation.Valid.class);
    isNot(
        "CREATE INVERTED INDEX IF NOT EXISTS i ON $.t (k)",
        "CREATE INDEX IF NOT EXISTS i ON $.t (j)",
        "CREATE INVERTED INDEX IF NOT EXISTS i ON $.t (a, j)",
        "CREATE INVERTED INDEX IF NOT EXISTS i ON $.t (j) WHERE a > 0");
  }

  @Test
  void aVectorIndexIsOneOfItsKind() throws SQLException {
    if (!server.since(25, 2)) {
      return; // it has none
    }
    place.execute("CREATE TABLE $.t (a INT8 PRIMARY KEY, v VECTOR(3), w VECTOR(3))");
    finishes("CREATE VECTOR INDEX i ON $.t (v)");
    isNot(
        "CREATE VECTOR INDEX IF NOT EXISTS i ON $.t (w)",
        "CREATE INDEX IF NOT EXISTS i ON $.t (v)",
        "CREATE VECTOR INDEX IF NOT EXISTS i ON $.t (v vector_cosine_ops)");
  }

  @Test
  void anIndexOnAnotherExpressionIsAnother() throws SQLException {
    place.execute(TABLE);
    finishes("CREATE INDEX i ON $.t (lower(b), c DESC)");
    isNot(
        "CREATE INDEX IF NOT EXISTS i ON $.t (upper(b), c DESC)",
        "CREATE INDEX IF NOT EXISTS i ON $.t (lower(b), c)",
        "CREATE INDEX IF NOT EXISTS i ON $.t (b, c DESC)",
        "CREATE INDEX IF NOT EXISTS i ON $.t (lower(b))");
  }

  @Test
  void aTableNamedLikeATypeIsATable() throws SQLException {
    var sql = "CREATE TABLE IF NOT EXISTS $.date (id INT8 PRIMARY KEY, date DATE NOT NULL)";
    place.execute(sql, "CREATE TABLE $.r (id INT8 PRIMARY KEY)");
    assertThat(observe(sql, Optional.empty())).isInstanceOf(Observation.Valid.class);
    finishes("ALTER TABLE $.r ADD COLUMN d DATE");
    assertThat(observe("ALTER TABLE $.r ADD COLUMN IF NOT EXISTS d DATE", Optional.empty()))
        .isInstanceOf(Observation.Valid.class);
    finishes("ALTER TABLE $.r ADD CONSTRAINT f FOREIGN KEY (id) REFERENCES $.date (id)");
    finishes("ALTER TABLE $.date ADD CONSTRAINT k CHECK (date > '2020-01-01')");
    finishes("CREATE INDEX i ON $.date (date)");
    finishes("DROP TABLE $.r");
    finishes("DROP TABLE $.date");
  }
}
