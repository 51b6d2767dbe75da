package dev.pawl.cli;

import dev.pawl.engine.lint.Finding;
import dev.pawl.engine.lint.Level;
import dev.pawl.engine.plan.VerifyFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;

/** How a check's findings are written. */
enum CheckFormat {
  /** One line a finding, and a summary. */
  TEXT {
    @Override
    void print(Checked checked, PrintWriter out) {
      for (var finding : checked.findings()) {
        out.println(
            checked.path(finding, HERE)
                + place(finding)
                + ": "
                + finding.level().text()
                + " "
                + finding.rule().id()
                + ": "
                + oneLine(finding.message()));
      }
      out.println(summary(checked));
    }
  },
  /** One object, for scripts. */
  JSON {
    @Override
    void print(Checked checked, PrintWriter out) {
      Json.print(
          out,
          json -> {
            json.writeStringField("dialect", VerifyFile.name(checked.kind()));
            json.writeNumberField("files", checked.files());
            for (var level : Level.values()) {
              json.writeNumberField(level.text() + "s", checked.count(level));
            }
            json.writeArrayFieldStart("findings");
            for (var finding : checked.findings()) {
              json.writeStartObject();
              json.writeStringField("rule", finding.rule().id());
              json.writeStringField("level", finding.level().text());
              json.writeStringField("file", finding.file());
              if (finding.line() > 0) {
                json.writeNumberField("line", finding.line());
              }
              if (finding.column() > 0) {
                json.writeNumberField("column", finding.column());
              }
              Json.optional(
                  json, "version", checked.version(finding).map(Object::toString).orElse(null));
              json.writeStringField("message", finding.message());
              json.writeEndObject();
            }
            json.writeEndArray();
          });
    }
  },
  /** SARIF 2.1.0, for code scanning. */
  SARIF {
    @Override
    void print(Checked checked, PrintWriter out) {
      Sarif.print(checked, repository(), out);
    }
  },
  /** Workflow commands, which GitHub shows beside the changed lines. */
  GITHUB {
    @Override
    void print(Checked checked, PrintWriter out) {
      for (var finding : checked.findings()) {
        var command = finding.level() == Level.NOTE ? "notice" : finding.level().text();
        out.println(
            "::"
                + command
                + " file="
                + property(checked.path(finding, repository()))
                + (finding.line() > 0 ? ",line=" + finding.line() : "")
                + (finding.column() > 0 ? ",col=" + finding.column() : "")
                + ",title="
                + property("pawl: " + finding.rule().id())
                + "::"
                + data(finding.message()));
      }
      out.println(summary(checked));
    }
  };

  private static final Path HERE = Path.of("");

  abstract void print(Checked checked, PrintWriter out);

  /** The folder that code scanning and annotations count from. */
  private static Path repository() {
    return Optional.ofNullable(System.getenv("GITHUB_WORKSPACE")).map(Path::of).orElse(HERE);
  }

  private static String place(Finding finding) {
    return (finding.line() > 0 ? ":" + finding.line() : "")
        + (finding.column() > 0 ? ":" + finding.column() : "");
  }

  private static String summary(Checked checked) {
    var found =
        checked.findings().isEmpty()
            ? "nothing found"
            : count(checked.count(Level.ERROR), "error")
                + ", "
                + count(checked.count(Level.WARNING), "warning")
                + ", "
                + count(checked.count(Level.NOTE), "note");
    return found
        + " in "
        + count(checked.files(), "file")
        + ", checked for "
        + VerifyFile.name(checked.kind());
  }

  private static String count(long n, String what) {
    return n + " " + what + (n == 1 ? "" : "s");
  }

  /** A name may hold a line break, and one finding is one line. */
  private static String oneLine(String message) {
    return message.replaceAll("\\p{Cntrl}+", " ");
  }

  private static String data(String text) {
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
  }

  private static String property(String text) {
    return data(text).replace(":", "%3A").replace(",", "%2C");
  }
}
