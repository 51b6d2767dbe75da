package dev.pawl.engine.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.engine.generate.VerifyFiles;
import dev.pawl.engine.plan.BrokenClassification;
import dev.pawl.engine.plan.SourceFile;
import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.testing.Recorder;
import dev.pawl.engine.testing.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The verify file, not the parser, decides at run time: here the classifier fails on everything.
 */
class VerifyFileDecidesTest {
  private final Recorder recorder = new Recorder();
  private TestDatabase db;

  @BeforeEach
  void database() throws Exception {
    db = TestDatabase.fresh();
    db.execute("CREATE TABLE t (a int)", "INSERT INTO t VALUES (1), (1)");
  }

  private static List<SourceFile> generated(String sql) {
    var files = new ArrayList<>(TestDatabase.files("0001_i.sql", sql));
    files.addAll(VerifyFiles.of(files, DatabaseKind.POSTGRESQL).wanted());
    assertThat(files).hasSize(2);
    return files;
  }

  private Result run(List<SourceFile> files) {
    return new Run(
            db.target(),
            files,
            TestDatabase.options(Duration.ofSeconds(3)),
            recorder,
            BrokenClassification::plan)
        .run();
  }

  private List<String> indexes() throws SQLException {
    return db.query(
        "SELECT indexrelid::regclass, indisvalid FROM pg_index WHERE indrelid = 't'::regclass");
  }

  @Test
  @Tag(TestDatabase.SESSION)
  void anIndexIsBuiltAndVerifiedByItsFact() throws Exception {
    var result = run(generated("CREATE INDEX CONCURRENTLY i ON t (a)"));
    assertThat(result).isInstanceOf(Result.Verified.class);
    assertThat(recorder.phases("1#1"))
        .containsExactly("Pending", "Applying", "Applied", "Verifying", "Verified");
    assertThat(indexes()).containsExactly("i|t");
  }

  @Test
  @Tag(TestDatabase.SESSION)
  void anInvalidIndexIsRebuiltByItsFact() throws Exception {
    assertThatThrownBy(() -> db.execute("CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)"))
        .isInstanceOf(SQLException.class);
    db.execute("DELETE FROM t");
    assertThat(indexes()).containsExactly("i|f");
    var result = run(generated("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a)"));
    assertThat(result).isInstanceOf(Result.Verified.class);
    assertThat(recorder.messages("1#1")).contains("repaired: rebuilt the INVALID index public.i");
    assertThat(indexes()).containsExactly("i|t");
  }

  @Test
  @Tag(TestDatabase.SESSION)
  void nothingIsVerifiedAgainstTheFile() throws Exception {
    var files = generated("CREATE INDEX CONCURRENTLY i ON t (a)");
    var doubting =
        new SourceFile(
            files.get(1).path(), files.get(1).text().replace("SELECT EXISTS", "SELECT NOT EXISTS"));
    var result = run(List.of(files.get(0), doubting));
    assertThat(result).isNotInstanceOf(Result.Verified.class);
    assertThat(recorder.phases("1#1")).contains("Applied").doesNotContain("Verified");
    assertThat(recorder.causes()).extracting(Cause::reason).contains("NotVerified");
  }

  @Test
  void withoutAFileTheStatementIsRefused() throws Exception {
    var result = run(TestDatabase.files("0001_i.sql", "CREATE INDEX CONCURRENTLY i ON t (a)"));
    assertThat(result)
        .isInstanceOfSatisfying(
            Result.Refused.class,
            refused -> assertThat(refused.cause().message()).startsWith("0001_i.sql:1:1: "));
    assertThat(indexes()).isEmpty();
  }
}
