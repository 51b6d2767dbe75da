package dev.pawl.engine.lint;

import dev.pawl.engine.change.AddColumn;
import dev.pawl.engine.change.AddConstraint;
import dev.pawl.engine.change.AlterColumn;
import dev.pawl.engine.sql.Lexer;
import dev.pawl.engine.sql.Token;
import java.util.List;

/** Columns added to tables in use, and made NOT NULL. */
final class ColumnRules implements Theme {
  static final Rule NO_DEFAULT =
      Rule.everywhere(
          "add-not-null-without-default",
          Level.ERROR,
          "ADD COLUMN … NOT NULL without a default fails on a table with rows",
          """
          Rows that exist would have no value. Give the column a constant default (which writes no row anew), or add \
          it without NOT NULL, fill it, and make it NOT NULL in a later version. Also, the release that is running does \
          not know the column, and its INSERTs need the default.\
          """,
          "ALTER TABLE users ADD COLUMN plan text NOT NULL DEFAULT 'free';");
  static final Rule REWRITES =
      Rule.postgresql(
          "add-column-rewrites-table",
          Level.ERROR,
          "ADD COLUMN with a volatile default, STORED, serial or identity writes every row anew",
          """
          A constant default, or `now()`, is kept once for all rows that exist. A default that differs from row to row \
          (`gen_random_uuid()`, `nextval(…)`, `clock_timestamp()`), a `GENERATED … STORED` column, `serial` and identity \
          columns write the whole table anew while nobody can read or write it, and so do those of a domain with conditions. Where Pawl does not know whether a \
          function is volatile, this is a warning.\
          """,
          """
          ALTER TABLE users ADD COLUMN token uuid;
          ALTER TABLE users ALTER COLUMN token SET DEFAULT gen_random_uuid();   -- new rows only
          -- then fill the others in batches, in later versions or from the application\
          """);
  static final Rule SET_NOT_NULL =
      Rule.postgresql(
          "set-not-null-scans-table",
          Level.ERROR,
          "SET NOT NULL without a validated CHECK reads the whole table under a lock",
          """
          `SET NOT NULL` looks at every row while nobody can read or write the table, unless a validated `CHECK (column \
          IS NOT NULL)` already proves it. Validating a `NOT VALID` constraint reads the table too, but lets others work; \
          it must be in another transaction, so in another file. `ADD PRIMARY KEY USING INDEX` makes its columns NOT NULL too. From PostgreSQL 18 on, `ADD CONSTRAINT … NOT NULL column \
          NOT VALID` and `VALIDATE CONSTRAINT` do it without a CHECK.\
          """,
          """
          ALTER TABLE users ADD CONSTRAINT users_email_given CHECK (email IS NOT NULL) NOT VALID;
          -- in the next file
          ALTER TABLE users VALIDATE CONSTRAINT users_email_given;
          -- in the next file
          ALTER TABLE users ALTER COLUMN email SET NOT NULL;
          ALTER TABLE users DROP CONSTRAINT users_email_given;\
          """);
  static final Rule TYPE =
      Rule.postgresql(
          "alter-type-rewrites-table",
          Level.ERROR,
          "ALTER COLUMN … TYPE writes every row anew",
          """
          Most changes of a type write the whole table and its indexes anew while nobody can read or write it. Not so: \
          `varchar(n)` made longer or `text`, `numeric` with more digits and the same scale, `timestamp` with more \
          precision, `varbit` made longer, `cidr` to `inet`. Pawl takes the old type from the migrations before; where \
          they do not tell it, this is a warning.\
          """,
          """
          ALTER TABLE orders ADD COLUMN total_new bigint;
          -- a trigger or the application keeps both; older rows are filled in batches; then, versions later:
          ALTER TABLE orders DROP COLUMN total;\
          """);

  @Override
  public void check(Subject subject, History history) {
    for (var change : subject.changes()) {
      switch (change) {
        case AddColumn add -> add(add, subject, history);
        case AlterColumn alter -> alter(alter, subject, history);
        case AddConstraint add -> notNull(add, subject, history);
        default -> {}
      }
    }
  }

  private static void add(AddColumn add, Subject subject, History history) {
    if (history.isEmpty(add.table(), subject)) {
      return;
    }
    var column = add.table() + "." + add.column();
    if (Types.isSerial(add.type()) && !subject.cockroach()) {
      subject.report(
          REWRITES,
          "adding "
              + column
              + " as "
              + add.type()
              + " writes every row anew under a lock: add it without a default, set one for new"
              + " rows, and fill the others in batches");
      return;
    }
    if (add.notNull() && !add.hasDefault() && !Types.isSerial(add.type())) {
      subject.report(
          NO_DEFAULT,
          "adding "
              + column
              + " NOT NULL without a default fails when "
              + add.table()
              + " has rows: give it a constant default, or make it NOT NULL in a later version");
      return;
    }
    if (history.domains.constrained(add.type())) {
      subject.report(
          REWRITES,
          "adding "
              + column
              + " of the domain "
              + add.type()
              + ", which has conditions, writes every row anew under a lock: give it the domain's"
              + " own type, and a CHECK that is NOT VALID");
      return;
    }
    rewrites(add, column, subject, history);
  }

  private static void rewrites(AddColumn add, String column, Subject subject, History history) {
    var words =
        Lexer.lex(add.definition(), subject.kind).stream()
            .filter(t -> t.type().grammatical())
            .toList();
    int generated = indexOf(words, "GENERATED");
    if (generated >= 0) {
      if (words.stream().anyMatch(t -> t.is("STORED") || t.is("IDENTITY"))) {
        subject.report(
            REWRITES,
            "adding the generated column "
                + column
                + " writes every row anew under a lock: let the application or a trigger fill a"
                + " plain column in batches");
      }
      return;
    }
    int from = indexOf(words, "DEFAULT");
    if (from < 0) {
      return;
    }
    var judged = Functions.judge(words.subList(from + 1, words.size()), history);
    switch (judged.verdict()) {
      case CONSTANT -> {}
      case UNKNOWN ->
          subject.report(
              REWRITES,
              Level.WARNING,
              "the default of "
                  + column
                  + " calls "
                  + judged.function()
                  + "(): if that is volatile, every row is written anew under a lock; then add the"
                  + " column first and set its default after");
      case VOLATILE ->
          subject.report(
              REWRITES,
              "the default of "
                  + column
                  + " calls "
                  + judged.function()
                  + "(), so every row is written anew under a lock: add the column first, set its"
                  + " default after, and fill older rows in batches");
    }
  }

  private static int indexOf(List<Token> words, String keyword) {
    for (int i = 0; i < words.size(); i++) {
      if (words.get(i).is(keyword)) {
        return i;
      }
    }
    return -1;
  }

  private static void alter(AlterColumn alter, Subject subject, History history) {
    if (history.isEmpty(alter.table(), subject)) {
      return;
    }
    switch (alter.action()) {
      case SET_NOT_NULL -> setNotNull(alter, subject, history);
      case SET_TYPE -> type(alter, subject, history);
      case DROP_NOT_NULL, SET_DEFAULT, DROP_DEFAULT, OTHER -> {}
    }
  }

  private static void setNotNull(AlterColumn alter, Subject subject, History history) {
    boolean proven =
        history.find(alter.table()).map(t -> t.provesNotNull(alter.column())).orElse(false);
    if (!proven) {
      scans(alter.table() + "." + alter.column(), subject);
    }
  }

  /**
   * PostgreSQL 18: ADD CONSTRAINT … NOT NULL, which looks at every row unless NOT VALID; and ADD
   * PRIMARY KEY USING INDEX, which makes the index's columns NOT NULL where they are not.
   */
  private static void notNull(AddConstraint add, Subject subject, History history) {
    if (add.notValid() || history.isEmpty(add.table(), subject)) {
      return;
    }
    var table = history.find(add.table());
    List<String> columns =
        switch (add.kind()) {
          case NOT_NULL -> add.columns();
          case PRIMARY_KEY ->
              add.usingIndex()
                  .flatMap(index -> table.map(t -> t.indexes.get(index)))
                  .map(Table.Index::keys)
                  .orElse(List.of());
          case CHECK, FOREIGN_KEY, UNIQUE, EXCLUDE -> List.of();
        };
    for (var column : columns) {
      if (!table.map(t -> t.provesNotNull(column)).orElse(false)) {
        scans(add.table() + "." + column, subject);
      }
    }
  }

  private static void scans(String column, Subject subject) {
    subject.report(
        SET_NOT_NULL,
        "making "
            + column
            + " NOT NULL reads the whole table under a lock: first add a CHECK ("
            + column.substring(column.lastIndexOf('.') + 1)
            + " IS NOT NULL) NOT VALID, and validate it in a later file");
  }

  private static void type(AlterColumn alter, Subject subject, History history) {
    var to = alter.detail().orElse("");
    var from =
        history
            .find(alter.table())
            .flatMap(t -> t.column(alter.column()))
            .map(Table.Column::type)
            .orElse("");
    var what = alter.table() + "." + alter.column();
    boolean own = UsingClause.keepsValue(subject, alter);
    if (from.isEmpty()) {
      subject.report(
          TYPE,
          Level.WARNING,
          "changing "
              + what
              + " to "
              + to
              + " may write every row anew under a lock; its old type is not in these migrations:"
              + " if it is not merely made longer, add a new column instead");
    } else if (!own || !becomes(from, to, subject, history)) {
      subject.report(
          TYPE,
          "changing "
              + what
              + " from "
              + from
              + " to "
              + to
              + " writes every row anew under a lock: add a new column, fill it in batches, and"
              + " drop the old one in a later version");
    }
  }

  private static boolean becomes(String from, String to, Subject subject, History history) {
    var old = Types.of(from, subject.kind);
    if (old.equals(Types.of(to, subject.kind))) {
      return true;
    }
    var base = Types.of(history.domains.base(from), subject.kind);
    var wanted = Types.of(history.domains.base(to), subject.kind);
    if (history.domains.find(from).isPresent()) {
      base = base.unlimited(); // the server does not look at the length behind a domain
    }
    return !history.domains.constrained(to) && base.becomes(wanted, subject.kind);
  }
}
