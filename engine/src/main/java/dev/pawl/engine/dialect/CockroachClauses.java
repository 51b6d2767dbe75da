package dev.pawl.engine.dialect;

import dev.pawl.engine.change.AddColumn;
import dev.pawl.engine.change.AddConstraint;
import dev.pawl.engine.change.CreateIndex;
import dev.pawl.engine.change.CreateIndex.IndexKey;
import dev.pawl.engine.change.CreateTable;
import dev.pawl.engine.change.Reader;
import dev.pawl.engine.change.Reader.Unexpected;
import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.Splitter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What a definition says beyond what is compared by the catalog. It is read so that a clause which
 * nobody has thought of is left over: of that a person is asked, and nothing is believed.
 */
final class CockroachClauses {
  /**
   * What ends a default: it is an expression without NOT, IS, AND and OR outside of parentheses
   * (docs/generated/sql/bnf/col_qualification_elem.bnf, b_expr).
   */
  private static final Set<String> AFTER_DEFAULT =
      Set.of("AS", "COLLATE", "CREATE", "FAMILY", "GENERATED", "NOT", "NULL", "ON", "VISIBLE");

  private CockroachClauses() {}

  /**
   * A column's definition.
   *
   * @param defaultTo what is written after DEFAULT
   * @param collation in small letters, with _ for -
   * @param rest the first clause that is compared with nothing: a computed value, GENERATED, ON
   *     UPDATE, a family, and what is not known
   */
  record Column(
      Optional<String> defaultTo,
      Optional<String> collation,
      boolean hidden,
      Optional<String> rest) {
    static Column of(AddColumn change) {
      var in = reader(change.definition());
      var type = reader(change.type()).rest().size();
      for (int k = 0; k < type && !in.done(); k++) {
        in.skip();
      }
      Optional<String> defaultTo = Optional.empty();
      Optional<String> collation = Optional.empty();
      boolean hidden = false;
      try {
        while (!in.done()) {
          if (in.accept("NOT", "VISIBLE")) {
            hidden = true;
          } else if (in.accept("COLLATE")) {
            int from = in.place();
            in.skipItem();
            collation = Optional.of(collation(in.textSince(from)));
          } else if (in.accept("DEFAULT")) {
            defaultTo = Optional.of(expression(in));
          } else if (!in.accept("NOT", "NULL") && !in.accept("NULL")) {
            return new Column(defaultTo, collation, hidden, Optional.of(in.textToEnd()));
          }
        }
      } catch (Unexpected e) {
        return new Column(defaultTo, collation, hidden, Optional.of(change.definition()));
      }
      return new Column(defaultTo, collation, hidden, Optional.empty());
    }

    /** A collation as it is compared: its parts are joined by - or _, in letters of any case. */
    static String collation(String name) {
      return name.replace("\"", "").replace('-', '_').toLowerCase(Locale.ROOT);
    }

    private static String expression(Reader in) throws Unexpected {
      int from = in.place();
      in.skipItem();
      while (!in.done() && !AFTER_DEFAULT.contains(in.keyword())) {
        in.skipItem();
      }
      return in.textSince(from);
    }
  }

  private static Reader reader(String text) {
    var statements = Splitter.split(text, DatabaseKind.COCKROACHDB);
    return new Reader(
        statements.isEmpty()
            ? Splitter.split("NULL", DatabaseKind.COCKROACHDB).getFirst()
            : statements.getFirst(),
        DatabaseKind.COCKROACHDB);
  }

  /**
   * What follows an index's table.
   *
   * @param buckets of USING HASH, where written
   * @param rest the first clause that is compared with nothing
   */
  record Index(List<String> keys, OptionalInt buckets, Optional<String> rest) {
    /** As written, or from pg_indexes.indexdef. */
    static Index of(String text) {
      var in = reader(text);
      var keys = new ArrayList<String>();
      var buckets = OptionalInt.empty();
      try {
        if (in.accept("CREATE")) {
          while (!in.accept("ON")) {
            in.skipItem();
          }
          in.name();
        }
        if (in.accept("USING")) {
          in.skip();
        }
        in.parenthesised().forEach(k -> keys.add(k.textToEnd()));
        while (!in.done()) {
          int from = in.place();
          if (in.accept("STORING") || in.accept("INCLUDE") || in.accept("COVERING")) {
            in.columns();
          } else if (in.accept("WHERE")) {
            while (!in.done() && !visibility(in)) {
              in.skipItem();
            }
          } else if (in.accept("WITH") && in.at('(')) {
            buckets = buckets(in.parenthesised());
            if (buckets.isEmpty()) {
              in.back(from);
              return new Index(keys, buckets, Optional.of(in.textToEnd()));
            }
          } else {
            in.back(from);
            if (!in.accept("USING", "HASH") && !in.accept("VISIBLE")) {
              return new Index(keys, buckets, Optional.of(in.textToEnd()));
            }
          }
        }
        return new Index(keys, buckets, Optional.empty());
      } catch (Unexpected e) {
        return new Index(keys, buckets, Optional.of(text));
      }
    }

    /**
     * What the last of the keys have besides a column or expression and its direction.
     *
     * @param last how many of them; those before are the server's own, of USING HASH
     */
    Optional<String> besidesDirections(int last) {
      for (var key : keys.subList(Math.max(0, keys.size() - last), keys.size())) {
        var in = reader(key);
        try {
          in.skipItem();
          while (in.at('(')) {
            in.skipItem(); // of a call
          }
        } catch (Unexpected e) {
          return Optional.of(key);
        }
        // A vector index has this operator class where none is asked for.
        in.accept("VECTOR_L2_OPS");
        if (!in.accept("ASC")) {
          in.accept("DESC");
        }
        if (!in.done()) {
          return Optional.of(in.textToEnd());
        }
      }
      return Optional.empty();
    }

    private static boolean visibility(Reader in) {
      return in.at("VISIBLE")
          || in.at("INVISIBLE")
          || in.at("VISIBILITY")
          || in.at("NOT") && in.keyword(1).equals("VISIBLE");
    }

    private static OptionalInt buckets(List<Reader> parameters) {
      if (parameters.size() != 1 || !parameters.getFirst().accept("BUCKET_COUNT")) {
        return OptionalInt.empty();
      }
      var words = CockroachText.words(parameters.getFirst().textToEnd());
      return words.size() == 2 && words.getFirst().equals("=") && words.get(1).matches("[0-9]{1,9}")
          ? OptionalInt.of(Integer.parseInt(words.get(1)))
          : OptionalInt.empty();
    }
  }

  /** What an index asks of its keys beyond column, expression and direction. */
  static Optional<String> ofKeys(CreateIndex change) {
    return change.keys().stream()
        .filter(
            k ->
                k.opclass().isPresent()
                    || k.collation().isPresent()
                    // CockroachDB sorts NULL first, and last where it descends.
                    || k.nulls()
                        .filter(
                            n -> n != (k.descending() ? IndexKey.Nulls.LAST : IndexKey.Nulls.FIRST))
                        .isPresent())
        .findFirst()
        .map(k -> "what follows " + k.expression());
  }

  /** What follows the columns of a UNIQUE or PRIMARY KEY. */
  static Optional<String> ofKey(AddConstraint change) {
    var in = reader(change.body());
    try {
      if (!in.accept("UNIQUE")) {
        in.expect("PRIMARY");
        in.expect("KEY");
      } else if (in.accept("WITHOUT", "INDEX") && !change.withoutIndex()) {
        return Optional.of("WITHOUT INDEX");
      }
      in.parenthesised();
      if (change.notValid()) {
        in.accept("NOT", "VALID");
      }
      return Optional.of(in.textToEnd()).filter(t -> !t.isEmpty());
    } catch (Unexpected e) {
      return Optional.of(change.body());
    }
  }

  /** What a table has besides its columns, constraints and indexes. */
  static Optional<String> ofTable(CreateTable change) {
    return change
        .options()
        .or(change::body)
        .or(() -> change.partitionOf().map(parent -> "PARTITION OF " + parent))
        .or(() -> change.unlogged() ? Optional.of("UNLOGGED") : Optional.empty());
  }
}
