package dev.pawl.engine.dialect;

import static dev.pawl.engine.dialect.PostgresPredicates.lookup;

import dev.pawl.engine.change.Rename;
import dev.pawl.engine.change.SetSchema;
import dev.pawl.engine.sql.Literal;
import dev.pawl.engine.sql.QualifiedName;

/** What PostgreSQL's catalog shows of objects that have got another name or place. */
final class PostgresRenamePredicates {
  private PostgresRenamePredicates() {}

  /** The new name is there and the old one is not. */
  static String renamed(Rename change) {
    var from = change.from();
    return switch (change.kind()) {
      case COLUMN ->
          within(
              change,
              """
              pg_catalog.pg_attribute o
               WHERE o.attrelid = %s
                 AND NOT o.attisdropped
                 AND o.attname\
              """
                  .formatted(lookup("to_regclass", change.in().orElseThrow())));
      case CONSTRAINT ->
          within(
              change,
              """
              pg_catalog.pg_constraint o
               WHERE o.conrelid = %s
                 AND o.conname\
              """
                  .formatted(lookup("to_regclass", change.in().orElseThrow())));
      case LABEL ->
          within(
              change,
              """
              pg_catalog.pg_enum o
               WHERE o.enumtypid = %s
                 AND o.enumlabel\
              """
                  .formatted(lookup("to_regtype", change.in().orElseThrow())));
      case TABLE, INDEX, VIEW, MATERIALIZED_VIEW, SEQUENCE, FOREIGN_TABLE, TYPE, SCHEMA ->
          replaced(change.kind(), from, from.sibling(change.to()));
    };
  }

  private static String within(Rename change, String place) {
    return """
    SELECT NOT EXISTS (
      SELECT FROM %1$s = %2$s
    ) AND EXISTS (
      SELECT FROM %1$s = %3$s
    )\
    """
        .formatted(place, Literal.text(change.from().name()), Literal.text(change.to()));
  }

  /** An old name without a schema may stand for the new place, where that is searched too. */
  static String moved(SetSchema change) {
    var to = QualifiedName.of(change.schema(), change.object().name());
    boolean told = change.object().schema().filter(s -> !s.equals(change.schema())).isPresent();
    return told
        ? replaced(change.kind(), change.object(), to)
        : "SELECT " + lookup(function(change.kind()), to) + " IS NOT NULL";
  }

  private static String replaced(Rename.Kind kind, QualifiedName from, QualifiedName to) {
    return """
    SELECT %s IS NULL
       AND %s IS NOT NULL\
    """
        .formatted(lookup(function(kind), from), lookup(function(kind), to));
  }

  private static String function(Rename.Kind kind) {
    return switch (kind) {
      case TYPE -> "to_regtype";
      case SCHEMA -> "to_regnamespace";
      default -> "to_regclass";
    };
  }
}
