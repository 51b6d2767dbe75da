package dev.pawl.crd;

import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;

/**
 * For server-side apply: every list is atomic but conditions, which are a map by type, and so is
 * every map named in the input, by commas. Used when the CRDs are generated, never at run time;
 * public because the generator makes it.
 */
public final class ListsAndMaps implements SchemaCustomizer.Customizer {
  @Override
  public JSONSchemaProps apply(
      JSONSchemaProps schema, String atomicMaps, KubernetesSerialization serialization) {
    mark("", schema, List.of(atomicMaps.split(",")));
    return schema;
  }

  private static void mark(String name, JSONSchemaProps schema, List<String> atomicMaps) {
    if (schema.getXKubernetesValidations() != null) { // found on a record's field and its accessor
      schema.setXKubernetesValidations(
          schema.getXKubernetesValidations().stream().distinct().toList());
    }
    if ("array".equals(schema.getType())) {
      var item = schema.getItems().getSchema();
      if (name.equals("conditions")) {
        schema.setXKubernetesListType("map");
        schema.setXKubernetesListMapKeys(List.of("type"));
        item.setRequired(List.of("type", "status", "lastTransitionTime", "reason", "message"));
      } else {
        schema.setXKubernetesListType("atomic");
      }
      mark("", item, atomicMaps);
    }
    if (!name.isEmpty() && atomicMaps.contains(name)) {
      schema.setXKubernetesMapType("atomic");
    }
    if (schema.getProperties() != null) {
      schema.getProperties().forEach((property, s) -> mark(property, s, atomicMaps));
    }
    if (schema.getAdditionalProperties() != null
        && schema.getAdditionalProperties().getSchema() != null) {
      mark("", schema.getAdditionalProperties().getSchema(), atomicMaps);
    }
  }
}
