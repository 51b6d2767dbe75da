package dev.pawl.crd;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** What a database's schema shall be, and how far it is. */
@JsonClassDescription(
    "A database's schema at a version: Pawl applies and verifies the migrations up to it, step by"
        + " step.")
@Group("pawl.dev")
@Version("v1alpha1")
@ShortNames("sm")
@ValidationRule(
    value = "self.metadata.name.size() <= 63 && !self.metadata.name.contains('.')",
    message =
        "a SchemaMigration's name has at most 63 characters and no dots, because it becomes the"
            + " scheduling gate pawl.dev/<name>: write orders-db instead of orders.db")
@AdditionalPrinterColumn(name = "Version", jsonPath = ".spec.version")
@AdditionalPrinterColumn(name = "Step", jsonPath = ".status.step")
@AdditionalPrinterColumn(name = "Phase", jsonPath = ".status.phase")
@AdditionalPrinterColumn(
    name = "Ready",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@SchemaCustomizer(ListsAndMaps.class)
public final class SchemaMigration
    extends CustomResource<SchemaMigrationSpec, SchemaMigrationStatus> implements Namespaced {

  @Override
  @Required
  @JsonPropertyDescription("What is asked for.")
  public SchemaMigrationSpec getSpec() {
    return super.getSpec();
  }

  /** Its default is on the object: on the field it would not apply while there is no status. */
  @Override
  @JsonPropertyDescription("How far it is, as seen by the operator.")
  @Default("{\"observedGeneration\": -1}")
  public SchemaMigrationStatus getStatus() {
    return super.getStatus();
  }

  /** The history in the ledger: what the spec says, else the name, which survives a restore. */
  public String stream() {
    return getSpec().stream() == null ? getMetadata().getName() : getSpec().stream();
  }
}
