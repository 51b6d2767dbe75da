package dev.pawl.operator.reconcile;

import dev.pawl.crd.Policy;
import dev.pawl.engine.execute.RunOptions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** A spec's policy as the engine and the runner take it, with its defaults. */
final class Policies {
  private static final Duration INITIAL_BACKOFF = Duration.ofSeconds(5);
  private static final Duration MAX_BACKOFF = Duration.ofSeconds(60);

  /** After that long a run ends and says why it waits; the next one goes on where it was. */
  private static final Duration RETRY_WITHIN_RUN = Duration.ofMinutes(1);

  private static final Duration STALLED_AFTER = Duration.ofMinutes(10);

  private static final Pattern PART = Pattern.compile("([0-9]+(?:[.][0-9]+)?)(ms|s|m|h)");
  private static final Map<String, Long> MILLIS =
      Map.of("ms", 1L, "s", 1000L, "m", 60_000L, "h", 3_600_000L);

  private Policies() {}

  static RunOptions.Policy engine(Policy policy) {
    var standard = RunOptions.Policy.DEFAULT;
    if (policy == null) {
      policy = new Policy(null, null, null, null, null, null, null);
    }
    return new RunOptions.Policy(
        policy.outOfOrder() == Policy.OutOfOrder.Apply
            ? RunOptions.OutOfOrder.APPLY
            : RunOptions.OutOfOrder.REFUSE,
        policy.onInvalid() == Policy.OnInvalid.Fail
            ? RunOptions.OnInvalid.FAIL
            : RunOptions.OnInvalid.REPAIR,
        policy.verification() != null
                && policy.verification().missingFile() == Policy.MissingFile.Refuse
            ? RunOptions.MissingVerifyFile.REFUSE
            : RunOptions.MissingVerifyFile.GENERATE,
        duration(policy.lockTimeout()).orElse(standard.lockTimeout()),
        duration(policy.statementTimeout()).orElse(standard.statementTimeout()),
        standard.waitForLease(),
        Optional.of(RETRY_WITHIN_RUN));
  }

  /** How long nothing may move before that is said. */
  static Duration stalledAfter(Policy policy) {
    return duration(policy == null ? null : policy.stalledAfter()).orElse(STALLED_AFTER);
  }

  /** The pause before the try after so many failures in a row, from 1. */
  static Duration backoff(Policy policy, int failures) {
    var retries = policy == null ? null : policy.retries();
    var first = retries == null ? null : retries.initialBackoff();
    var most = retries == null ? null : retries.maxBackoff();
    var max = duration(most).orElse(MAX_BACKOFF);
    var pause =
        duration(first).orElse(INITIAL_BACKOFF).multipliedBy(1L << Math.clamp(failures - 1, 0, 20));
    return pause.compareTo(max) < 0 ? pause : max;
  }

  /** "1h30m" as the CRD allows it. */
  static Optional<Duration> duration(String text) {
    if (text == null) {
      return Optional.empty();
    }
    double millis = 0;
    var part = PART.matcher(text);
    while (part.find()) {
      millis += Double.parseDouble(part.group(1)) * MILLIS.get(part.group(2));
    }
    return Optional.of(Duration.ofMillis(Math.round(millis)));
  }
}
