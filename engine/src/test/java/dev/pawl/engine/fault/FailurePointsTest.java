package dev.pawl.engine.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How failure points are armed from outside. */
class FailurePointsTest {
  @TempDir Path folder;

  @Test
  void numbersAreThoseOfTheirOrder() {
    assertThat(Arrays.stream(FailurePoint.values()).map(FailurePoint::number).toList())
        .containsExactlyElementsOf(
            java.util.stream.IntStream.rangeClosed(1, FailurePoint.values().length)
                .boxed()
                .toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"22", "0:kill", "99:kill", "22:explode", "22:kill@", "22:kill,", "x:kill"})
  void whatCannotBeReadIsRefused(String text) {
    assertThatThrownBy(() -> FailurePoints.of(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(FailurePoints.VARIABLE);
  }

  @Test
  void aFreezeHoldsWhateverComesToAPointAndThenEnds() throws Exception {
    var hook = FailurePoints.of("22:freeze=1@2");
    long begin = System.nanoTime();
    hook.reached(FailurePoint.STATEMENT_SENT);
    var frozen = CompletableFuture.runAsync(() -> hook.reached(FailurePoint.STATEMENT_SENT));
    frozen.get(60, TimeUnit.SECONDS);
    hook.reached(FailurePoint.HEARTBEAT);
    assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(TimeUnit.SECONDS.toNanos(1));
  }

  /** A process that comes to one point three times. */
  public static final class Walker {
    private Walker() {}

    /** Says each time that it has passed. */
    public static void main(String[] args) {
      FailurePoints.armFromEnvironment();
      for (int n = 1; n <= 3; n++) {
        FailurePoint.OBSERVE.reached();
        System.out.println("passed " + n);
      }
    }
  }

  private Process walk(String points) throws Exception {
    var builder =
        new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "-cp",
            System.getProperty("java.class.path"),
            Walker.class.getName());
    builder.environment().put(FailurePoints.VARIABLE, points);
    return builder
        .redirectOutput(folder.resolve("out").toFile())
        .redirectError(folder.resolve("err").toFile())
        .start();
  }

  @Test
  void aProcessIsKilledAtThePointTheNthTimeAndSaysSo() throws Exception {
    assertThat(walk("16:kill@2").waitFor()).isEqualTo(137);
    assertThat(Files.readString(folder.resolve("out"))).isEqualTo("passed 1\n");
    assertThat(Files.readString(folder.resolve("err")))
        .contains("FAULTS WILL HAPPEN ON PURPOSE", "failure point 16", "time 2: kill");
  }

  @Test
  void withoutTheVariableNothingHappensAndNothingIsSaid() throws Exception {
    assertThat(walk("").waitFor()).isZero();
    assertThat(Files.readString(folder.resolve("out"))).contains("passed 3");
    assertThat(Files.readString(folder.resolve("err"))).isEmpty();
  }
}
