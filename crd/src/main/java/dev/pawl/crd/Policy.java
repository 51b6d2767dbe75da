package dev.pawl.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** How migrations are applied; whatever is left out has a default that fits production. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Policy(
    @JsonPropertyDescription("How steps are verified.") Verification verification,
    @JsonPropertyDescription("How soon what failed is tried again.") Retries retries,
    @JsonPropertyDescription(
            "How long one attempt waits for a lock before it lets the application pass and tries"
                + " again. Default: 400ms; never more than half of the server's deadlock_timeout.")
        @Size(max = 32)
        @ValidationRule(value = Policy.DURATION, message = Policy.NO_DURATION)
        String lockTimeout,
    @JsonPropertyDescription(
            "How long a statement in a transaction may run. Default: without limit. Index builds"
                + " and other work outside a transaction are not limited.")
        @Size(max = 32)
        @ValidationRule(value = Policy.DURATION, message = Policy.NO_DURATION)
        String statementTimeout,
    @JsonPropertyDescription(
            "A pending migration older than the newest applied one: Refuse (default) names it and"
                + " stops; Apply applies it.")
        OutOfOrder outOfOrder,
    @JsonPropertyDescription(
            "An index that is there, INVALID, and built by nobody: Repair (default) drops it"
                + " concurrently and builds it again; Fail leaves it to a person.")
        OnInvalid onInvalid,
    @JsonPropertyDescription(
            "How long a step may show no progress before the status says so (reason NoProgress),"
                + " with who holds it up. Nothing is stopped by it: the work goes on. Default:"
                + " 10m.")
        @Size(max = 32)
        @ValidationRule(value = Policy.DURATION, message = Policy.NO_DURATION)
        String stalledAfter) {

  static final String DURATION =
      "self.matches('^([0-9]+([.][0-9]+)?(ms|s|m|h))+$') && duration(self) >= duration('1ms')";
  static final String NO_DURATION = "write a duration such as 500ms, 30s or 1h30m, at least 1ms";

  /** How steps are verified. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Verification(
      @JsonPropertyDescription(
              "A step that runs outside a transaction and has no .verify.sql beside it: Generate"
                  + " (default) verifies it by what its statement tells; Refuse names it and"
                  + " stops.")
          MissingFile missingFile) {}

  /** What to do with a step that runs outside a transaction and has no verify file. */
  public enum MissingFile {
    Generate,
    Refuse
  }

  /** The pause before what failed is tried again: it doubles from one to the other. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Retries(
      @JsonPropertyDescription("The first pause. Default: 5s.")
          @Size(max = 32)
          @ValidationRule(value = Policy.DURATION, message = Policy.NO_DURATION)
          String initialBackoff,
      @JsonPropertyDescription("The longest pause. Default: 60s.")
          @Size(max = 32)
          @ValidationRule(value = Policy.DURATION, message = Policy.NO_DURATION)
          String maxBackoff) {}

  /** What to do with a pending migration older than the newest applied one. */
  public enum OutOfOrder {
    Refuse,
    Apply
  }

  /** What to do with an invalid index that nobody builds. */
  public enum OnInvalid {
    Repair,
    Fail
  }
}
