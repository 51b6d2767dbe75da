package dev.pawl.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.pawl.engine.execute.StepState;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;

/** JSON output: one object a command, made field by field. */
final class Json {
  private Json() {}

  /** Writes the fields of the object. */
  interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  static void print(PrintWriter out, Fields fields) {
    var text = new StringWriter();
    try (var json = new JsonFactory().createGenerator(text)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      fields.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    out.println(text);
  }

  static void steps(JsonGenerator json, List<StepState> steps) throws IOException {
    json.writeArrayFieldStart("steps");
    for (var step : steps) {
      json.writeStartObject();
      json.writeStringField("id", step.id());
      json.writeStringField("version", step.version().text());
      json.writeStringField("file", step.file());
      json.writeStringField("phase", step.phase().text());
      json.writeNumberField("attempts", step.attempts());
      if (step.percent().isPresent()) {
        json.writeNumberField("percent", step.percent().getAsInt());
      }
      optional(json, "job", step.job().orElse(null));
      optional(json, "sqlstate", step.sqlstate().orElse(null));
      optional(json, "message", step.message().orElse(null));
      optional(json, "startedAt", step.startedAt().map(Object::toString).orElse(null));
      optional(json, "appliedAt", step.appliedAt().map(Object::toString).orElse(null));
      optional(json, "verifiedAt", step.verifiedAt().map(Object::toString).orElse(null));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  static void strings(JsonGenerator json, String name, List<String> values) throws IOException {
    json.writeArrayFieldStart(name);
    for (var value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }

  static void optional(JsonGenerator json, String name, String value) throws IOException {
    if (value != null) {
      json.writeStringField(name, value);
    }
  }
}
