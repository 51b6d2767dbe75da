package dev.pawl.engine.lint;

import dev.pawl.engine.change.Reader;
import dev.pawl.engine.change.Reader.Unexpected;
import dev.pawl.engine.sql.QualifiedName;
import java.util.Optional;

/**
 * ALTER TABLE … RENAME or SET SCHEMA, ALTER INDEX … RENAME.
 *
 * @param from the table or index
 * @param member the constraint; empty for other kinds
 * @param to the new name of the table, index or constraint
 */
record Rename(What what, QualifiedName from, String member, QualifiedName to) {
  /** What gets another name. */
  enum What {
    TABLE,
    CONSTRAINT,
    INDEX
  }

  /** What the statement renames, if it is one that does. */
  static Optional<Rename> of(Reader reader) {
    try {
      if (!reader.accept("ALTER")) {
        return Optional.empty();
      }
      boolean index = reader.accept("INDEX");
      if (!index && !reader.accept("TABLE")) {
        return Optional.empty();
      }
      reader.accept("IF", "EXISTS");
      reader.accept("ONLY");
      var from = reader.name();
      if (reader.accept("RENAME", "TO")) {
        var to = from.sibling(reader.identifier());
        return Optional.of(new Rename(index ? What.INDEX : What.TABLE, from, "", to));
      }
      if (reader.accept("SET", "SCHEMA")) {
        var to = QualifiedName.of(reader.identifier(), from.name());
        return Optional.of(new Rename(What.TABLE, from, "", to));
      }
      if (reader.accept("RENAME", "CONSTRAINT")) {
        var constraint = reader.identifier();
        reader.accept("TO");
        var to = from.sibling(reader.identifier());
        return Optional.of(new Rename(What.CONSTRAINT, from, constraint, to));
      }
      return Optional.empty();
    } catch (Unexpected e) {
      return Optional.empty();
    }
  }
}
