package dev.pawl.engine.change;

import dev.pawl.engine.change.CreateIndex.IndexKey;
import dev.pawl.engine.change.Reader.Unexpected;
import dev.pawl.engine.sql.QualifiedName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads CREATE INDEX and DROP INDEX. */
final class Indexes {
  private Indexes() {}

  /** From UNIQUE or INDEX on. */
  static SchemaChange create(Reader reader) throws Unexpected {
    boolean unique = reader.accept("UNIQUE");
    Optional<String> method = Optional.empty();
    if (reader.cockroach()) {
      if (reader.accept("INVERTED")) {
        method = Optional.of("inverted");
      } else if (reader.accept("VECTOR")) {
        method = Optional.of("vector");
      }
    }
    reader.expect("INDEX");
    boolean concurrently = reader.accept("CONCURRENTLY");
    boolean ifNotExists = reader.accept("IF", "NOT", "EXISTS");
    Optional<String> name = reader.at("ON") ? Optional.empty() : Optional.of(reader.identifier());
    reader.expect("ON");
    boolean only = reader.accept("ONLY");
    var table = reader.name();
    var body = reader.textToEnd();
    if (reader.accept("USING")) {
      method = Optional.of(reader.identifier());
    }
    var keys = new ArrayList<IndexKey>();
    for (var key : reader.parenthesised()) {
      keys.add(key(key));
    }
    List<String> include = List.of();
    Optional<String> predicate = Optional.empty();
    while (!reader.done() && predicate.isEmpty()) {
      if ((reader.at("INCLUDE") || reader.at("STORING") || reader.at("COVERING"))
          && reader.ahead(1, '(')) {
        reader.skip();
        include = reader.columns();
      } else if (reader.accept("WHERE")) {
        predicate = Optional.of(predicate(reader));
      } else {
        reader.skipItem();
      }
    }
    return new CreateIndex(
        name,
        table,
        unique,
        concurrently,
        ifNotExists,
        only,
        method,
        keys,
        include,
        predicate,
        body);
  }

  /** Up to the end; on CockroachDB the visibility may come after it. */
  private static String predicate(Reader reader) throws Unexpected {
    int from = reader.place();
    if (!reader.cockroach()) {
      reader.toEnd();
      return reader.textSince(from);
    }
    while (!reader.done()
        && !reader.at("VISIBLE")
        && !reader.at("VISIBILITY")
        && !(reader.at("NOT") && reader.keyword(1).equals("VISIBLE"))) {
      reader.skipItem();
    }
    return reader.textSince(from);
  }

  private static IndexKey key(Reader key) throws Unexpected {
    int from = key.place();
    Optional<String> column = Optional.empty();
    if (key.atIdentifier() && !key.ahead(1, '(') && !key.ahead(1, '.')) {
      column = Optional.of(key.identifier());
    }
    boolean descending = false;
    int last = key.place();
    while (!key.done()) {
      if (key.accept("ASC")) {
        continue;
      }
      if (key.accept("DESC")) {
        descending = true;
        continue;
      }
      if (key.accept("NULLS", "FIRST") || key.accept("NULLS", "LAST")) {
        continue;
      }
      key.skipItem();
      last = key.place();
    }
    key.back(last);
    var expression = key.textSince(from);
    if (expression.isEmpty()) {
      throw key.unexpected("an index key");
    }
    return new IndexKey(column, expression, descending);
  }

  /** From after INDEX on. */
  static SchemaChange drop(Reader reader) throws Unexpected {
    boolean concurrently = reader.accept("CONCURRENTLY");
    boolean ifExists = reader.accept("IF", "EXISTS");
    var indexes = new ArrayList<QualifiedName>(1);
    Optional<QualifiedName> table = Optional.empty();
    do {
      var name = reader.name();
      if (reader.cockroach() && reader.accept('@')) {
        if (table.isPresent() && !table.get().equals(name)) {
          throw reader.unexpected("an index of the same table");
        }
        table = Optional.of(name);
        name = name.sibling(reader.identifier());
      }
      indexes.add(name);
    } while (reader.accept(','));
    if (!reader.done() && !reader.accept("CASCADE") && !reader.accept("RESTRICT")) {
      throw reader.unexpected("the end");
    }
    return new DropIndex(indexes, table, concurrently, ifExists);
  }
}
