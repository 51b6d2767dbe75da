package dev.pawl.engine.fuzz;

import static dev.pawl.engine.sql.QualifiedName.quote;
import static dev.pawl.engine.testing.TestDatabase.files;
import static dev.pawl.engine.testing.TestDatabase.options;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.change.Classifier;
import dev.pawl.engine.change.CreateIndex;
import dev.pawl.engine.change.FactJson;
import dev.pawl.engine.dialect.Dialect;
import dev.pawl.engine.execute.MigrationRun;
import dev.pawl.engine.execute.Result;
import dev.pawl.engine.plan.VerifyFile;
import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.Splitter;
import dev.pawl.engine.testing.Recorder;
import dev.pawl.engine.testing.TestDatabase;
import dev.pawl.engine.verify.Observation;
import dev.pawl.engine.verify.VerifyQuery;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Names that would be statements if anything spliced them into SQL; on a real PostgreSQL. */
@Timeout(120)
@Tag(TestDatabase.SESSION)
class HostileNamesTest {
  static final List<String> NAMES =
      List.of(
          "\"; DROP TABLE canary; --",
          "'; DROP TABLE canary; --",
          "'); DROP TABLE canary; --",
          "$$; DROP TABLE canary; $$",
          "\\'; DROP TABLE canary; --",
          "\\",
          "%s%n%1$s",
          "$1 ? :a {d} @@",
          "a\nb\r\n-- c",
          "/* */ --",
          "SELECT",
          "concurrently",
          " ",
          ".",
          "a.b",
          "ü😀\u202E\u2028",
          "x".repeat(63),
          "x".repeat(62) + "ü",
          "y".repeat(64));

  private static final Dialect POSTGRES = Dialect.of(DatabaseKind.POSTGRESQL);

  private TestDatabase db;

  @BeforeEach
  void canary() throws Exception {
    db = TestDatabase.fresh();
    db.execute("CREATE TABLE public.canary (a int)", "INSERT INTO public.canary VALUES (1)");
  }

  @AfterEach
  void canaryLives() throws Exception {
    assertThat(db.query("SELECT a FROM public.canary")).containsExactly("1");
  }

  /** One statement of each kind that has a name in it, in an order in which they work. */
  private static List<String> statements(String name) {
    var q = quote(name);
    var table = q + "." + q;
    var type = quote("z" + name);
    // A name that is too long is cut, a label refused.
    var literal = name.length() > 60 ? "'long'" : "'" + name.replace("'", "''") + "'";
    return List.of(
        "CREATE SCHEMA " + q,
        "CREATE TYPE " + type + " AS ENUM ('a', " + literal + ")",
        "ALTER TYPE " + type + " ADD VALUE 'b' BEFORE " + literal,
        "CREATE TABLE " + table + " (" + q + " int, \"of\" " + type + ", other text)",
        "CREATE SEQUENCE " + quote("s" + name),
        "ALTER TABLE " + table + " ADD CONSTRAINT " + q + " CHECK (" + q + " > 0) NOT VALID",
        "ALTER TABLE " + table + " VALIDATE CONSTRAINT " + q,
        "ALTER TABLE " + table + " ALTER COLUMN " + q + " SET NOT NULL",
        "CREATE INDEX CONCURRENTLY " + quote("i" + name) + " ON " + table + " (" + q + ")",
        "REINDEX INDEX CONCURRENTLY " + q + "." + quote("i" + name),
        "CREATE MATERIALIZED VIEW " + q + "." + quote("m" + name) + " AS SELECT 1 AS " + q,
        "ALTER TABLE " + table + " RENAME COLUMN other TO " + quote("o" + name),
        "ALTER TABLE " + table + " DROP COLUMN " + quote("o" + name),
        "ALTER TABLE " + table + " DROP CONSTRAINT " + q,
        "DROP INDEX CONCURRENTLY " + q + "." + quote("i" + name),
        "DROP MATERIALIZED VIEW " + q + "." + quote("m" + name),
        "DROP TABLE " + table,
        "DROP TYPE " + type,
        "DROP SEQUENCE " + quote("s" + name));
  }

  @Test
  void everyPredicateAndObservationFindsWhatWasNamed() throws Exception {
    for (var name : NAMES) {
      for (var sql : statements(name)) {
        var parsed = Splitter.split(sql, DatabaseKind.POSTGRESQL).getFirst();
        var change = Classifier.classify(parsed, DatabaseKind.POSTGRESQL).getFirst();
        try (var connection = db.connect()) {
          var before = POSTGRES.before(connection, change);
          db.execute(sql);
          var predicate = POSTGRES.predicate(change);
          if (predicate.isPresent()) {
            assertThat(VerifyQuery.ask(connection, predicate.get()).verified()).as(sql).isTrue();
          }
          assertThat(POSTGRES.observe(connection, change, before))
              .as(sql)
              .isInstanceOfAny(Observation.Valid.class, Observation.Unobservable.class);
          POSTGRES.inUse(connection, change);
        }
      }
    }
  }

  @Test
  void aWholeRunWithThemIsVerified() throws Exception {
    for (var name : NAMES) {
      var fresh = TestDatabase.fresh();
      fresh.execute("CREATE TABLE public.canary (a int)");
      var texts = statements(name).stream().limit(10).toList();
      var pairs = new String[texts.size() * 2];
      for (int i = 0; i < texts.size(); i++) {
        pairs[2 * i] = (i + 1) + "_x.sql";
        pairs[2 * i + 1] = texts.get(i);
      }
      var result = MigrationRun.of(fresh.target(), files(pairs), options(), new Recorder()).run();
      assertThat(result).as(name).isInstanceOf(Result.Verified.class);
      assertThat(fresh.query("SELECT to_regclass('public.canary')")).containsExactly("canary");
    }
  }

  /** What somebody has written into the facts of a verify file is not executed beside the probe. */
  @Test
  void aFactIsNoWayToRunOtherStatements() throws Exception {
    db.execute("CREATE TABLE t (a int)");
    var sql = "CREATE INDEX CONCURRENTLY i ON t (a)";
    var statement = Splitter.split(sql, DatabaseKind.POSTGRESQL).getFirst();
    var read = (CreateIndex) Classifier.classify(statement, DatabaseKind.POSTGRESQL).getFirst();
    var hostile =
        FactJson.write(read)
            .replace("\"body\":\"(a)\"", "\"body\":\"(a); COMMIT; DROP TABLE canary; --\"");
    assertThat(hostile).contains("DROP TABLE");
    var verify =
        "-- pawl: generated postgresql\n-- pawl: statement sha256:"
            + VerifyFile.checksum(statement)
            + "\n-- pawl: fact "
            + hostile
            + "\nSELECT true;\n";
    var result =
        MigrationRun.of(
                db.target(),
                files("1_x.sql", sql, "1_x.verify.sql", verify),
                options(),
                new Recorder())
            .run();
    assertThat(result).isNotInstanceOf(Result.Verified.class);
    var change = FactJson.read(hostile);
    try (var connection = db.connect()) {
      db.execute("DROP INDEX IF EXISTS i", "INSERT INTO t VALUES (1)");
      assertThat(POSTGRES.observe(connection, change, Optional.empty()))
          .isNotInstanceOf(Observation.Valid.class);
    }
  }
}
