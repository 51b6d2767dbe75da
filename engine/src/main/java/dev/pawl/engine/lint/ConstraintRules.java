package dev.pawl.engine.lint;

import dev.pawl.engine.change.AddColumn;
import dev.pawl.engine.change.AddConstraint;
import dev.pawl.engine.change.SchemaChange;
import dev.pawl.engine.change.ValidateConstraint;
import java.util.List;
import java.util.Optional;

/** Constraints added to tables in use, on PostgreSQL. */
final class ConstraintRules implements Theme {
  static final Rule SCANS =
      Rule.postgresql(
          "constraint-scans-table",
          Level.ERROR,
          "CHECK or FOREIGN KEY added to a table in use without NOT VALID",
          """
          Every row is checked at once: under a lock against reads and writes for `CHECK`, and against writes, of both \
          tables, for `FOREIGN KEY`. With `NOT VALID` only new rows are checked, and `VALIDATE CONSTRAINT` in a later \
          file checks the others while everybody works. A `CHECK` written behind a new column counts too: add it by \
          itself.\
          """,
          """
          ALTER TABLE orders ADD CONSTRAINT orders_user_fk FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;
          -- in the next file
          ALTER TABLE orders VALIDATE CONSTRAINT orders_user_fk;\
          """);
  static final Rule VALIDATED_AT_ONCE =
      Rule.postgresql(
          "validate-in-same-transaction",
          Level.ERROR,
          "VALIDATE CONSTRAINT in the transaction that added it NOT VALID",
          """
          The lock that `ADD CONSTRAINT` took is kept until the transaction ends, so the rows are checked under it and \
          nothing was gained. Consecutive statements of a file are one transaction: put `VALIDATE` into another file.\
          """,
          """
          -- 0007_orders_user_fk.sql
          ALTER TABLE orders ADD CONSTRAINT orders_user_fk FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;
          -- 0008_orders_user_fk_valid.sql
          ALTER TABLE orders VALIDATE CONSTRAINT orders_user_fk;\
          """);

  @Override
  public void check(Subject subject, History history) {
    Optional<AddColumn> column = Optional.empty();
    for (var change : subject.changes()) {
      switch (change) {
        case AddColumn add -> column = Optional.of(add);
        case AddConstraint add -> scans(add, column, subject, history);
        case ValidateConstraint validate -> validate(validate, subject, history);
        default -> {}
      }
    }
  }

  private static void scans(
      AddConstraint add, Optional<AddColumn> column, Subject subject, History history) {
    if (add.notValid() || add.notEnforced() || history.isEmpty(add.table(), subject)) {
      return;
    }
    var name = add.name().map(n -> n + " ").orElse("");
    switch (add.kind()) {
      case CHECK ->
          subject.report(
              SCANS,
              "CHECK "
                  + name
                  + "locks "
                  + add.table()
                  + " while all of its rows are checked: add it NOT VALID, and validate it in a"
                  + " later file");
      case FOREIGN_KEY -> {
        // PostgreSQL does not look at the rows when the column is new and empty in all of them.
        boolean empty =
            column
                .filter(c -> add.columns().equals(List.of(c.column())) && !c.hasDefault())
                .isPresent();
        if (!empty) {
          subject.report(
              SCANS,
              "foreign key "
                  + name
                  + "locks "
                  + add.table()
                  + add.references().map(r -> " and " + r).orElse("")
                  + " against writes while all rows are checked: add it NOT VALID, and validate it"
                  + " in a later file");
        }
      }
      case UNIQUE, PRIMARY_KEY, EXCLUDE, NOT_NULL -> {} // other rules look at these
    }
  }

  private static void validate(ValidateConstraint validate, Subject subject, History history) {
    if (history.isNew(validate.table(), subject.version())) {
      return;
    }
    boolean addedHere =
        subject.before().stream()
            .flatMap(written -> written.changes().stream())
            .anyMatch(change -> adds(change, validate));
    if (addedHere) {
      subject.report(
          VALIDATED_AT_ONCE,
          "constraint "
              + validate.name()
              + " of "
              + validate.table()
              + " is validated in the transaction that adds it, under its lock: move VALIDATE to a"
              + " later file");
    }
  }

  private static boolean adds(SchemaChange change, ValidateConstraint validate) {
    return change instanceof AddConstraint add
        && add.name().filter(validate.name()::equals).isPresent()
        && add.table().name().equals(validate.table().name());
  }
}
