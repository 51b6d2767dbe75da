package dev.pawl.engine.execute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.cockroach.CockroachModel;
import dev.pawl.engine.cockroach.ModelOptions;
import dev.pawl.engine.cockroach.world.ModelVersion;
import dev.pawl.engine.cockroach.world.Name;
import dev.pawl.engine.generate.VerifyFiles;
import dev.pawl.engine.plan.BrokenClassification;
import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.testing.Recorder;
import dev.pawl.engine.testing.TestDatabase;
import java.util.ArrayList;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The verify file, not the parser, decides at run time: on the model of CockroachDB. */
@Timeout(300)
class VerifyFileDecidesOnModelTest {
  @ParameterizedTest
  @EnumSource(ModelVersion.class)
  void changesAreMadeAndVerifiedByTheirFacts(ModelVersion version) throws Exception {
    try (var model = CockroachModel.start(ModelOptions.of(version))) {
      try (var connection = model.connect();
          var statement = connection.createStatement()) {
        statement.execute("CREATE TABLE t (a INT PRIMARY KEY, b INT)");
      }
      var files =
          new ArrayList<>(
              TestDatabase.files(
                  "1_i.sql", "CREATE INDEX IF NOT EXISTS i ON t (b);",
                  "2_c.sql", "ALTER TABLE t ADD COLUMN c INT;"));
      files.addAll(VerifyFiles.of(files, DatabaseKind.COCKROACHDB).wanted());
      assertThat(files).hasSize(4);
      var recorder = new Recorder();

      var result =
          new Run(
                  model.target(),
                  files,
                  TestDatabase.options(),
                  recorder,
                  BrokenClassification::plan)
              .run();

      assertThat(result).as(recorder.causes().toString()).isInstanceOf(Result.Verified.class);
      var table = model.world().table(Name.of("t")).orElseThrow();
      assertThat(table.index("i")).hasValueSatisfying(i -> assertThat(i.isPublic()).isTrue());
      assertThat(recorder.phases("1#1")).endsWith("Applied", "Verifying", "Verified");
      assertThat(recorder.phases("2#1")).endsWith("Applied", "Verifying", "Verified");
    }
  }
}
