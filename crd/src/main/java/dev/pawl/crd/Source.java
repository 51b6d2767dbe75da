package dev.pawl.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;

/** Where the migrations are: here, or in ConfigMaps, or both. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value = "has(self.inline) || has(self.configMaps)",
    message =
        "spec.source is empty: add inline (a map from 0001_name.sql to its SQL) or configMaps (a"
            + " list of names)")
@ValidationRule(
    value =
        "!has(self.inline) || self.inline.all(file, file.endsWith('.sql') || file =="
            + " 'versions.txt')",
    message =
        "the names in spec.source.inline end with .sql: 0001_create_orders.sql for a migration,"
            + " 0001_create_orders.verify.sql for its verification; or it is versions.txt")
public record Source(
    @JsonPropertyDescription(
            "The migrations themselves, by file name: 0001_create_orders.sql, or 12.0.0/up01.sql,"
                + " each with an optional .verify.sql beside it.")
        @Size(min = 1, max = 500)
        Map<String, @Size(max = 524288) String> inline,
    @JsonPropertyDescription(
            "ConfigMaps in the same namespace whose keys are file names, as in inline. The same"
                + " name twice is refused. With the label pawl.dev/source a change is seen at once;"
                + " without it within half a minute, and within ten minutes once Ready.")
        @Size(min = 1, max = 16)
        List<ConfigMapRef> configMaps) {

  /** A ConfigMap all of whose keys are migrations. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record ConfigMapRef(
      @JsonPropertyDescription("The ConfigMap's name, in the same namespace.")
          @Required
          @Size(min = 1, max = 253)
          String name) {}
}
