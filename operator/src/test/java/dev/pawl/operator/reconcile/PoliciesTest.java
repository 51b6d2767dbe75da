package dev.pawl.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.crd.Policy;
import dev.pawl.engine.execute.RunOptions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoliciesTest {
  @ParameterizedTest
  @CsvSource({"500ms, 500", "30s, 30000", "1h30m, 5400000", "1.5s, 1500", "2m500ms, 120500"})
  void readsDurationsAsTheCrdAllowsThem(String text, long millis) {
    assertThat(Policies.duration(text)).contains(Duration.ofMillis(millis));
  }

  @Test
  void whatIsLeftOutIsTheEnginesDefault() {
    var policy = Policies.engine(null);

    assertThat(policy.lockTimeout()).isEqualTo(RunOptions.Policy.DEFAULT.lockTimeout());
    assertThat(policy.outOfOrder()).isEqualTo(RunOptions.OutOfOrder.REFUSE);
    assertThat(policy.onInvalid()).isEqualTo(RunOptions.OnInvalid.REPAIR);
  }

  @Test
  void whatIsSaidIsPassedOn() {
    var policy =
        Policies.engine(
            new Policy(
                new Policy.Verification(Policy.MissingFile.Refuse),
                null,
                "200ms",
                "1m",
                Policy.OutOfOrder.Apply,
                Policy.OnInvalid.Fail,
                null));

    assertThat(policy.lockTimeout()).isEqualTo(Duration.ofMillis(200));
    assertThat(policy.statementTimeout()).isEqualTo(Duration.ofMinutes(1));
    assertThat(policy.outOfOrder()).isEqualTo(RunOptions.OutOfOrder.APPLY);
    assertThat(policy.onInvalid()).isEqualTo(RunOptions.OnInvalid.FAIL);
    assertThat(policy.missingVerifyFile()).isEqualTo(RunOptions.MissingVerifyFile.REFUSE);
  }

  @ParameterizedTest
  @CsvSource({"1, 5", "2, 10", "4, 40", "5, 60", "1000, 60"})
  void pausesDoubleFromFiveSecondsToAMinute(int failures, long seconds) {
    assertThat(Policies.backoff(null, failures)).isEqualTo(Duration.ofSeconds(seconds));
  }

  @Test
  void noProgressIsSaidAfterTenMinutesUnlessThePolicySaysOtherwise() {
    assertThat(Policies.stalledAfter(null)).isEqualTo(Duration.ofMinutes(10));
    assertThat(Policies.stalledAfter(new Policy(null, null, null, null, null, null, "2h30m")))
        .isEqualTo(Duration.ofMinutes(150));
  }

  @Test
  void pausesAreWhatThePolicySays() {
    var policy = new Policy(null, new Policy.Retries("1s", "3s"), null, null, null, null, null);

    assertThat(Policies.backoff(policy, 1)).isEqualTo(Duration.ofSeconds(1));
    assertThat(Policies.backoff(policy, 3)).isEqualTo(Duration.ofSeconds(3));
  }
}
