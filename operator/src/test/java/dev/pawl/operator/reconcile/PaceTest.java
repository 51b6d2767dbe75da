package dev.pawl.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class PaceTest {
  private static final Instant NOW = Instant.parse("2026-11-24T09:00:00Z");

  @Test
  void aBurstOfPhasesIsShownAndThenOneWritingASecond() {
    var pace = new Pace();
    int atOnce = 0;
    while (pace.allows(NOW)) {
      pace.write(NOW);
      atOnce++;
    }
    int inTheNextMinute = 0;
    for (int millis = 0; millis <= 60_000; millis += 100) {
      if (pace.allows(NOW.plusMillis(millis))) {
        pace.write(NOW.plusMillis(millis));
        inTheNextMinute++;
      }
    }

    assertThat(atOnce).isEqualTo(30);
    assertThat(inTheNextMinute).isBetween(59, 61);
  }

  @Test
  void progressIsWrittenOnceASecondEvenWithAReserve() {
    var pace = new Pace();
    pace.write(NOW);

    assertThat(pace.plenty(NOW)).isTrue();
    assertThat(pace.rested(NOW.plusMillis(999))).isFalse();
    assertThat(pace.rested(NOW.plusMillis(1000))).isTrue();
  }
}
