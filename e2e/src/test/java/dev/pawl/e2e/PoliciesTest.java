package dev.pawl.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What the chart's admission policies close, open, hold, release and refuse on a real API server,
 * in many orders, with no operator: helm/tests/policies, which has an embedded cluster of its own.
 */
class PoliciesTest {
  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void policiesDecideAsTheyShouldInEveryOrder() throws Exception {
    var builder =
        new ProcessBuilder("bash", "-c", "bin/setup embedded >&2 && helm/tests/policies")
            .directory(Path.of("..").toFile())
            .redirectErrorStream(true);
    builder.environment().remove("KUBECONFIG");
    var process = builder.start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output.lines().toList().getLast()).matches("[1-9][0-9]+ passed, 0 failed");
  }
}
