package dev.pawl.e2e.harness;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A SchemaMigration as the API server shows it to anyone: read as plain maps, not by Pawl's own
 * types.
 */
public record Migration(GenericKubernetesResource resource) {

  /** One entry of status.steps. */
  public record Step(Map<String, Object> fields) {
    public String id() {
      return text("id").orElse("");
    }

    public String phase() {
      return text("phase").orElse("");
    }

    public int attempts() {
      return fields.get("attempts") instanceof Integer n ? n : 0;
    }

    public Optional<String> message() {
      return text("message");
    }

    public Optional<String> sqlstate() {
      return text("sqlstate");
    }

    public Optional<Instant> verifiedAt() {
      return text("verifiedAt").map(Instant::parse);
    }

    /** Any other field, as text. */
    public Optional<String> text(String field) {
      return Optional.ofNullable(fields.get(field)).map(Object::toString);
    }
  }

  /** One condition. */
  public record Condition(String type, String status, String reason, String message) {}

  public String name() {
    return resource.getMetadata().getName();
  }

  public Optional<String> phase() {
    return status("phase").map(Object::toString);
  }

  /** As in "3/7". */
  public Optional<String> step() {
    return status("step").map(Object::toString);
  }

  public long observedGeneration() {
    return status("observedGeneration").map(n -> ((Number) n).longValue()).orElse(-1L);
  }

  public long term() {
    return status("term").map(n -> ((Number) n).longValue()).orElse(-1L);
  }

  public List<Step> steps() {
    return maps("steps").stream().map(Step::new).toList();
  }

  public Optional<Step> step(String id) {
    return steps().stream().filter(s -> s.id().equals(id)).findFirst();
  }

  public Optional<Condition> condition(String type) {
    return maps("conditions").stream()
        .filter(c -> type.equals(c.get("type")))
        .map(
            c ->
                new Condition(
                    type,
                    Objects.toString(c.get("status")),
                    Objects.toString(c.get("reason")),
                    Objects.toString(c.get("message"))))
        .findFirst();
  }

  /** Whether the condition is True, for the generation that the spec has now. */
  public boolean is(String type) {
    return Objects.equals(observedGeneration(), resource.getMetadata().getGeneration())
        && condition(type).filter(c -> c.status().equals("True")).isPresent();
  }

  public boolean ready() {
    return is("Ready");
  }

  private Optional<Object> status(String field) {
    return resource.getAdditionalProperties().get("status") instanceof Map<?, ?> status
        ? Optional.ofNullable(status.get(field))
        : Optional.empty();
  }

  @SuppressWarnings("unchecked")
  private List<Map<String, Object>> maps(String field) {
    return status(field).map(list -> (List<Map<String, Object>>) list).orElse(List.of());
  }
}
