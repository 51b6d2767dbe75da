package dev.pawl.engine.dialect;

import static dev.pawl.engine.dialect.PostgresPredicates.regclass;

import dev.pawl.engine.change.AddColumn;
import dev.pawl.engine.change.AlterColumn;
import dev.pawl.engine.change.DropColumn;
import dev.pawl.engine.sql.Literal;
import dev.pawl.engine.sql.QualifiedName;
import java.util.Optional;

/** What PostgreSQL's catalog shows of columns. */
final class PostgresColumnPredicates {
  /**
   * From PostgreSQL 18, NOT NULL … NOT VALID shows attnotnull although rows with NULL are there;
   * its constraint, which older servers do not have, tells.
   */
  private static final String NOT_NULL =
      """

           AND a.attnotnull
           AND NOT EXISTS (
            SELECT FROM pg_catalog.pg_constraint n
             WHERE n.conrelid = a.attrelid
               AND n.contype = 'n'
               AND n.conkey[1] = a.attnum
               AND NOT n.convalidated)\
      """;

  private PostgresColumnPredicates() {}

  /** The column, with conditions on {@code a}, its row in pg_attribute. */
  private static String column(QualifiedName table, String column, String conditions) {
    return """
    SELECT EXISTS (
      SELECT FROM pg_catalog.pg_attribute a
       WHERE a.attrelid = %s
         AND a.attname = %s
         AND a.attnum > 0 AND NOT a.attisdropped%s
    )\
    """
        .formatted(regclass(table), Literal.text(column), conditions);
  }

  static String notNull(QualifiedName table, String column) {
    return column(table, column, NOT_NULL);
  }

  /** Words such as serial are no types: then the column's presence is all that can be asked. */
  static String added(AddColumn change) {
    var type = Literal.text(change.type());
    var conditions =
        change.type().isEmpty()
            ? ""
            : "\n     AND a.atttypid = coalesce(pg_catalog.to_regtype(%s), a.atttypid)"
                .formatted(type);
    var modifier = PostgresTypeModifiers.of(change.type());
    if (modifier.isPresent()) {
      conditions += "\n     AND a.atttypmod = " + modifier.getAsInt();
    }
    return column(
        change.table(), change.column(), change.notNull() ? conditions + NOT_NULL : conditions);
  }

  static String dropped(DropColumn change) {
    return """
    SELECT %1$s IS NOT NULL
       AND NOT EXISTS (
      SELECT FROM pg_catalog.pg_attribute a
       WHERE a.attrelid = %1$s
         AND a.attname = %2$s
         AND NOT a.attisdropped
    )\
    """
        .formatted(regclass(change.table()), Literal.text(change.column()));
  }

  /** A new default shows only in other words than the author's. */
  static Optional<String> altered(AlterColumn change) {
    return switch (change.action()) {
      case SET_NOT_NULL -> Optional.of(notNull(change.table(), change.column()));
      case DROP_NOT_NULL ->
          Optional.of(column(change.table(), change.column(), "\n     AND NOT a.attnotnull"));
      case DROP_DEFAULT ->
          Optional.of(column(change.table(), change.column(), "\n     AND NOT a.atthasdef"));
      case SET_TYPE -> retyped(change);
      case SET_DEFAULT, OTHER -> Optional.empty();
    };
  }

  /** varchar(20) and varchar(30) are one type: without the modifier the old one would pass. */
  private static Optional<String> retyped(AlterColumn change) {
    var type = change.detail().orElse("");
    var modifier = PostgresTypeModifiers.of(type);
    return modifier.isEmpty()
        ? Optional.empty()
        : Optional.of(
            column(
                change.table(),
                change.column(),
                """

                     AND a.atttypid = pg_catalog.to_regtype(%s)
                     AND a.atttypmod = %d\
                """
                    .formatted(Literal.text(type), modifier.getAsInt())));
  }
}
