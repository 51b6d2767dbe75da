package dev.pawl.engine.plan;

import dev.pawl.engine.change.CreateIndex;
import dev.pawl.engine.change.OtherDdl;
import dev.pawl.engine.change.Procedural;
import dev.pawl.engine.change.SchemaChange;
import dev.pawl.engine.change.SessionSetting;
import dev.pawl.engine.change.Unclassified;
import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.Statement;
import java.util.List;

/** Says what each statement of a file does: by the facts of its verify file, or as classified. */
final class ItemReader {
  private final Classification classification;
  private final SourceFile file;
  private final VerifyFile verify;
  private final List<Problem> problems;

  ItemReader(
      Classification classification, SourceFile file, VerifyFile verify, List<Problem> problems) {
    this.classification = classification;
    this.file = file;
    this.verify = verify;
    this.problems = problems;
  }

  /** The statement's item; what is not allowed in a migration is added to the problems. */
  Item read(Statement statement) {
    var directive = Directive.of(statement, file, problems);
    var facts = verify.facts(statement);
    var read = classification.of(statement);
    var changes = facts.orElse(read);
    if (facts.isPresent() && areOfAnother(facts.get(), read)) {
      problem(
          statement,
          "its verify file says that this is to "
              + said(facts.get())
              + ", but it is to "
              + said(read)
              + ": remove that file's '-- pawl: fact' line, or run `pawl generate` on its folder");
    }
    var first = changes.getFirst();
    if (first instanceof SessionSetting(var name) && changes.size() == 1) {
      SessionSettings.refusal(statement, name).ifPresent(why -> problem(statement, why));
    } else if (classification.kind == DatabaseKind.COCKROACHDB
        && changes.size() > 1
        && changes.contains(new SessionSetting("set_config"))) {
      problem(
          statement,
          "what set_config sets within a longer statement is not seen beforehand, and may be the"
              + " database or the search path, in which Pawl looks: write it as a SET, or as"
              + " SELECT set_config('name', 'value', false) alone");
    } else if (first instanceof CreateIndex index
        && index.concurrently()
        && index.name().isEmpty()) {
      problem(
          statement,
          "give the index a name: one that the server makes up could not be found again after a"
              + " crash");
    } else if (directive.isEmpty() && facts.isEmpty() && !verify.handWritten()) {
      for (var change : changes) {
        if (change instanceof Unclassified unclassified) {
          problem(statement, "this statement is refused, for " + unclassified.reason() + waysOut());
        } else if (change instanceof Procedural procedural && procedural.maySplitTransaction()) {
          problem(
              statement,
              "this "
                  + procedural.keyword()
                  + " may commit by itself, so Pawl cannot know how far it got"
                  + waysOut());
        }
      }
    }
    if (directive.isPresent() && changes.stream().anyMatch(Unclassified.class::isInstance)) {
      return new Item(statement, List.of(new OtherDdl(firstWord(statement), true)));
    }
    return new Item(statement, changes);
  }

  /**
   * Whether facts that somebody has edited speak of another kind of change or another object. Of
   * what is not read, they are all there is; and details they may know better, or worse.
   */
  private static boolean areOfAnother(List<SchemaChange> facts, List<SchemaChange> read) {
    for (var change : read) {
      if (change instanceof Unclassified
          || change instanceof OtherDdl
          || change instanceof Procedural) {
        return false;
      }
    }
    if (facts.size() != read.size()) {
      return true;
    }
    for (int k = 0; k < facts.size(); k++) {
      if (facts.get(k).getClass() != read.get(k).getClass()
          || !facts.get(k).describe().equals(read.get(k).describe())) {
        return true;
      }
    }
    return false;
  }

  private static String said(List<SchemaChange> changes) {
    return String.join(" and ", changes.stream().map(SchemaChange::describe).toList());
  }

  private String waysOut() {
    var name = file.path().substring(file.path().lastIndexOf('/') + 1);
    return ": write a "
        + name.substring(0, name.length() - 4)
        + ".verify.sql with a SELECT that is true once it has really finished, or the line '--"
        + " pawl: verify none because …' before it";
  }

  private static String firstWord(Statement statement) {
    for (var token : statement.tokens()) {
      if (token.type().grammatical()) {
        return token.keyword().isEmpty() ? token.text() : token.keyword();
      }
    }
    return "";
  }

  private void problem(Statement statement, String message) {
    problems.add(new Problem(file.path(), statement.line(), statement.column(), message));
  }
}
