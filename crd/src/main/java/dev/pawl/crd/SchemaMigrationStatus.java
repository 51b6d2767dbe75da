package dev.pawl.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import java.util.Map;

/** What a person reads: a view of the ledger in the database, which alone is the truth. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value = "!has(oldSelf.term) || has(self.term) && self.term >= oldSelf.term",
    message = SchemaMigrationStatus.LATER_TERM)
public record SchemaMigrationStatus(
    @JsonPropertyDescription(
            "The metadata.generation that this status is about; -1 before the operator has seen"
                + " it.")
        Long observedGeneration,
    @JsonPropertyDescription(
            "The term of the leader that wrote this status; an earlier leader's write is refused.")
        Long term,
    @JsonPropertyDescription(
            "The phase of the step in question: Pending, Applying, Applied, Verifying, Verified or"
                + " Failed.")
        @Size(max = 32)
        String phase,
    @JsonPropertyDescription("Verified steps and all steps up to spec.version: 3/7.")
        @Size(max = 32)
        String step,
    @JsonPropertyDescription("SHA-256 of the files that are, or were last, executed.")
        @Size(max = 80)
        String sourceDigest,
    @JsonPropertyDescription("The version through which everything has been verified.")
        @Size(max = 80)
        String through,
    @JsonPropertyDescription("Versions before it that came late and are not verified, at most 200.")
        @Size(max = 200)
        List<@Size(max = 80) String> pending,
    @JsonPropertyDescription("How many steps are in each phase.") Map<String, Integer> counts,
    @JsonPropertyDescription(
            "The steps around the one in question, at most 200; counts covers them all.")
        @Size(max = SchemaMigrationStatus.MAX_STEPS)
        List<Step> steps,
    @JsonPropertyDescription("Ready, Reconciling and Stalled, by the rules of kstatus.")
        @Size(max = 16)
        List<Condition> conditions) {

  /** What the API server says to a leader whose time has passed. */
  public static final String LATER_TERM = "a leader of a later term has written this";

  /** How many steps are shown at most: the whole status stays far below 256 KiB. */
  public static final int MAX_STEPS = 200;

  /** One step: what is executed and verified as one. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Step(
      @JsonPropertyDescription("Version and ordinal: 7#1.") @Size(max = 96) String id,
      @JsonPropertyDescription("The file it comes from.") @Size(max = 253) String file,
      @JsonPropertyDescription("Pending, Applying, Applied, Verifying, Verified or Failed.")
          @Size(max = 32)
          String phase,
      @JsonPropertyDescription("How often its statement has been sent.") Integer attempts,
      @JsonPropertyDescription("How often the database has been asked whether it is done.")
          Integer verifications,
      @JsonPropertyDescription("Per cent of the database's own work, where it tells.")
          Integer progress,
      @JsonPropertyDescription("The job or backend that does the work.") @Size(max = 64) String job,
      @JsonPropertyDescription("The database's code for the last failure.") @Size(max = 8)
          String sqlstate,
      @JsonPropertyDescription("What happens, or what failed and what to do.") @Size(max = 512)
          String message,
      @JsonPropertyDescription("When it was first sent.") @Size(max = 40) String startedAt,
      @JsonPropertyDescription("When the statement had returned.") @Size(max = 40) String appliedAt,
      @JsonPropertyDescription("When its verification began.") @Size(max = 40) String verifyingAt,
      @JsonPropertyDescription("When the database had confirmed it.") @Size(max = 40)
          String verifiedAt) {}
}
