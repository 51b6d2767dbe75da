package dev.pawl.crd;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The chart ships what the Java types say. */
class ChartCrdsTest {
  private static final Path CHART = Path.of("..", "helm", "files", "crds");

  @Test
  void theChartsCrdsAreThoseGeneratedFromTheTypes(@TempDir Path scratch) throws Exception {
    var generated = GeneratedCrds.yaml(scratch);
    assertThat(generated.keySet())
        .containsExactly("schemagates.pawl.dev.yaml", "schemamigrations.pawl.dev.yaml");
    for (var file : generated.entrySet()) {
      var shipped = CHART.resolve(file.getKey());
      if (Boolean.getBoolean("pawl.crds.write")) {
        Files.createDirectories(CHART);
        Files.writeString(shipped, file.getValue());
      }
      assertThat(shipped)
          .as("stale? mvn -pl crd test -Dtest=ChartCrdsTest -Dpawl.crds.write=true writes it anew")
          .hasContent(file.getValue());
    }
  }
}
