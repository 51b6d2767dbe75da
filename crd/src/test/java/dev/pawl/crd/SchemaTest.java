package dev.pawl.crd;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the API server is told about the types. */
class SchemaTest {
  private static CustomResourceDefinition migrations;
  private static CustomResourceDefinition gates;

  @BeforeAll
  static void generate(@TempDir Path scratch) throws Exception {
    migrations = GeneratedCrds.crd(scratch, "schemamigrations.pawl.dev.yaml");
    gates = GeneratedCrds.crd(scratch, "schemagates.pawl.dev.yaml");
  }

  @Test
  void aNewObjectIsNeverCurrentBecauseItsStatusBeginsWithGenerationMinusOne() {
    var status = root(migrations).getProperties().get("status");
    assertThat(status.getDefault().get("observedGeneration").asInt()).isEqualTo(-1);
    assertThat(status.getProperties().get("observedGeneration").getDefault()).isNull();
  }

  @Test
  void allListsAreAtomicButConditionsWhichAreAMapByType() {
    var types = new TreeMap<String, String>();
    for (var crd : List.of(migrations, gates)) {
      walk(
          "",
          root(crd),
          (path, schema) -> {
            if ("array".equals(schema.getType())) {
              types.put(path, schema.getXKubernetesListType());
            }
          });
    }
    assertThat(types)
        .isEqualTo(
            Map.of(
                ".spec.source.configMaps", "atomic",
                ".status.conditions", "map",
                ".status.pending", "atomic",
                ".status.steps", "atomic",
                ".status.migrations.*.pending", "atomic"));
  }

  @Test
  void theGatesMigrationsAreReplacedAsAWhole() {
    var gateStatus = root(gates).getProperties().get("status");
    assertThat(gateStatus.getProperties().get("migrations").getXKubernetesMapType())
        .isEqualTo("atomic");
  }

  @Test
  void aStaleLeadersStatusIsRefusedByBothKinds() {
    for (var crd : List.of(migrations, gates)) {
      assertThat(root(crd).getProperties().get("status").getXKubernetesValidations())
          .extracting("message")
          .contains(SchemaMigrationStatus.LATER_TERM);
    }
  }

  @Test
  void everyFieldExplainsItself() {
    var silent = new ArrayList<String>();
    for (var crd : List.of(migrations, gates)) {
      walk(
          "",
          root(crd),
          (path, schema) -> {
            var ofKubernetes = path.startsWith(".status.conditions.");
            if (schema.getDescription() == null && !path.endsWith("*") && !ofKubernetes) {
              silent.add(crd.getMetadata().getName() + path);
            }
          });
    }
    assertThat(silent).isEmpty();
  }

  @Test
  void noRuleIsThereTwice() {
    for (var crd : List.of(migrations, gates)) {
      walk(
          "",
          root(crd),
          (path, schema) ->
              assertThat(schema.getXKubernetesValidations()).as(path).doesNotHaveDuplicates());
    }
  }

  @Test
  void theColumnsAnswerWhetherItIsDone() {
    assertThat(migrations.getSpec().getVersions().getFirst().getAdditionalPrinterColumns())
        .extracting("name")
        .containsExactly("Version", "Step", "Phase", "Ready", "Age");
  }

  private static JSONSchemaProps root(CustomResourceDefinition crd) {
    return crd.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema();
  }

  private static void walk(
      String path, JSONSchemaProps schema, BiConsumer<String, JSONSchemaProps> visitor) {
    visitor.accept(path, schema);
    if (schema.getItems() != null) {
      walk(path + ".*", schema.getItems().getSchema(), visitor);
    }
    if (schema.getAdditionalProperties() != null
        && schema.getAdditionalProperties().getSchema() != null) {
      walk(path + ".*", schema.getAdditionalProperties().getSchema(), visitor);
    }
    if (schema.getProperties() != null) {
      schema
          .getProperties()
          .forEach((name, property) -> walk(path + "." + name, property, visitor));
    }
  }
}
