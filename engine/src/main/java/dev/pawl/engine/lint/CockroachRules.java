package dev.pawl.engine.lint;

import dev.pawl.engine.change.AlterColumn;
import dev.pawl.engine.change.AlterPrimaryKey;
import dev.pawl.engine.change.DropColumn;
import dev.pawl.engine.change.DropIndex;

/** What only CockroachDB does. Facts are from its documentation. */
final class CockroachRules implements Theme {
  static final Rule SEVERAL =
      Rule.cockroachdb(
          "several-schema-changes",
          Level.WARNING,
          "An ALTER TABLE of several actions",
          """
          CockroachDB carries out each action as a schema change of its own, after the statement's transaction; one of \
          them may fail and be undone while others stay, and a `DROP COLUMN` among them may have lost data. One action \
          in a file is observed, repeated and verified as one. (Several statements that change the schema in one file \
          are refused by Pawl altogether.)\
          """,
          """
          -- 0007_plan.sql
          ALTER TABLE users ADD COLUMN plan STRING;
          -- 0008_seats.sql
          ALTER TABLE users ADD COLUMN seats INT;\
          """);
  static final Rule TYPE =
      Rule.cockroachdb(
          "alter-type-rewrites-column",
          Level.ERROR,
          "ALTER COLUMN … TYPE is restricted, and writes the column anew",
          """
          Unless it only makes the type longer, CockroachDB up to 24.3 refuses it without \
          `enable_experimental_alter_column_type_general`, and in any version for columns with an index, a CHECK, a \
          sequence or in a statement with other actions. Where the old type is not known from the migrations before, \
          this is a warning.\
          """,
          """
          ALTER TABLE orders ADD COLUMN total_new DECIMAL;
          -- the application writes both; older rows are filled in batches; then, versions later:
          ALTER TABLE orders DROP COLUMN total;\
          """);
  static final Rule PRIMARY_KEY =
      Rule.cockroachdb(
          "alter-primary-key",
          Level.WARNING,
          "ALTER PRIMARY KEY writes the table and all its indexes anew",
          """
          It works online, but takes as long as building every index of the table, needs the space for all of them \
          twice, and keeps the old key as a unique secondary index. No other schema change of the table runs meanwhile.\
          """,
          """
          -- pawl: allow alter-primary-key because the table is small
          ALTER TABLE users ALTER PRIMARY KEY USING COLUMNS (region, id);\
          """);
  static final Rule DROP_COLUMN_INDEX =
      Rule.cockroachdb(
          "drop-column-with-index",
          Level.WARNING,
          "DROP COLUMN also drops the indexes that have the column",
          """
          CockroachDB drops every index that refers to the column, as a key, stored or in its predicate, without a word; \
          queries that relied on it read the whole table. Build the index that replaces it first, and drop the old one \
          by name.\
          """,
          """
          DROP INDEX users@users_fax_idx;
          -- in the next file
          ALTER TABLE users DROP COLUMN fax;\
          """);
  static final Rule DROP_UNIQUE =
      Rule.cockroachdb(
          "drop-constraint-index",
          Level.ERROR,
          "DROP INDEX of a UNIQUE constraint fails without CASCADE",
          """
          An index that belongs to a UNIQUE constraint, or that was made in CREATE TABLE, is dropped only with `CASCADE`.\
          """,
          """
          -- pawl: allow drop-cascade because the constraint is meant to go
          DROP INDEX users@users_email_key CASCADE;\
          """);

  @Override
  public void check(Subject subject, History history) {
    if (!subject.cockroach()) {
      return;
    }
    several(subject, history);
    for (var change : subject.changes()) {
      switch (change) {
        case AlterColumn alter -> type(alter, subject, history);
        case AlterPrimaryKey alter -> {
          if (!history.isNew(alter.table(), subject.version())) {
            subject.report(
                PRIMARY_KEY,
                "the primary key of "
                    + alter.table()
                    + " and all its indexes are written anew: expect hours on a large table");
          }
        }
        case DropColumn drop -> dropColumn(drop, subject, history);
        case DropIndex drop -> dropIndex(drop, subject, history);
        default -> {}
      }
    }
  }

  private static void several(Subject subject, History history) {
    var reader = subject.reader();
    if (!reader.accept("ALTER", "TABLE")) {
      return;
    }
    int actions = reader.parts().size();
    var first = Tables.changedBy(subject.changes().getFirst());
    if (actions > 1 && first.filter(t -> history.isNew(t, subject.version())).isEmpty()) {
      subject.report(
          SEVERAL,
          actions
              + " schema changes in one statement"
              + first.map(t -> " on " + t).orElse("")
              + " may be half done when one of them fails: write one in each file");
    }
  }

  private static void type(AlterColumn alter, Subject subject, History history) {
    if (alter.action() != AlterColumn.Action.SET_TYPE
        || history.isNew(alter.table(), subject.version())) {
      return;
    }
    var from =
        history
            .find(alter.table())
            .flatMap(t -> t.column(alter.column()))
            .map(Table.Column::type)
            .orElse("");
    var to = alter.detail().orElse("");
    var what = "changing " + alter.table() + "." + alter.column();
    if (from.isEmpty()) {
      subject.report(
          TYPE,
          Level.WARNING,
          what
              + " to "
              + to
              + " may write the column anew, and be refused; its old type is not in these"
              + " migrations: if it is not merely made longer, add a new column instead");
    } else if (!UsingClause.keepsValue(subject, alter)
        || !Types.of(from, subject.kind).becomes(Types.of(to, subject.kind), subject.kind)) {
      subject.report(
          TYPE,
          what
              + " from "
              + from
              + " to "
              + to
              + " writes the column anew, and many versions refuse it: add a new column instead,"
              + " fill it, and drop the old one in a later version");
    }
  }

  private static void dropColumn(DropColumn drop, Subject subject, History history) {
    history
        .find(drop.table())
        .filter(t -> !History.isNew(t, subject.version()))
        .ifPresent(
            table ->
                table.indexes.entrySet().stream()
                    .filter(index -> index.getValue().has(drop.column()))
                    .map(index -> index.getKey())
                    .sorted()
                    .forEach(
                        index ->
                            subject.report(
                                DROP_COLUMN_INDEX,
                                "index "
                                    + index
                                    + " goes together with "
                                    + drop.table()
                                    + "."
                                    + drop.column()
                                    + ": drop it by name before, once queries do not need it")));
  }

  private static void dropIndex(DropIndex drop, Subject subject, History history) {
    if (subject.reader().rest().getLast().is("CASCADE")) {
      return;
    }
    for (var index : drop.indexes()) {
      boolean constraint =
          history
              .tableOfIndex(index)
              .map(t -> t.indexes.get(index.name()).constraint())
              .orElse(false);
      if (constraint) {
        subject.report(
            DROP_UNIQUE,
            "index "
                + index
                + " belongs to a UNIQUE constraint, so dropping it fails: add CASCADE");
      }
    }
  }
}
