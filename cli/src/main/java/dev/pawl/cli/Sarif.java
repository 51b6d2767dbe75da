package dev.pawl.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.pawl.engine.lint.Finding;
import dev.pawl.engine.lint.Rule;
import dev.pawl.engine.lint.Rules;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;

/**
 * Findings as SARIF 2.1.0 (OASIS), with what GitHub's code scanning asks for beyond it: a line for
 * each result, and a help text for each rule.
 */
final class Sarif {
  private static final String SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";

  private Sarif() {}

  static void print(Checked checked, Path base, PrintWriter out) {
    var rules = Rules.ALL.stream().filter(r -> r.databases().contains(checked.kind())).toList();
    Json.print(
        out,
        json -> {
          json.writeStringField("$schema", SCHEMA);
          json.writeStringField("version", "2.1.0");
          json.writeArrayFieldStart("runs");
          json.writeStartObject();
          tool(json, rules);
          json.writeStringField("columnKind", "utf16CodeUnits");
          json.writeArrayFieldStart("results");
          for (var finding : checked.findings()) {
            result(json, finding, rules.indexOf(finding.rule()), checked.path(finding, base));
          }
          json.writeEndArray();
          json.writeEndObject();
          json.writeEndArray();
        });
  }

  private static void tool(JsonGenerator json, List<Rule> rules) throws IOException {
    json.writeObjectFieldStart("tool");
    json.writeObjectFieldStart("driver");
    json.writeStringField("name", "pawl");
    json.writeStringField("semanticVersion", Pawl.VERSION);
    json.writeArrayFieldStart("rules");
    for (var rule : rules) {
      json.writeStartObject();
      json.writeStringField("id", rule.id());
      text(json, "shortDescription", rule.title());
      text(json, "fullDescription", rule.why());
      json.writeObjectFieldStart("help");
      json.writeStringField("text", (rule.why() + "\n\n" + rule.instead()).strip());
      json.writeStringField("markdown", rule.markdown());
      json.writeEndObject();
      json.writeObjectFieldStart("defaultConfiguration");
      json.writeStringField("level", rule.level().text());
      json.writeEndObject();
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void result(JsonGenerator json, Finding finding, int rule, String path)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("ruleId", finding.rule().id());
    json.writeNumberField("ruleIndex", rule);
    json.writeStringField("level", finding.level().text());
    text(json, "message", finding.message());
    json.writeArrayFieldStart("locations");
    json.writeStartObject();
    json.writeObjectFieldStart("physicalLocation");
    json.writeObjectFieldStart("artifactLocation");
    json.writeStringField("uri", uri(path));
    json.writeEndObject();
    json.writeObjectFieldStart("region");
    // Of the file as a whole: code scanning shows nothing without a line.
    json.writeNumberField("startLine", Math.max(1, finding.line()));
    if (finding.column() > 0) {
      json.writeNumberField("startColumn", finding.column());
    }
    json.writeEndObject();
    json.writeEndObject();
    json.writeEndObject();
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void text(JsonGenerator json, String name, String text) throws IOException {
    json.writeObjectFieldStart(name);
    json.writeStringField("text", text);
    json.writeEndObject();
  }

  /** Relative where the path is; with what a URI may not hold escaped. */
  private static String uri(String path) {
    if (path.startsWith("/")) {
      return Path.of(path).toUri().toASCIIString();
    }
    try {
      var escaped = new URI(null, null, "/" + path, null).toASCIIString().substring(1);
      return escaped.replace(":", "%3A"); // what comes before one would be a scheme
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("a path that makes no URI: " + path, e);
    }
  }
}
