package dev.pawl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.lint.Rule;
import dev.pawl.engine.lint.Rules;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/lint.md explains every rule, in the words that the command line has for it. */
class LintDocumentTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "lint.md");
  private static final String HEADING = "## Rules\n\n";

  @Test
  void itExplainsEveryRule() throws Exception {
    var text = Files.readString(DOCUMENT);
    var before = text.substring(0, text.indexOf(HEADING) + HEADING.length());
    var wanted = before + Rules.ALL.stream().map(Rule::markdown).collect(Collectors.joining("\n"));
    if (Boolean.getBoolean("pawl.docs.write")) {
      Files.writeString(DOCUMENT, wanted);
    }
    assertThat(DOCUMENT)
        .as("stale? mvn -pl cli -am test -Dtest=LintDocumentTest -Dpawl.docs.write=true")
        .hasContent(wanted);
  }
}
