package dev.pawl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person types, reads and gets as exit code; on a real PostgreSQL. */
class CommandLineTest {
  @TempDir Path directory;
  private String out;
  private String err;
  private String url;
  private TestDatabase db;

  @BeforeEach
  void database() throws Exception {
    db = TestDatabase.fresh();
    var target = db.target();
    url = "postgres://postgres@localhost:" + target.port() + "/" + target.database();
    Files.writeString(directory.resolve("0001_t.sql"), "CREATE TABLE t (a int);\n");
    Files.writeString(
        directory.resolve("0002_i.sql"), "-- an index\nCREATE INDEX CONCURRENTLY i ON t (a);\n");
  }

  private int pawl(String... args) {
    var ran = Ran.pawl(args);
    out = ran.out();
    err = ran.err();
    return ran.code();
  }

  @Test
  void planShowsTheStepsBeforehand() {
    assertThat(pawl("plan", directory.toString())).isZero();
    assertThat(out)
        .contains("1#1          transaction      0001_t.sql:1  create table t")
        .contains("2#1          on its own       0002_i.sql:2  create index i on t")
        .endsWith("2 steps in 2 versions\n");
    assertThat(pawl("plan", directory.toString(), "--output", "json")).isZero();
    assertThat(out).contains("\"digest\"", "\"kind\" : \"on its own\"");
  }

  @Test
  void applyThenStatusThenVerify() throws Exception {
    assertThat(pawl("apply", directory.toString(), "--url", url)).as(err).isZero();
    assertThat(out).contains("1/2 Verified  0001_t.sql").contains("Verified through 2: 2 steps in");
    assertThat(pawl("status", "--url", url)).isZero();
    assertThat(out).contains("stream default: 2 of 2 steps verified");
    assertThat(pawl("verify", directory.toString(), "--url", url)).isZero();
    assertThat(out).contains("2 facts of 2 steps checked, 0 not as they should be");
    db.execute("DROP INDEX i");
    assertThat(pawl("verify", directory.toString(), "--url", url, "-o", "json")).isEqualTo(1);
    assertThat(out).contains("not so in the database: create index i on t");
  }

  @Test
  void applyToStopsThere() throws Exception {
    assertThat(pawl("apply", directory.toString(), "--url", url, "--to", "1", "-o", "json"))
        .isZero();
    assertThat(out).contains("\"outcome\" : \"Verified\"", "\"through\" : \"1\"");
    assertThat(db.query("SELECT to_regclass('i')")).containsExactly("null");
  }

  @Test
  void aFailureIsASentenceAndExitCode1() throws Exception {
    Files.writeString(directory.resolve("0003_x.sql"), "\nSELECT 1/0;\n");
    assertThat(pawl("apply", directory.toString(), "--url", url)).isEqualTo(1);
    assertThat(out)
        .contains("Failed (StatementFailed, SQLSTATE 22012): 0003_x.sql:2: division by zero");
    assertThat(pawl("status", "--url", url)).isEqualTo(1);
  }

  @Test
  void aBadSourceNamesFileAndLine() throws Exception {
    Files.writeString(directory.resolve("0003_x.sql"), "SELECT 1;\nCOMMIT;\n");
    assertThat(pawl("plan", directory.toString())).isEqualTo(1);
    assertThat(err).contains("0003_x.sql:2").doesNotContain("\tat ");
  }

  @Test
  void usageIsExitCode2() {
    assertThat(pawl("apply", directory.toString())).isEqualTo(2);
    assertThat(pawl("apply", directory.toString(), "--url", "mysql://x/y")).isEqualTo(2);
    assertThat(err).contains("postgres://user@host:port/database");
    assertThat(pawl("apply", directory.toString(), "--url", url, "--to", "seven")).isEqualTo(2);
    assertThat(pawl("nonsense")).isEqualTo(2);
  }

  @Test
  void aPasswordInTheUrlIsRefusedAndNeverRepeated() {
    assertThat(pawl("status", "--url", "postgres://u:s3cret@localhost/x")).isEqualTo(2);
    assertThat(err).contains("--password-file").doesNotContain("s3cret");
    assertThat(pawl("status", "--url", "postgres://u:s3 cret@localhost/x")).isEqualTo(2);
    assertThat(err).doesNotContain("s3 cret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgres://u:s3cret@localhost:99999/x",
        "postgres://u:s3cret@localhost:port/x",
        "postgres://u:s3^cret@localhost/x",
        "postgres://u:s3cret%zz@localhost/x",
        "postgres://u%3As3cret@localhost/x",
        "postgres://u@localhost/x?password=s3cret",
        "postgres://u@localhost/x?sslmode=s3cret",
        "postgres://u:s3cret@/x",
        "postgres://u:s3cret@",
        "u:s3cret@localhost",
        "jdbc:postgresql://u:s3cret@localhost/x"
      })
  void noFormOfAUrlIsRepeatedWhereItIsWrong(String wrong) {
    assertThat(pawl("status", "--url", wrong)).isEqualTo(2);
    assertThat(out + err).contains("--url").doesNotContain("s3", "\tat ");
    assertThat(pawl("status", "--url", url, "--direct-url", wrong)).isEqualTo(2);
    assertThat(out + err).contains("--direct-url").doesNotContain("s3", "\tat ");
  }

  @Test
  void aUrlAtTheWrongPlaceIsNotRepeatedWithItsPassword() {
    for (var args :
        new String[][] {
          {"status", "postgres://u:s3cr@et@localhost/x"},
          {"status", "--utl", "postgres://u:s3cr@et@localhost/x"},
          {"status", "--url", url, "--stream", "s", "postgres://u:s3cr@et@localhost/x"},
          {"postgres://u:s3cr@et@localhost/x"}
        }) {
      assertThat(pawl(args)).isEqualTo(2);
      assertThat(out + err).doesNotContain("s3cr", "\tat ");
    }
  }

  @Test
  void aDatabaseThatIsNotThereIsASentence() {
    assertThat(pawl("status", "--url", "postgres://u@localhost:1/x")).isEqualTo(1);
    assertThat(err).contains("u@localhost:1/x cannot be reached").doesNotContain("\tat ");
  }

  @Test
  void aDirectoryThatIsNotThereIsASentence() {
    assertThat(pawl("plan", directory.resolve("nowhere").toString())).isEqualTo(1);
    assertThat(err).contains("nowhere").doesNotContain("\tat ");
  }
}
