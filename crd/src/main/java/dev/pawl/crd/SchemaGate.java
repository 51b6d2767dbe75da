package dev.pawl.crd;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Version;
import java.util.List;
import java.util.Map;

/** What has been verified in a namespace: the parameter of the admission policies. */
@JsonClassDescription(
    "What has been verified in this namespace; pods and rollouts that require more are held. One in"
        + " each namespace, named gate, written by Pawl; spec.breakGlass is for people.")
@Group("pawl.dev")
@Version("v1alpha1")
@ValidationRule(
    value = "self.metadata.name == 'gate'",
    message = "a namespace has one SchemaGate, and its name is gate: write metadata.name: gate")
@SchemaCustomizer(value = ListsAndMaps.class, input = "migrations")
public final class SchemaGate extends CustomResource<SchemaGate.Spec, SchemaGate.Status>
    implements Namespaced {
  /** The name of the one in each namespace. */
  public static final String NAME = "gate";

  @Override
  @JsonPropertyDescription("For people: what to let through unverified.")
  public Spec getSpec() {
    return super.getSpec();
  }

  @Override
  @JsonPropertyDescription("What has been verified, written by the operator alone.")
  public Status getStatus() {
    return super.getStatus();
  }

  /** For people only. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonIgnoreProperties(ignoreUnknown = true)
  @ValidationRule(
      value =
          "!has(self.breakGlass) || self.breakGlass.all(m,"
              + " self.breakGlass[m].matches('^[0-9]{1,18}([.][0-9]{1,18}){0,3}$'))",
      message =
          "spec.breakGlass takes for each migration a version of one to four dotted numbers, such"
              + " as orders: \"12\"")
  public record Spec(
      @JsonPropertyDescription(
              "Opens the gate of a migration up to this version and no further, verified or not:"
                  + " orders: \"12\". The API server stamps who did it. Take it away when the"
                  + " migration is verified.")
          @Size(max = 100)
          Map<String, @Size(max = 80) String> breakGlass) {}

  /** Written by the operator alone. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonIgnoreProperties(ignoreUnknown = true)
  @ValidationRule(
      value = "!has(oldSelf.term) || has(self.term) && self.term >= oldSelf.term",
      message = SchemaMigrationStatus.LATER_TERM)
  public record Status(
      @JsonPropertyDescription("The term of the leader that wrote this.") Long term,
      @JsonPropertyDescription("What has been verified, by the SchemaMigration's name.")
          Map<String, Opening> migrations) {}

  /**
   * How far the gate of one migration is open.
   *
   * @param identity of the server and its time line when this was observed
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Opening(
      @JsonPropertyDescription("Everything up to this version has been verified.") @Size(max = 80)
          String through,
      @JsonPropertyDescription("Versions before it that came late and are not verified.")
          @Size(max = 200)
          List<@Size(max = 80) String> pending,
      @JsonPropertyDescription("The server and its time line when this was observed.")
          @Size(max = 200)
          String identity) {}
}
