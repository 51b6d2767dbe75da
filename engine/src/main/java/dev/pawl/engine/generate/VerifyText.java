package dev.pawl.engine.generate;

import dev.pawl.engine.change.FactJson;
import dev.pawl.engine.change.SchemaChange;
import dev.pawl.engine.dialect.Dialect;
import dev.pawl.engine.plan.Directive;
import dev.pawl.engine.plan.VerifyFile;
import dev.pawl.engine.plan.WrittenStep;
import dev.pawl.engine.sql.Visible;
import dev.pawl.engine.verify.Facts;
import java.util.ArrayList;
import java.util.List;

/** The text of a generated verify file: the same bytes for the same migration, always. */
final class VerifyText {
  private static final String NOTHING_TO_SEE =
      "nothing in the database shows it: the statement's own success is its verification";

  private final Dialect dialect;
  private final StringBuilder text = new StringBuilder();

  private VerifyText(Dialect dialect) {
    this.dialect = dialect;
  }

  /**
   * The whole file.
   *
   * @param migration the name of the file that it is for
   * @param steps those of its steps that run outside a transaction
   */
  static String of(Dialect dialect, String migration, List<WrittenStep> steps) {
    var file = new VerifyText(dialect);
    file.line(
        "-- Made by `pawl generate` from "
            + Visible.of(migration)
            + ": change that, and run it again.");
    file.line(
        "-- To keep a text of your own here, delete the next line: Pawl then never writes over"
            + " it.");
    file.line("-- pawl: generated " + VerifyFile.name(dialect.kind()));
    for (var step : steps) {
      file.line("");
      file.step(step);
    }
    return file.text.toString();
  }

  private void step(WrittenStep step) {
    var statement = step.statements().getFirst().statement();
    var changes = step.step().changes();
    for (var change : changes) {
      line("-- " + Visible.of(change.describe()));
    }
    line("-- pawl: statement sha256:" + VerifyFile.checksum(statement));
    for (var change : changes) {
      line("-- pawl: fact " + FactJson.write(change));
    }
    var none = Directive.verifyNone(statement);
    var predicates = none.isPresent() ? List.<String>of() : predicates(changes);
    if (predicates.isEmpty()) {
      line("-- pawl: verify none because " + none.map(Directive::reason).orElse(NOTHING_TO_SEE));
      line("SELECT true;");
    } else if (predicates.size() == 1) {
      line(predicates.getFirst() + ";");
    } else {
      // Never indented: a name may hold a line break.
      line("SELECT (\n" + String.join("\n) AND (\n", predicates) + "\n);");
    }
  }

  /** Of what the statement itself does not undo again. */
  private List<String> predicates(List<SchemaChange> changes) {
    var predicates = new ArrayList<String>(1);
    for (var change : Facts.lasting(changes)) {
      dialect.predicate(change).map(String::strip).ifPresent(predicates::add);
    }
    return predicates;
  }

  private void line(String line) {
    text.append(line).append('\n');
  }
}
