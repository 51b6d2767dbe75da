package dev.pawl.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** What a person asks for. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value =
        "has(self.stream) == has(oldSelf.stream) && (!has(self.stream) || self.stream =="
            + " oldSelf.stream)",
    message =
        "spec.stream cannot be changed, because it names the history in the database: delete this"
            + " SchemaMigration (the data and its history stay) and make one with the other stream")
public record SchemaMigrationSpec(
    @JsonPropertyDescription(
            "The version the schema shall have: one to four dotted numbers, such as 7, 12.0.0 or"
                + " 20260228103000. Every migration of the source up to it is applied and verified,"
                + " in order; what the source has beyond it changes nothing.")
        @Required
        @Size(min = 1, max = 80)
        @ValidationRule(
            value = "self.matches('^[0-9]{1,18}([.][0-9]{1,18}){0,3}$')",
            messageExpression =
                "'\"' + self + '\" is not a version: write one to four dotted numbers of at most 18"
                    + " digits each, such as 7 or 12.0.0'")
        String version,
    @JsonPropertyDescription("Where the database is and how to enter it.") @Required
        Database database,
    @JsonPropertyDescription("Where the migrations are.") @Required Source source,
    @JsonPropertyDescription(
            "The name of this history in the database's ledger, where one database holds several."
                + " Default: the name of this SchemaMigration, so that one made again finds what"
                + " has been applied. Cannot be changed.")
        @Size(min = 1, max = 128)
        @ValidationRule(
            value = "self.matches('^[A-Za-z0-9][A-Za-z0-9._/-]*$')",
            message =
                "a stream is named with letters, digits, dots, slashes, dashes and underscores,"
                    + " such as orders")
        String stream,
    @JsonPropertyDescription("How migrations are applied. Everything in it is optional.")
        Policy policy,
    @JsonPropertyDescription(
            "true: the step that is at work is finished, and nothing is begun after it until it is"
                + " false again.")
        Boolean suspend,
    @JsonPropertyDescription(
            "true: as suspend, but at once. The statement that runs is cancelled: a transaction is"
                + " rolled back, and what an index build left is removed. Nothing is applied or"
                + " verified until it is false again.")
        Boolean cancel) {

  /** True when a person has suspended it. */
  public boolean suspended() {
    return Boolean.TRUE.equals(suspend);
  }

  /** True when a person has cancelled it. */
  public boolean cancelled() {
    return Boolean.TRUE.equals(cancel);
  }
}
