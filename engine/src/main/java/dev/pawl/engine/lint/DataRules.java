package dev.pawl.engine.lint;

import dev.pawl.engine.change.Rename;
import dev.pawl.engine.change.SchemaChange;
import dev.pawl.engine.change.SetSchema;
import dev.pawl.engine.change.ValidateConstraint;
import dev.pawl.engine.plan.WrittenStep.Written;
import dev.pawl.engine.sql.QualifiedName;
import java.util.Optional;

/** Changes of many rows. */
final class DataRules implements Theme {
  static final Rule WITH_DDL =
      Rule.postgresql(
          "data-change-under-lock",
          Level.ERROR,
          "Many rows are changed in a transaction that has locked a table",
          """
          `ALTER TABLE` locks the table against reads and writes until its transaction ends, and consecutive statements of \
          a file are one transaction: an `UPDATE` of many rows after it keeps the application out all the while. Put it \
          into a file of its own. Statements that change few rows (a `LIMIT`, `VALUES`, a column that equals a constant) \
          are not meant.\
          """,
          """
          -- 0007_users_plan.sql
          ALTER TABLE users ADD COLUMN plan text;
          -- 0008_users_plan_filled.sql
          UPDATE users SET plan = 'free' WHERE plan IS NULL;\
          """);
  static final Rule NO_WHERE =
      Rule.everywhere(
          "data-change-without-where",
          Level.WARNING,
          "UPDATE or DELETE of a whole table",
          """
          Every row is locked until the end of one long transaction, and written anew; on CockroachDB it may exceed what \
          a transaction can hold. Where a WHERE was forgotten, it is worse. Change large tables in batches, from the \
          application or several files; for small ones, say so.\
          """,
          """
          -- pawl: allow data-change-without-where because the table has 40 rows
          UPDATE countries SET active = true;\
          """);

  @Override
  public void check(Subject subject, History history) {
    DataChange.of(subject.reader()).ifPresent(data -> check(data, subject, history));
  }

  private static void check(DataChange data, Subject subject, History history) {
    if (data.reach() == DataChange.Reach.FEW || history.isEmpty(data.source(), subject)) {
      return;
    }
    var verb = data.verb().name();
    var locked = locked(subject, history);
    if (locked.isPresent() && !subject.cockroach()) {
      subject.report(
          WITH_DDL,
          verb
              + " of "
              + data.table()
              + " runs while its transaction has locked "
              + locked.get()
              + ": move it to a file of its own");
    } else if (data.reach() == DataChange.Reach.ALL && data.verb() != DataChange.Verb.INSERT) {
      subject.report(
          NO_WHERE,
          verb
              + " of all rows of "
              + data.table()
              + " is one long transaction: do it in batches, or say why it may be in '-- pawl:"
              + " allow data-change-without-where because …'");
    }
  }

  /** A table in use that a statement before it in the same transaction has locked. */
  private static Optional<QualifiedName> locked(Subject subject, History history) {
    for (Written before : subject.before()) {
      for (var change : before.changes()) {
        var table = lockedBy(change);
        if (table.isPresent() && !history.isNew(table.get(), subject.version())) {
          return table;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<QualifiedName> lockedBy(SchemaChange change) {
    return switch (change) {
      case ValidateConstraint validate -> Optional.empty(); // lets others work
      case Rename rename ->
          switch (rename.kind()) {
            case TABLE -> Optional.of(rename.from().sibling(rename.to()));
            case COLUMN, CONSTRAINT -> rename.in();
            default -> Optional.empty();
          };
      case SetSchema move -> Optional.of(QualifiedName.of(move.schema(), move.object().name()));
      default -> Tables.changedBy(change);
    };
  }
}
