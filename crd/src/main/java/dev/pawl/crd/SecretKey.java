package dev.pawl.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** One key of a Secret in the namespace of the SchemaMigration. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record SecretKey(
    @JsonPropertyDescription("The Secret's name, in the same namespace.")
        @Required
        @Size(min = 1, max = 253)
        String name,
    @JsonPropertyDescription("The key in it; its default is with the field that names the Secret.")
        @Size(min = 1, max = 253)
        String key) {

  /** The key, or what the field takes when none is given. */
  public String keyOr(String otherwise) {
    return key == null ? otherwise : key;
  }
}
