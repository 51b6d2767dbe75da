package dev.pawl.engine.change;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.Splitter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page of CockroachDB's statements says what they are classified as. */
class CockroachStatementsTest {
  private static final Path PAGE = Path.of("../docs/cockroachdb-statements.md");
  private static final Pattern ROW = Pattern.compile("\\| `(.+?)` \\| (\\w+) \\|(.*)\\|");

  @Test
  void eachStatementIsWhatThePageSays() throws IOException {
    var wrong = new ArrayList<String>();
    int rows = 0;
    for (var line : Files.readAllLines(PAGE)) {
      var row = ROW.matcher(line);
      if (!row.matches()) {
        assertThat(line).as("a row that cannot be read").doesNotStartWith("| `");
        continue;
      }
      rows++;
      var statement = Splitter.split(row.group(1), DatabaseKind.COCKROACHDB).getFirst();
      var kind =
          Classifier.classify(statement, DatabaseKind.COCKROACHDB)
              .getFirst()
              .getClass()
              .getSimpleName();
      if (!kind.equals(row.group(2))) {
        wrong.add(row.group(1) + " is " + kind + ", not " + row.group(2));
      }
      if (kind.equals("Unclassified") && row.group(3).isBlank()) {
        wrong.add(row.group(1) + " is left Unclassified without a reason");
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(rows).isGreaterThan(100);
  }
}
