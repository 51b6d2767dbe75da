package dev.pawl.engine.plan;

import dev.pawl.engine.change.SchemaChange;
import dev.pawl.engine.sql.Checksum;
import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.Literals;
import dev.pawl.engine.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Cuts one file into steps, or says what is wrong with it. */
final class FileSteps {
  private final Classification classification;
  private final DatabaseKind kind;
  private final SourceFile file;
  private final Version version;
  private final Checksum checksum;
  private final Problems problems;
  private final List<Step> steps = new ArrayList<>(1);
  private final List<List<Item>> itemsOfSteps = new ArrayList<>(1);
  private final List<List<Statement>> settingsOfSteps = new ArrayList<>(1);
  private int settingsSeen;
  private final List<Item> prologue = new ArrayList<>(0);
  private final List<Item> group = new ArrayList<>();
  private Optional<Item> setInPassing = Optional.empty();

  /** What earlier steps of the file have made for their session, by its name. */
  private final Map<String, Item> temporary = new HashMap<>(0);

  private int ordinal;
  private VerifyFile verify = VerifyFile.NONE;

  /** There is one step outside a transaction. */
  private boolean alone;

  FileSteps(
      Classification classification,
      SourceFile file,
      Version version,
      int ordinal,
      Checksum checksum,
      Problems problems) {
    this.classification = classification;
    this.kind = classification.kind;
    this.file = file;
    this.version = version;
    this.ordinal = ordinal;
    this.checksum = checksum;
    this.problems = problems;
  }

  /**
   * The file's steps.
   *
   * @param verifyFile the verify file beside it, or null
   */
  List<Step> read(SourceFile verifyFile) {
    int before = problems.size();
    if (verifyFile != null) {
      verify = VerifyFile.read(verifyFile, kind, problems);
    }
    var script = Script.read(file, kind, problems);
    if (script.isEmpty()) {
      return List.of();
    }
    var statements =
        new TransactionPair(file, classification, problems).strip(script.get().statements());
    var reader = new ItemReader(classification, file, verify, problems);
    var items = new ArrayList<Item>(statements.inside().size());
    for (var statement : statements.inside()) {
      items.add(reader.read(statement));
      if (problems.enough()) {
        return List.of();
      }
    }
    if (kind == DatabaseKind.COCKROACHDB) {
      checkOneSchemaChange(items);
    }
    int outside = 0;
    for (var item : items) {
      outside += item.isSessionSetting() || item.inTransaction(kind) ? 0 : 1;
    }
    alone = outside == 1;
    for (var item : items) {
      cut(item, statements.explicit());
    }
    flush();
    if (problems.size() == before && items.isEmpty() && saysSomething()) {
      nothing();
    } else if (problems.size() == before && steps.isEmpty()) {
      problem(
          0,
          0,
          items.isEmpty()
              ? "is empty: write what it is to do, or a comment that says why it does nothing"
              : "contains only session settings, and nothing that they are for: delete the file");
    }
    if (problems.size() == before) {
      verify.check(file, problems);
    }
    return steps;
  }

  /**
   * A file of comments is a version like any other: with a step in the ledger, statements that
   * somebody adds later are seen to be a change.
   */
  private void nothing() {
    add(1, Step.Kind.TRANSACTION, List.of(), List.of(), "", Optional.empty());
    itemsOfSteps.add(List.of());
    settingsOfSteps.add(List.of());
  }

  /** Where it is blank, or goose's Up part is, the statements may have been lost. */
  private boolean saysSomething() {
    return Goose.textToRun(file, new ArrayList<>(0)).filter(text -> !text.isBlank()).isPresent();
  }

  /** The steps that {@link #read} found, with their statements. */
  List<WrittenStep> written() {
    var written = new ArrayList<WrittenStep>(steps.size());
    for (int i = 0; i < steps.size(); i++) {
      written.add(
          new WrittenStep(
              steps.get(i),
              settingsOfSteps.get(i),
              itemsOfSteps.get(i).stream()
                  .map(item -> new WrittenStep.Written(item.statement(), item.changes()))
                  .toList()));
    }
    return written;
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
    if (item.setsInPassing(kind)) {
      setInPassing = setInPassing.or(() -> Optional.of(item));
    }
    if (item.isSessionSetting()) {
      // Only once something in the same transaction follows is it part of it.
      (group.isEmpty() ? prologue : group).add(item);
    } else if (item.inTransaction(kind)) {
      if (!explicit && !group.isEmpty() && lastOf(group).addsEnumValue() && !item.addsEnumValue()) {
        flush(); // a new label cannot be used in its own transaction: 55P04
      }
      checkTemporary(item);
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
      setInPassing.ifPresent(
          setting ->
              problem(
                  setting.statement(),
                  "what is set here would not hold for line "
                      + item.statement().line()
                      + ", which runs outside a transaction: write it as a SET, or as"
                      + " SELECT set_config('name', 'value', false) alone"));
      setInPassing = Optional.empty();
      flush();
      checkTemporary(item);
      step(Step.Kind.AUTOCOMMIT, List.of(item), verify.next(item.statement(), alone));
    }
  }

  /** Another session does not have it, and the name may mean a lasting table there. */
  private void checkTemporary(Item item) {
    if (temporary.isEmpty()) {
      return;
    }
    for (var token : item.statement().tokens()) {
      var made = Literals.identifier(token, '\\', kind).map(temporary::get).filter(m -> m != item);
      if (made.isPresent()) {
        problem(
            item.statement(),
            "the temporary object of line "
                + made.get().statement().line()
                + " is not there any more: a statement between them cannot run in a transaction,"
                + " and each step has a session of its own. Make it a lasting one, or move that"
                + " statement to another file");
        return;
      }
    }
  }

  private static Item lastOf(List<Item> items) {
    for (int i = items.size() - 1; i > 0; i--) {
      if (!items.get(i).isSessionSetting()) {
        return items.get(i);
      }
    }
    return items.getFirst();
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
      item.temporary(kind).ifPresent(name -> temporary.put(name, item));
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
    itemsOfSteps.add(List.copyOf(items));
    var fresh = new ArrayList<Statement>(0);
    while (settingsSeen < prologue.size()) {
      fresh.add(prologue.get(settingsSeen++).statement());
    }
    settingsOfSteps.add(fresh);
    add(first.line(), how, settings, changes, sql, verifySql);
  }

  /** With the checksum over what has been added to it. */
  private void add(
      int line,
      Step.Kind how,
      List<String> settings,
      List<SchemaChange> changes,
      String sql,
      Optional<String> verifySql) {
    steps.add(
        new Step(
            version,
            ordinal++,
            file.path(),
            line,
            how,
            settings,
            sql,
            changes,
            checksum.hex(),
            checksum.raw(sql),
            how == Step.Kind.AUTOCOMMIT && verify.exists(),
            how == Step.Kind.AUTOCOMMIT && verify.handWritten(),
            verifySql));
  }

  private void problem(Statement statement, String message) {
    problem(statement.line(), statement.column(), message);
  }

  private void problem(int line, int column, String message) {
    problems.add(new Problem(file.path(), line, column, message));
  }
}
