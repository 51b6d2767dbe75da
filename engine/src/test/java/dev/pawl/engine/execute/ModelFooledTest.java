package dev.pawl.engine.execute;

import static dev.pawl.engine.testing.TestDatabase.files;
import static dev.pawl.engine.testing.TestDatabase.options;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.cockroach.CockroachModel;
import dev.pawl.engine.cockroach.ModelOptions;
import dev.pawl.engine.cockroach.world.ModelVersion;
import dev.pawl.engine.testing.Recorder;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What once made Pawl say Verified of another thing than was asked for; on the model. */
@Timeout(240)
class ModelFooledTest {
  private static final String TABLE = "CREATE TABLE t (id INT PRIMARY KEY, c INT DEFAULT 7)";

  private CockroachModel model;

  @BeforeEach
  void start() {
    var versions = ModelVersion.values();
    model = CockroachModel.start(ModelOptions.of(versions[versions.length - 1]));
  }

  @AfterEach
  void end() {
    model.close();
  }

  private void execute(String... statements) throws SQLException {
    model.execute(statements);
  }

  private Result run(String sql) {
    return MigrationRun.of(
            model.target(), files("1_a.sql", sql), options(Duration.ofSeconds(4)), new Recorder())
        .run();
  }

  private void failed(String message, String sql) {
    var result = run(sql);
    assertThat(result).as(sql).isInstanceOf(Result.Failed.class);
    assertThat(((Result.Failed) result).cause().message()).contains(message);
  }

  @Test
  void anIndexThatTheNameMeansAfterTheDropIsNotDroppedToo() throws SQLException {
    execute(
        "CREATE SCHEMA a",
        "CREATE SCHEMA b",
        "CREATE TABLE a.t (x INT PRIMARY KEY, y INT)",
        "CREATE TABLE b.t (x INT PRIMARY KEY, y INT)",
        "CREATE INDEX i ON a.t (y)",
        "CREATE INDEX i ON b.t (y)");
    failed("several schemas of the search path (a, b)", "SET search_path = a, b; DROP INDEX i");
    assertThat(run("DROP INDEX a.i")).isInstanceOf(Result.Verified.class);
    try (var connection = model.connect();
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT schemaname FROM pg_catalog.pg_indexes WHERE indexname = 'i'")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getString(1)).isEqualTo("b");
      assertThat(rows.next()).isFalse();
    }
  }

  @Test
  void aPartialUniqueIndexIsNoUniqueConstraint() throws SQLException {
    execute(TABLE, "CREATE UNIQUE INDEX u ON t (c) WHERE c > 5");
    failed("WHERE (c > 5)", "ALTER TABLE t ADD CONSTRAINT u UNIQUE (c)");
  }

  @Test
  void anIndexWithoutShardsIsNotOneUsingHash() throws SQLException {
    execute(TABLE, "CREATE INDEX i ON t (c)");
    failed("another USING HASH", "CREATE INDEX i ON t (c) USING HASH");
  }

  @Test
  void aTypeOfTheSameNameInAnotherSchemaIsAnother() throws SQLException {
    execute(
        "CREATE SCHEMA app",
        "CREATE TYPE app.mood AS ENUM ('a')",
        "CREATE TYPE public.mood AS ENUM ('b')",
        "CREATE TABLE t (id INT PRIMARY KEY, c app.mood)");
    failed("of type app.mood", "ALTER TABLE t ADD COLUMN IF NOT EXISTS c public.mood");
    assertThat(run("ALTER TABLE t ADD COLUMN IF NOT EXISTS c app.mood"))
        .isInstanceOf(Result.Verified.class);
  }

  @Test
  void anotherNumberAsTheDefaultIsAnotherColumn() throws SQLException {
    execute(TABLE);
    failed("has the default 7", "ALTER TABLE t ADD COLUMN IF NOT EXISTS c INT DEFAULT 8");
    assertThat(run("ALTER TABLE t ADD COLUMN IF NOT EXISTS c INT DEFAULT 7"))
        .isInstanceOf(Result.Verified.class);
  }
}
