package dev.pawl.engine.dialect;

import dev.pawl.engine.change.AddConstraint;
import dev.pawl.engine.change.DropConstraint;
import dev.pawl.engine.change.ValidateConstraint;
import dev.pawl.engine.dialect.CockroachCatalog.Constraint;
import dev.pawl.engine.sql.QualifiedName;
import dev.pawl.engine.verify.Observation;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** CHECK and FOREIGN KEY on CockroachDB, by SHOW CONSTRAINTS. */
final class CockroachConstraints {
  private static final String NOT_VALID = "NOT VALID";

  private CockroachConstraints() {}

  static Observation added(Connection connection, AddConstraint change, CockroachOrigin origin)
      throws SQLException {
    if (change.usingIndex().isPresent()) {
      return new Observation.Unobservable();
    }
    return switch (change.kind()) {
      case UNIQUE, PRIMARY_KEY ->
          change.withoutIndex()
              ? checked(connection, change, origin, "UNIQUE")
              : CockroachIndexes.keyAdded(connection, change, origin);
      case CHECK -> checked(connection, change, origin, "CHECK");
      case FOREIGN_KEY -> checked(connection, change, origin, "FOREIGN KEY");
      case EXCLUDE, NOT_NULL -> new Observation.Unobservable();
    };
  }

  private static Observation checked(
      Connection connection, AddConstraint change, CockroachOrigin origin, String type)
      throws SQLException {
    var all = CockroachCatalog.constraints(connection, change.table());
    if (change.name().isEmpty()) {
      // The server makes up a name: one of this very definition is the one.
      var same =
          all.stream()
              .filter(c -> c.type().equals(type) && definition(change, c) == Told.SAME)
              .findFirst();
      return same.map(c -> state(change, c)).orElse(new Observation.Unobservable());
    }
    var found = all.stream().filter(c -> c.name().equals(change.name().get())).findFirst();
    if (found.isEmpty()) {
      return new Observation.Absent();
    }
    var constraint = found.get();
    var shown =
        "constraint "
            + constraint.name()
            + " of "
            + change.table()
            + " is there as "
            + constraint.details();
    if (!constraint.type().equals(type)) {
      return new Observation.Different(shown);
    }
    var state = state(change, constraint);
    return switch (definition(change, constraint)) {
      case SAME -> state;
      case DIFFERENT -> new Observation.Different(shown);
      case UNTOLD -> {
        var untold =
            CockroachDialect.untold(connection, change, origin, change.ifNotExists(), shown);
        yield untold instanceof Observation.Different || state instanceof Observation.Valid
            ? untold
            : state;
      }
    };
  }

  /** Nobody is at work on it: one that is not validated stays so until it is asked for. */
  private static Observation state(AddConstraint change, Constraint found) {
    return change.notValid() || validated(found)
        ? new Observation.Valid()
        : new Observation.Invalid(
            "constraint " + found.name() + " of " + change.table() + " is not validated");
  }

  private static boolean validated(Constraint constraint) {
    return constraint.validated()
        && !constraint.details().toUpperCase(Locale.ROOT).strip().endsWith(NOT_VALID);
  }

  private enum Told {
    SAME,
    DIFFERENT,
    UNTOLD
  }

  private static Told definition(AddConstraint change, Constraint found) {
    var stored = found.details().replaceFirst("(?i)\\s*NOT VALID\\s*$", "");
    return switch (change.kind()) {
      case CHECK ->
          CockroachText.same(
                  CockroachText.list(change.body()).isEmpty()
                      ? change.body()
                      : inside(change.body()),
                  inside(stored))
              ? Told.SAME
              : Told.UNTOLD;
      case FOREIGN_KEY -> foreignKey(change, stored);
      default ->
          !CockroachText.list(stored).equals(change.columns())
              ? Told.DIFFERENT
              : CockroachClauses.ofKey(change).isEmpty() ? Told.SAME : Told.UNTOLD;
    };
  }

  /** What is in a CHECK's parentheses. */
  private static String inside(String check) {
    int open = check.indexOf('(');
    int close = check.lastIndexOf(')');
    return open < 0 || close < open ? check : check.substring(open + 1, close);
  }

  /** FOREIGN KEY (a, b) REFERENCES schema.other(x, y) ON DELETE …. */
  private static Told foreignKey(AddConstraint change, String stored) {
    var columns = change.columns().stream().map(CockroachConstraints::word).toList();
    if (!words(CockroachText.list(stored)).equals(columns)) {
      return Told.DIFFERENT;
    }
    var rest = CockroachText.words(CockroachText.after(stored, "REFERENCES"));
    var target = new ArrayList<String>();
    while (target.size() < rest.size() && !rest.get(target.size()).equals("(")) {
      target.add(rest.get(target.size()));
    }
    if (target.isEmpty() || change.references().isEmpty()) {
      return Told.UNTOLD;
    }
    if (!samePath(target, change.references().get())
        || !change.referencedColumns().isEmpty()
            && !words(CockroachText.list(CockroachText.after(stored, "REFERENCES")))
                .equals(
                    words(
                        change.referencedColumns().stream().map(QualifiedName::quote).toList()))) {
      return Told.DIFFERENT;
    }
    var wanted = actions(CockroachText.words(change.body()));
    var found = actions(rest.subList(target.size(), rest.size()));
    return wanted.equals(found) ? Told.SAME : Told.DIFFERENT;
  }

  /** As far as both of them say; what is shown has its schema. */
  private static boolean samePath(List<String> shown, QualifiedName wanted) {
    var found = shown.stream().filter(w -> !w.equals(".")).toList();
    var asked = wanted.parts().stream().map(CockroachConstraints::word).toList();
    int parts = Math.min(found.size(), asked.size());
    return found
        .subList(found.size() - parts, found.size())
        .equals(asked.subList(asked.size() - parts, asked.size()));
  }

  private static List<String> words(List<String> names) {
    return names.stream().flatMap(n -> CockroachText.words(n).stream()).toList();
  }

  private static String word(String name) {
    return CockroachText.words(QualifiedName.quote(name)).getFirst();
  }

  /** What follows the columns referred to, without what holds anyway. */
  private static List<String> actions(List<String> words) {
    int from = words.isEmpty() || !words.getFirst().equals("(") ? 0 : words.indexOf(")") + 1;
    var text = String.join(" ", words.subList(from, words.size()));
    text = text.replace("ON UPDATE NO ACTION", "").replace("ON DELETE NO ACTION", "");
    text = text.replace("MATCH SIMPLE", "").replace(NOT_VALID, "").replaceAll(" +", " ").strip();
    // Either of them may come first.
    var parts = new ArrayList<>(List.of(text.split(" (?=ON |MATCH )")));
    Collections.sort(parts);
    return parts;
  }

  static Observation validated(Connection connection, ValidateConstraint change)
      throws SQLException {
    return CockroachDialect.done(
        CockroachCatalog.constraints(connection, change.table()).stream()
            .anyMatch(c -> c.name().equals(change.name()) && validated(c)));
  }

  static Observation dropped(Connection connection, DropConstraint change) throws SQLException {
    if (!change.ifExists() && !CockroachCatalog.tableExists(connection, change.table())) {
      return new Observation.Absent();
    }
    return CockroachDialect.done(
        CockroachCatalog.constraints(connection, change.table()).stream()
            .noneMatch(c -> c.name().equals(change.name())));
  }

  /** Validates what an ADD CONSTRAINT … NOT VALID, or a cut one, has left unvalidated. */
  static String validate(Connection connection, AddConstraint change) throws SQLException {
    var name = change.name().orElseThrow();
    try (var statement = connection.createStatement()) {
      statement.execute(
          "ALTER TABLE "
              + change.table().quoted()
              + " VALIDATE CONSTRAINT "
              + QualifiedName.quote(name));
    }
    return "validated constraint " + name + " of " + change.table();
  }
}
