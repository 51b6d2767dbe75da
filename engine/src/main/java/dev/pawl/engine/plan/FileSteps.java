package dev.pawl.engine.plan;

import dev.pawl.engine.change.AddEnumValue;
import dev.pawl.engine.change.Classifier;
import dev.pawl.engine.change.CreateIndex;
import dev.pawl.engine.change.Dml;
import dev.pawl.engine.change.OtherDdl;
import dev.pawl.engine.change.Procedural;
import dev.pawl.engine.change.SchemaChange;
import dev.pawl.engine.change.SessionSetting;
import dev.pawl.engine.change.Unclassified;
import dev.pawl.engine.sql.Checksum;
import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Cuts one file into steps, or says what is wrong with it. */
final class FileSteps {
  /** A statement with what it does. */
  private record Item(Statement statement, List<SchemaChange> changes) {
    boolean isSessionSetting() {
      return changes.size() == 1 && changes.getFirst() instanceof SessionSetting;
    }

    /** Data, or a word to the transaction around it. */
    boolean isData() {
      var first = changes.getFirst();
      return first instanceof Dml
          || first instanceof OtherDdl other
              && (other.keywords().equals("SET LOCAL")
                  || other.keywords().equals("SET CONSTRAINTS"));
    }
  }

  private final DatabaseKind kind;
  private final SourceFile file;
  private final Version version;
  private final Checksum checksum;
  private final List<Problem> problems;
  private final List<Step> steps = new ArrayList<>(1);
  private final List<List<Item>> itemsOfSteps = new ArrayList<>(1);
  private final List<Item> prologue = new ArrayList<>(0);
  private final List<Item> group = new ArrayList<>();
  private int ordinal;
  private List<Statement> predicates = List.of();
  private int predicatesUsed;
  private boolean hasVerifyFile;

  FileSteps(
      DatabaseKind kind,
      SourceFile file,
      Version version,
      int ordinal,
      Checksum checksum,
      List<Problem> problems) {
    this.kind = kind;
    this.file = file;
    this.version = version;
    this.ordinal = ordinal;
    this.checksum = checksum;
    this.problems = problems;
  }

  /**
   * The file's steps.
   *
   * @param verify the verify file beside it, or null
   */
  List<Step> read(SourceFile verify) {
    int before = problems.size();
    if (verify != null) {
      hasVerifyFile = true;
      predicates = VerifyFile.predicates(verify, kind, problems);
    }
    boolean verifyReadable = problems.size() == before;
    var script = Script.read(file, kind, problems);
    if (script.isEmpty()) {
      return List.of();
    }
    var statements = new TransactionPair(file, kind, problems).strip(script.get().statements());
    var items = new ArrayList<Item>(statements.inside().size());
    for (var statement : statements.inside()) {
      classify(statement).ifPresent(items::add);
    }
    if (kind == DatabaseKind.COCKROACHDB) {
      checkOneSchemaChange(items);
    }
    for (var item : items) {
      cut(item, statements.explicit());
    }
    flush();
    if (problems.size() == before && steps.isEmpty()) {
      problem(
          0,
          0,
          items.isEmpty()
              ? "contains no statement: write one, or delete the file"
              : "contains only session settings, and nothing that they are for: delete the file");
    }
    if (verify != null && verifyReadable && problems.size() == before) {
      checkPredicates(verify);
    }
    return steps;
  }

  /** The steps that {@link #read} found, with their statements. */
  List<WrittenStep> written() {
    var written = new ArrayList<WrittenStep>(steps.size());
    for (int i = 0; i < steps.size(); i++) {
      written.add(
          new WrittenStep(
              steps.get(i),
              itemsOfSteps.get(i).stream()
                  .map(item -> new WrittenStep.Written(item.statement(), item.changes()))
                  .toList()));
    }
    return written;
  }

  private Optional<Item> classify(Statement statement) {
    var directive = Directive.of(statement, file, problems);
    var changes = Classifier.classify(statement, kind);
    var first = changes.getFirst();
    if (first instanceof SessionSetting(var name) && changes.size() == 1) {
      SessionSettings.refusal(statement, name).ifPresent(why -> problem(statement, why));
    } else if (first instanceof CreateIndex index
        && index.concurrently()
        && index.name().isEmpty()) {
      problem(
          statement,
          "give the index a name: one that the server makes up could not be found again after a"
              + " crash");
    } else if (directive.isEmpty() && !hasVerifyFile) {
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
      return Optional.of(new Item(statement, List.of(new OtherDdl(firstWord(statement), true))));
    }
    return Optional.of(new Item(statement, changes));
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

  private void checkOneSchemaChange(List<Item> items) {
    Item first = null;
    for (var item : items) {
      if (item.isData() || item.isSessionSetting()) {
        continue;
      }
      if (first == null) {
        first = item;
      } else {
        problem(
            item.statement(),
            "a second statement that changes the schema: CockroachDB cannot make the two one;"
                + " split the file here, before line "
                + item.statement().line());
        return;
      }
    }
  }

  private void cut(Item item, boolean explicit) {
    if (item.isSessionSetting()) {
      // Only once something in the same transaction follows is it part of it.
      (group.isEmpty() ? prologue : group).add(item);
    } else if (inTransaction(item)) {
      if (!explicit && !group.isEmpty() && addsEnumValue(lastOf(group)) && !addsEnumValue(item)) {
        flush(); // a new label cannot be used in its own transaction: 55P04
      }
      group.add(item);
    } else {
      if (explicit) {
        problem(
            item.statement(),
            kind == DatabaseKind.COCKROACHDB
                ? "CockroachDB does not make a schema change one with the transaction around it:"
                    + " remove BEGIN and COMMIT"
                : "this statement cannot run in a transaction: remove BEGIN and COMMIT, or move it"
                    + " to a file of its own");
        return;
      }
      flush();
      var predicate =
          predicatesUsed < predicates.size()
              ? Optional.of(predicates.get(predicatesUsed).text())
              : Optional.<String>empty();
      predicatesUsed++;
      step(Step.Kind.AUTOCOMMIT, List.of(item), predicate);
    }
  }

  private boolean inTransaction(Item item) {
    if (kind == DatabaseKind.COCKROACHDB) {
      return item.isData();
    }
    for (var change : item.changes()) {
      if (!change.transactional() || change instanceof Unclassified) {
        return false;
      }
    }
    return true;
  }

  private static Item lastOf(List<Item> items) {
    for (int i = items.size() - 1; i > 0; i--) {
      if (!items.get(i).isSessionSetting()) {
        return items.get(i);
      }
    }
    return items.getFirst();
  }

  private static boolean addsEnumValue(Item item) {
    return item.changes().getFirst() instanceof AddEnumValue;
  }

  /** Ends the transaction; the settings at its end are for what follows. */
  private void flush() {
    if (group.isEmpty()) {
      return;
    }
    int end = group.size();
    while (group.get(end - 1).isSessionSetting()) {
      end--;
    }
    step(Step.Kind.TRANSACTION, group.subList(0, end), Optional.empty());
    for (var item : group) {
      if (item.isSessionSetting()) {
        prologue.add(item);
      }
    }
    group.clear();
  }

  private void step(Step.Kind how, List<Item> items, Optional<String> verifySql) {
    var settings = new ArrayList<String>(prologue.size());
    for (var setting : prologue) {
      settings.add(setting.statement().text());
      checksum.add(setting.statement());
    }
    var changes = new ArrayList<SchemaChange>(items.size());
    for (var item : items) {
      changes.addAll(item.changes());
      checksum.add(item.statement());
    }
    var first = items.getFirst().statement();
    var sql = file.text().substring(first.start(), items.getLast().statement().end());
    var sum = checksum.hex();
    itemsOfSteps.add(List.copyOf(items));
    steps.add(
        new Step(
            version,
            ordinal++,
            file.path(),
            first.line(),
            how,
            settings,
            sql,
            changes,
            sum,
            checksum.raw(sql),
            verifySql));
  }

  private void checkPredicates(SourceFile verify) {
    if (predicatesUsed != predicates.size()) {
      problems.add(
          new Problem(
              verify.path(),
              0,
              0,
              "holds "
                  + count(predicates.size(), "SELECT")
                  + ", but "
                  + file.path()
                  + " has "
                  + count(predicatesUsed, "step")
                  + (predicatesUsed == 1 ? " that runs" : " that run")
                  + " outside a transaction: "
                  + (predicatesUsed == 0
                      ? "delete it, for the commit of a transaction is its verification"
                      : "write one for each, in their order, separated by semicolons")));
    }
  }

  private static String count(int n, String what) {
    return n + " " + what + (n == 1 ? "" : "s");
  }

  private void problem(Statement statement, String message) {
    problem(statement.line(), statement.column(), message);
  }

  private void problem(int line, int column, String message) {
    problems.add(new Problem(file.path(), line, column, message));
  }
}
