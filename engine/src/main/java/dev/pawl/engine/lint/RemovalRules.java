package dev.pawl.engine.lint;

import dev.pawl.engine.change.CreateTable;
import dev.pawl.engine.change.DropColumn;
import dev.pawl.engine.change.DropTable;
import dev.pawl.engine.change.Reader;
import dev.pawl.engine.change.Reader.Unexpected;
import dev.pawl.engine.change.Rename;
import dev.pawl.engine.change.SetSchema;
import dev.pawl.engine.change.Truncate;
import dev.pawl.engine.plan.WrittenStep.Written;
import dev.pawl.engine.sql.QualifiedName;

/** What the running release may still use, or what holds data, and is taken away or renamed. */
final class RemovalRules implements Theme {
  static final Rule DROP_COLUMN =
      Rule.everywhere(
          "drop-column",
          Level.WARNING,
          "DROP COLUMN takes away what a running release may use, and its data",
          """
          While a rollout is under way, pods of the old release read and write the table. A column may go one version \
          after the release that no longer uses it is out everywhere, also as a fallback. When that is so, say it.\
          """,
          """
          -- pawl: allow drop-column because no release since 2.4 reads users.fax
          ALTER TABLE users DROP COLUMN fax;\
          """);
  static final Rule DROP_TABLE =
      Rule.everywhere(
          "drop-table",
          Level.WARNING,
          "DROP TABLE takes away what a running release may use, and its data",
          """
          The same as for a column: first the release that does not use the table any more, then, a version later, the \
          drop. Nothing brings the rows back but a backup.\
          """,
          """
          -- pawl: allow drop-table because no release since 2.4 uses it, and it was archived
          DROP TABLE faxes;\
          """);
  static final Rule RENAME_COLUMN =
      Rule.everywhere(
          "rename-column",
          Level.ERROR,
          "RENAME COLUMN breaks the release that is running",
          """
          No release can use both names: the old one fails from the moment of renaming, the new one until then. Add a \
          column, let the application write both and read the new one, fill older rows, then drop the old column.\
          """,
          """
          ALTER TABLE users ADD COLUMN full_name text;
          -- releases later
          ALTER TABLE users DROP COLUMN name;\
          """);
  static final Rule RENAME_TABLE =
      Rule.everywhere(
          "rename-table",
          Level.ERROR,
          "RENAME or SET SCHEMA of a table breaks the release that is running",
          """
          The old release does not find the table under its new name. On PostgreSQL a view of the old name, made in the \
          same transaction, serves it meanwhile; then this rule is silent. So it is when another table takes over the \
          name in the same transaction.\
          """,
          """
          ALTER TABLE users RENAME TO accounts;
          CREATE VIEW users AS SELECT * FROM accounts;   -- in the same file; dropped versions later\
          """);
  static final Rule RENAME_VALUE =
      Rule.everywhere(
          "rename-enum-value",
          Level.ERROR,
          "RENAME VALUE of an enum breaks the release that is running",
          """
          The old release writes and compares the old label, which is an error from then on. Add a new label, and let \
          the application move to it.\
          """,
          "ALTER TYPE state ADD VALUE 'cancelled';");
  static final Rule TRUNCATE =
      Rule.everywhere(
          "truncate",
          Level.WARNING,
          "TRUNCATE deletes all rows of a table in use",
          """
          Nothing brings the rows back but a backup, and the table is locked against reads and writes until the \
          transaction ends.\
          """,
          """
          -- pawl: allow truncate because it is a cache that fills itself
          TRUNCATE sessions;\
          """);
  static final Rule CASCADE =
      Rule.everywhere(
          "drop-cascade",
          Level.WARNING,
          "CASCADE also takes away what the migration does not name",
          """
          Views, foreign keys, defaults, functions that depend on the object go too, or, with TRUNCATE, the rows of \
          tables that refer to it; which they are differs from one database to the next. Name each of them.\
          """,
          """
          ALTER TABLE orders DROP CONSTRAINT orders_user_fk;
          DROP TABLE users;\
          """);

  @Override
  public void check(Subject subject, History history) {
    var version = subject.version();
    for (var change : subject.changes()) {
      switch (change) {
        case DropColumn drop -> {
          if (!history.isNew(drop.table(), version)
              && !history.isNewColumn(drop.table(), drop.column(), version)) {
            subject.report(
                DROP_COLUMN,
                "column "
                    + drop.table()
                    + "."
                    + drop.column()
                    + " goes with its data: drop it only in a version after the last release that"
                    + " uses it, and say so in '-- pawl: allow drop-column because …'");
          }
        }
        case DropTable drop ->
            drop.tables().stream()
                .filter(table -> inUse(drop, table, subject, history))
                .forEach(table -> subject.report(DROP_TABLE, dropped(table)));
        case Rename rename -> rename(rename, subject, history);
        case SetSchema move -> {
          if (move.kind() == Rename.Kind.TABLE) {
            table(move.object(), move.schema() + "." + move.object().name(), subject, history);
          }
        }
        case Truncate truncate ->
            truncate.tables().stream()
                .filter(table -> !history.isNew(table, version))
                .forEach(
                    table ->
                        subject.report(
                            TRUNCATE,
                            "all rows of "
                                + table
                                + " go: if that is meant, say so in '-- pawl: allow truncate"
                                + " because …'"));
        default -> {}
      }
    }
    cascade(subject, history);
  }

  private static String dropped(QualifiedName table) {
    return "table "
        + table
        + " goes with its data: drop it only in a version after the last release that uses it, and"
        + " say so in '-- pawl: allow drop-table because …'";
  }

  /** DROP TABLE IF EXISTS before a CREATE TABLE of the same version is how dumps begin. */
  private static boolean inUse(
      DropTable drop, QualifiedName table, Subject subject, History history) {
    boolean beginning =
        drop.ifExists()
            && history.find(table).isEmpty()
            && history.createsTable(subject.version(), table);
    return !beginning && !history.isNew(table, subject.version());
  }

  private static void rename(Rename rename, Subject subject, History history) {
    var version = subject.version();
    switch (rename.kind()) {
      case TABLE -> table(rename.from(), rename.to(), subject, history);
      case COLUMN -> {
        var table = rename.in().orElseThrow();
        if (!history.isNew(table, version)
            && !history.isNewColumn(table, rename.from().name(), version)) {
          subject.report(
              RENAME_COLUMN,
              "renaming "
                  + table
                  + "."
                  + rename.from()
                  + " breaks the release that is running: add "
                  + rename.to()
                  + " beside it, and drop the old one versions later");
        }
      }
      case LABEL -> {
        var type = rename.in().orElseThrow();
        if (!history.isNewType(type, version)) {
          subject.report(
              RENAME_VALUE,
              "value "
                  + rename.from()
                  + " of "
                  + type
                  + " gets another name, which breaks the release that is running: add a new"
                  + " value instead");
        }
      }
      case INDEX,
          VIEW,
          MATERIALIZED_VIEW,
          SEQUENCE,
          FOREIGN_TABLE,
          TYPE,
          SCHEMA,
          CONSTRAINT -> {} // no release names them, or only with care
    }
  }

  private static void table(QualifiedName from, String to, Subject subject, History history) {
    if (history.isNew(from, subject.version())
        || subject.beside().stream().anyMatch(w -> takes(w, from, subject))) {
      return;
    }
    subject.report(
        RENAME_TABLE,
        "table "
            + from
            + " becomes "
            + to
            + ", which breaks the release that is running: "
            + (subject.cockroach()
                ? "make a new table instead, and move to it"
                : "make a view of the old name in the same transaction"));
  }

  /** Whether a statement makes a table or view of this name, so that nobody misses it. */
  private static boolean takes(Written written, QualifiedName name, Subject subject) {
    return switch (written.changes().getFirst()) {
      case Rename rename -> rename.kind() == Rename.Kind.TABLE && rename.to().equals(name.name());
      case CreateTable create -> create.table().name().equals(name.name());
      default -> makesView(new Reader(written.statement(), subject.kind), name);
    };
  }

  private static boolean makesView(Reader reader, QualifiedName name) {
    try {
      if (!reader.accept("CREATE")) {
        return false;
      }
      reader.accept("OR", "REPLACE");
      return reader.accept("VIEW") && reader.name().name().equals(name.name());
    } catch (Unexpected e) {
      return false;
    }
  }

  private static void cascade(Subject subject, History history) {
    var reader = subject.reader();
    boolean cascades =
        switch (reader.keyword()) {
          case "DROP", "TRUNCATE" -> endsInCascade(reader);
          case "ALTER" ->
              reader.keyword(1).equals("TABLE")
                  && subject.reader().parts().stream().anyMatch(RemovalRules::dropsInCascade);
          default -> false;
        };
    boolean harmless =
        subject.changes().stream()
            .allMatch(
                change ->
                    switch (change) {
                      case DropTable drop ->
                          drop.tables().stream().noneMatch(t -> inUse(drop, t, subject, history));
                      case Truncate truncate ->
                          truncate.tables().stream()
                              .allMatch(t -> history.isNew(t, subject.version()));
                      default -> false;
                    });
    if (cascades && !harmless) {
      subject.report(
          CASCADE,
          "CASCADE of "
              + subject.changes().getFirst().describe().strip()
              + " also takes away what this migration does not name: name it, and leave CASCADE"
              + " out");
    }
  }

  private static boolean endsInCascade(Reader statement) {
    return statement.rest().getLast().is("CASCADE");
  }

  private static boolean dropsInCascade(Reader action) {
    return action.contains("DROP") && action.rest().getLast().is("CASCADE");
  }
}
