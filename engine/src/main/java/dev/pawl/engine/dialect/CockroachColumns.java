package dev.pawl.engine.dialect;

import dev.pawl.engine.change.AddColumn;
import dev.pawl.engine.change.AlterColumn;
import dev.pawl.engine.change.DropColumn;
import dev.pawl.engine.dialect.CockroachCatalog.Column;
import dev.pawl.engine.verify.Observation;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Columns on CockroachDB, by information_schema.columns. */
final class CockroachColumns {
  private static final Pattern COLLATE = Pattern.compile("(?i) COLLATE (\\S+)");

  /**
   * What a SERIAL counts by, as serial_normalization says (docs, "SERIAL", "Modes of operation").
   */
  private static final Set<String> SERIAL_DEFAULTS =
      Set.of("UNIQUE_ROWID", "UNORDERED_UNIQUE_ROWID", "NEXTVAL");

  private CockroachColumns() {}

  static Observation added(Connection connection, AddColumn change, CockroachOrigin origin)
      throws SQLException {
    if (CockroachCatalog.elsewhere(connection, change.table())) {
      return new Observation.Unobservable();
    }
    var found = CockroachCatalog.column(connection, change.table(), change.column());
    if (found.isEmpty()) {
      return new Observation.Absent();
    }
    var shown = "column " + change.table() + "." + change.column() + " is there, ";
    var clauses = CockroachClauses.Column.of(change);
    var difference = difference(connection, change, clauses, found.get());
    if (difference.isPresent()) {
      return new Observation.Different(shown + difference.get());
    }
    if (origin.verified()) {
      return new Observation.Valid();
    }
    var doubt = doubt(change, clauses, found.get());
    if (doubt.isEmpty()) {
      return new Observation.Valid();
    }
    return origin.others()
        ? new Observation.Different(shown + doubt.get())
        : CockroachDialect.untold(
            connection, change, origin, change.ifNotExists(), shown + doubt.get());
  }

  /** What is not as the author asked, whatever later statements may have changed. */
  private static Optional<String> difference(
      Connection connection, AddColumn wanted, CockroachClauses.Column clauses, Column found)
      throws SQLException {
    boolean same =
        isSerial(wanted.type())
            ? found.type().matches("INT[248]")
            : sameType(connection, wanted.type(), found.type());
    var collation = Optional.of(COLLATE.matcher(found.type())).filter(Matcher::find);
    if (!same
        || !collation
            .map(m -> CockroachClauses.Column.collation(m.group(1)))
            .equals(clauses.collation())) {
      return Optional.of("of type " + found.type());
    }
    return wanted.notNull() && found.nullable() ? Optional.of("and may be NULL") : Optional.empty();
  }

  /**
   * What is not as the author asked, or cannot be told: of one of ours a later statement may have
   * changed it, of another's it makes it another column.
   */
  private static Optional<String> doubt(
      AddColumn wanted, CockroachClauses.Column clauses, Column found) {
    if (!wanted.notNull() && !found.nullable()) {
      return Optional.of("and may not be NULL");
    }
    if (clauses.hidden() != found.hidden()) {
      return Optional.of(found.hidden() ? "and is not visible" : "and is visible");
    }
    if (clauses.rest().isPresent()) {
      return Optional.of("and Pawl cannot tell whether it is " + clauses.rest().get());
    }
    if (found.generated()) {
      return Optional.of("and is computed");
    }
    var there = found.defaultTo().orElse("");
    if (isSerial(wanted.type())) {
      return CockroachText.words(there).stream().anyMatch(SERIAL_DEFAULTS::contains)
          ? Optional.empty()
          : Optional.of("and does not count by itself");
    }
    var asked = clauses.defaultTo().filter(d -> !CockroachText.same(d, "NULL"));
    if (asked.isPresent() == there.isEmpty()) {
      return Optional.of(there.isEmpty() ? "and has no default" : "and has the default " + there);
    }
    return asked.isEmpty() || CockroachText.same(asked.get(), there)
        ? Optional.empty()
        : Optional.of("and has the default " + there);
  }

  private static boolean isSerial(String type) {
    return type.toUpperCase(Locale.ROOT).contains("SERIAL");
  }

  /** A type of the author's own may be shown with its schema, or with that of the database too. */
  private static boolean sameType(Connection connection, String written, String shown)
      throws SQLException {
    var wanted = CockroachText.type(written);
    if (CockroachText.isPlainInt(written)) {
      var size = Query.first(connection, "SHOW default_int_size").orElseThrow().getFirst();
      wanted = wanted.replaceFirst("^INT8", "INT" + size);
    }
    var found = CockroachText.type(shown.replaceFirst("(?i) COLLATE .*", ""));
    return wanted.equals(found)
        || wanted.indexOf('(') < 0
            && found.indexOf('(') < 0
            && (endsWith(wanted, found) || endsWith(found, wanted));
  }

  /** Whether the one name is the other with less said before its dots. */
  private static boolean endsWith(String type, String less) {
    return type.replace(" ", "").endsWith("." + less.replace(" ", ""));
  }

  static Observation dropped(Connection connection, DropColumn change) throws SQLException {
    if (CockroachCatalog.elsewhere(connection, change.table())) {
      return new Observation.Unobservable();
    }
    if (!CockroachCatalog.tableExists(connection, change.table())) {
      return CockroachDialect.done(change.ifExists()); // else the statement will say so
    }
    return CockroachDialect.done(
        CockroachCatalog.column(connection, change.table(), change.column()).isEmpty());
  }

  static Observation altered(Connection connection, AlterColumn change) throws SQLException {
    var table = change.table();
    if (CockroachCatalog.elsewhere(connection, table)) {
      return new Observation.Unobservable();
    }
    var found = CockroachCatalog.column(connection, table, change.column());
    if (found.isEmpty()) {
      return new Observation.Absent(); // the statement will say that there is no such column
    }
    var column = found.get();
    return switch (change.action()) {
      case SET_NOT_NULL -> CockroachDialect.done(!column.nullable());
      case DROP_NOT_NULL -> CockroachDialect.done(column.nullable());
      case SET_TYPE ->
          CockroachDialect.done(sameType(connection, change.detail().orElseThrow(), column.type()));
      case DROP_DEFAULT -> CockroachDialect.done(column.defaultTo().isEmpty());
      case SET_DEFAULT ->
          column.defaultTo().isPresent()
                  && CockroachText.same(change.detail().orElseThrow(), column.defaultTo().get())
              ? new Observation.Valid()
              : column.defaultTo().isEmpty()
                  ? new Observation.Absent()
                  : new Observation.Unobservable();
      case OTHER -> new Observation.Unobservable();
    };
  }
}
