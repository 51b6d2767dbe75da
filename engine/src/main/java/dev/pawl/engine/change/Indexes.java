package dev.pawl.engine.change;

import dev.pawl.engine.change.CreateIndex.IndexKey;
import dev.pawl.engine.change.CreateIndex.IndexKey.Nulls;
import dev.pawl.engine.change.Reader.Unexpected;
import dev.pawl.engine.sql.QualifiedName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads CREATE INDEX, DROP INDEX, and CockroachDB's INDEX (…) in a CREATE TABLE. */
final class Indexes {
  private boolean unique;
  private Optional<String> method = Optional.empty();
  private List<IndexKey> keys = List.of();
  private List<String> include = List.of();
  private boolean nullsNotDistinct;
  private boolean sharded;
  private Optional<String> predicate = Optional.empty();

  private Indexes() {}

  /** From UNIQUE or INDEX on. */
  static CreateIndex create(Reader reader) throws Unexpected {
    var index = new Indexes();
    index.head(reader);
    boolean concurrently = reader.accept("CONCURRENTLY");
    boolean ifNotExists = reader.accept("IF", "NOT", "EXISTS");
    Optional<String> name = reader.at("ON") ? Optional.empty() : Optional.of(reader.identifier());
    reader.expect("ON");
    boolean only = reader.accept("ONLY");
    var table = reader.name();
    var body = reader.textToEnd();
    index.body(reader);
    return index.made(name, table, concurrently, ifNotExists, only, body);
  }

  /** CockroachDB: whether an index begins here among the columns of a table. */
  static boolean beginsInTable(Reader reader) {
    return switch (reader.keyword()) {
      case "INDEX" -> true;
      case "UNIQUE", "INVERTED", "VECTOR" -> reader.keyword(1).equals("INDEX");
      default -> false;
    };
  }

  static CreateIndex inTable(Reader reader, QualifiedName table) throws Unexpected {
    var index = new Indexes();
    index.head(reader);
    Optional<String> name =
        reader.at('(') || reader.at("USING") ? Optional.empty() : Optional.of(reader.identifier());
    var body = reader.textToEnd();
    index.body(reader);
    return index.made(name, table, false, false, false, body);
  }

  private void head(Reader reader) throws Unexpected {
    unique = reader.accept("UNIQUE");
    if (reader.cockroach()) {
      if (reader.accept("INVERTED")) {
        method = Optional.of("inverted");
      } else if (reader.accept("VECTOR")) {
        method = Optional.of("vector");
      }
    }
    reader.expect("INDEX");
  }

  /** From after the table's name to the end. */
  private void body(Reader reader) throws Unexpected {
    if (reader.accept("USING")) {
      method = Optional.of(reader.identifier());
    }
    keys = keys(reader);
    while (!reader.done() && predicate.isEmpty()) {
      if ((reader.at("INCLUDE") || reader.at("STORING") || reader.at("COVERING"))
          && reader.ahead(1, '(')) {
        reader.skip();
        include = reader.columns();
      } else if (reader.accept("NULLS", "NOT", "DISTINCT")) {
        nullsNotDistinct = true;
      } else if (reader.accept("USING", "HASH")) {
        sharded = true;
      } else if (reader.accept("WHERE")) {
        predicate = Optional.of(predicate(reader));
      } else {
        reader.skipItem();
      }
    }
  }

  private CreateIndex made(
      Optional<String> name,
      QualifiedName table,
      boolean concurrently,
      boolean ifNotExists,
      boolean only,
      String body) {
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
        nullsNotDistinct,
        sharded,
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
        && !reader.at("INVISIBLE")
        && !reader.at("VISIBILITY")
        && !(reader.at("NOT") && reader.keyword(1).equals("VISIBLE"))) {
      reader.skipItem();
    }
    return reader.textSince(from);
  }

  /** Keys in parentheses. */
  static List<IndexKey> keys(Reader reader) throws Unexpected {
    var keys = new ArrayList<IndexKey>();
    for (var key : reader.parenthesised()) {
      keys.add(key(key));
    }
    return keys;
  }

  private static IndexKey key(Reader key) throws Unexpected {
    int from = key.place();
    Optional<String> column = Optional.empty();
    if (key.atIdentifier() && !key.ahead(1, '(') && !key.ahead(1, '.')) {
      column = Optional.of(key.identifier());
    } else if (key.done()) {
      throw key.unexpected("an index key");
    } else {
      expression(key);
    }
    var expression = key.textSince(from);
    boolean descending = false;
    Optional<Nulls> nulls = Optional.empty();
    Optional<String> collation = Optional.empty();
    Optional<String> opclass = Optional.empty();
    while (!key.done()) {
      if (key.accept("DESC")) {
        descending = true;
      } else if (key.accept("NULLS", "FIRST")) {
        nulls = Optional.of(Nulls.FIRST);
      } else if (key.accept("NULLS", "LAST")) {
        nulls = Optional.of(Nulls.LAST);
      } else if (key.accept("COLLATE")) {
        int start = key.place();
        key.name();
        collation = Optional.of(key.textSince(start));
      } else if (!key.accept("ASC")) {
        int start = key.place();
        if (opclass.isPresent()) {
          throw key.unexpected("the end of the key");
        }
        key.name();
        if (key.at('(')) {
          key.parenthesised();
        }
        opclass = Optional.of(key.textSince(start));
      }
    }
    return new IndexKey(column, expression, descending, nulls, collation, opclass);
  }

  /** A function's call, or anything in parentheses. */
  private static void expression(Reader key) throws Unexpected {
    if (!key.at('(')) {
      key.name();
    }
    if (!key.at('(')) {
      throw key.unexpected("'('");
    }
    key.parenthesised();
  }

  /** From after INDEX on. */
  static DropIndex drop(Reader reader) throws Unexpected {
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
    boolean cascade = reader.accept("CASCADE");
    if (!cascade && !reader.accept("RESTRICT") && !reader.done()) {
      throw reader.unexpected("the end");
    }
    return new DropIndex(indexes, table, concurrently, ifExists, cascade);
  }
}
