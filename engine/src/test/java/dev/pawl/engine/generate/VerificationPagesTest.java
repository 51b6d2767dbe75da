package dev.pawl.engine.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.change.Classifier;
import dev.pawl.engine.change.SchemaChange;
import dev.pawl.engine.dialect.Dialect;
import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.Splitter;
import dev.pawl.engine.testing.TestDatabase;
import dev.pawl.engine.verify.VerifyQuery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The pages on verification say what the code does. With {@code -Dpawl.docs.write=true} their SQL
 * is written anew.
 */
class VerificationPagesTest {
  private static final Path PAGES = Path.of("../docs/verification");
  private static final Map<DatabaseKind, String> LABELS =
      Map.of(DatabaseKind.POSTGRESQL, "PostgreSQL:", DatabaseKind.COCKROACHDB, "CockroachDB:");
  private static final String NO_STATEMENT = " no such statement.";
  private static final String NOTHING = " nothing is asked.";

  /** The lines of a section, by the change it is named for. */
  private final Map<String, List<String>> sections = new HashMap<>();

  @BeforeEach
  void read() throws IOException {
    try (var pages = Files.list(PAGES)) {
      for (var page : pages.sorted().toList()) {
        var lines =
            Boolean.getBoolean("pawl.docs.write") ? rewritten(page) : Files.readAllLines(page);
        if (page.endsWith("README.md")) {
          continue;
        }
        var section = new ArrayList<String>();
        for (var line : lines) {
          if (line.startsWith("## ")) {
            section = new ArrayList<>();
            assertThat(sections.put(line.substring(3), section)).as(line).isNull();
          }
          section.add(line);
        }
      }
    }
  }

  private static List<String> rewritten(Path page) throws IOException {
    var out = new ArrayList<String>();
    var lines = Files.readAllLines(page);
    String example = "";
    for (int k = 0; k < lines.size(); k++) {
      out.add(lines.get(k));
      if (lines.get(k).equals("Example:")) {
        example = block(lines, k);
      }
      for (var kind : DatabaseKind.values()) {
        if (lines.get(k).equals(LABELS.get(kind))) {
          out.add("```sql");
          out.addAll(predicate(kind, example).lines().toList());
          out.add("```");
          k += 2 + (int) block(lines, k).lines().count();
        }
      }
    }
    Files.writeString(page, String.join("\n", out) + "\n");
    return out;
  }

  /** What stands in the fence after a line. */
  private static String block(List<String> lines, int label) {
    assertThat(lines.get(label + 1)).as("after " + lines.get(label)).isEqualTo("```sql");
    int end = label + 2;
    while (!lines.get(end).equals("```")) {
      end++;
    }
    return String.join("\n", lines.subList(label + 2, end));
  }

  private static SchemaChange change(DatabaseKind kind, String sql) {
    return Classifier.classify(Splitter.split(sql, kind).getFirst(), kind).getFirst();
  }

  private static String predicate(DatabaseKind kind, String sql) {
    return Dialect.of(kind).predicate(change(kind, sql)).orElse("").strip();
  }

  private static List<String> changes() {
    return Arrays.stream(SchemaChange.class.getPermittedSubclasses())
        .map(Class::getSimpleName)
        .toList();
  }

  @Test
  void everyChangeHasItsSectionAndNoOtherHas() throws Exception {
    assertThat(sections.keySet()).containsExactlyInAnyOrderElementsOf(changes());
    var index = Files.readString(PAGES.resolve("README.md"));
    assertThat(changes())
        .allSatisfy(change -> assertThat(index).containsPattern("\\b" + change + "\\b"));
  }

  @Test
  void eachSectionSaysWhatTheCodeDoes() {
    sections.forEach(
        (name, lines) -> {
          var example = block(lines, lines.indexOf("Example:"));
          boolean known = false;
          for (var kind : DatabaseKind.values()) {
            var what = name + " on " + kind + " (written anew by -Dpawl.docs.write=true)";
            var change = change(kind, example);
            var label = LABELS.get(kind);
            known |= change.getClass().getSimpleName().equals(name);
            if (lines.contains(label + NO_STATEMENT) || lines.contains(label + NOTHING)) {
              assertThat(predicate(kind, example)).as(what).isEmpty();
            } else {
              assertThat(block(lines, lines.indexOf(label)))
                  .as(what)
                  .isNotEmpty()
                  .isEqualTo(predicate(kind, example));
            }
          }
          assertThat(known).as("the example is a " + name).isTrue();
        });
  }

  @Test
  void eachSectionSaysWhereItsSqlWasRunAndNeverClaimsCockroachdb() {
    sections.forEach(
        (name, lines) -> {
          var run = lines.stream().filter(line -> line.startsWith("Run on: ")).toList();
          assertThat(run).as(name).hasSize(1);
          assertThat(run.getFirst()).as(name).doesNotContainPattern("CockroachDB(?!: model)");
          if (lines.contains("PostgreSQL:")) {
            assertThat(run.getFirst()).as(name).contains("PostgreSQL 15 and 18");
          }
          if (lines.contains("CockroachDB:")) {
            assertThat(run.getFirst()).as(name).contains("CockroachDB: model");
          }
        });
  }

  @Test
  void everySelectForPostgresqlIsRunHere() throws Exception {
    var db = TestDatabase.fresh();
    try (var connection = db.connect()) {
      for (var lines : sections.values()) {
        int label = lines.indexOf(LABELS.get(DatabaseKind.POSTGRESQL));
        if (label >= 0) {
          VerifyQuery.ask(connection, block(lines, label)); // fails for what is not one boolean
        }
      }
    }
  }
}
