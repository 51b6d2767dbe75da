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

/** Columns on CockroachDB, by information_schema.columns. */
final class CockroachColumns {
  private CockroachColumns() {}

  static Observation added(Connection connection, AddColumn change, Optional<String> before)
      throws SQLException {
    if (CockroachCatalog.elsewhere(connection, change.table())) {
      return new Observation.Unobservable();
    }
    var found = CockroachCatalog.column(connection, change.table(), change.column());
    if (found.isEmpty()) {
      return new Observation.Absent();
    }
    return difference(connection, change, found.get(), before.isEmpty())
        .<Observation>map(
            d ->
                new Observation.Different(
                    "column " + change.table() + "." + change.column() + " is there, " + d))
        .orElseGet(Observation.Valid::new);
  }

  /**
   * What is not as the author asked.
   *
   * @param others it was there before; of one of ours a later statement may have changed whether it
   *     may be NULL, and its default
   */
  private static Optional<String> difference(
      Connection connection, AddColumn wanted, Column found, boolean others) throws SQLException {
    if (!isSerial(wanted.type()) && !sameType(connection, wanted.type(), found.type())) {
      return Optional.of("of type " + found.type());
    }
    if (wanted.notNull() ? found.nullable() : others && !found.nullable()) {
      return Optional.of(found.nullable() ? "and may be NULL" : "and may not be NULL");
    }
    if (!others) {
      return Optional.empty();
    }
    boolean hasDefault = found.defaultTo().isPresent() || found.generated();
    boolean mayHave = wanted.hasDefault() || isSerial(wanted.type());
    boolean nullDefault = CockroachText.words(wanted.definition()).contains("NULL");
    if (hasDefault && !mayHave || !hasDefault && mayHave && !nullDefault) {
      return Optional.of(hasDefault ? "and has a default" : "and has no default");
    }
    return found
        .defaultTo()
        .filter(_ -> wanted.hasDefault())
        .filter(there -> CockroachText.otherNumber(defaultOf(wanted), there))
        .map(there -> "and has the default " + there);
  }

  /** What is written after DEFAULT, up to the next clause where that begins with NOT. */
  private static String defaultOf(AddColumn column) {
    return CockroachText.after(column.definition(), "DEFAULT")
        .replaceFirst("(?is)\\s+NOT\\s.*", "");
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
