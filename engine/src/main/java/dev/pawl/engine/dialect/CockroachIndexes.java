package dev.pawl.engine.dialect;

import dev.pawl.engine.change.AddConstraint;
import dev.pawl.engine.change.AlterPrimaryKey;
import dev.pawl.engine.change.CreateIndex;
import dev.pawl.engine.change.DropIndex;
import dev.pawl.engine.dialect.CockroachCatalog.Index;
import dev.pawl.engine.dialect.CockroachCatalog.Key;
import dev.pawl.engine.sql.QualifiedName;
import dev.pawl.engine.verify.Observation;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * Indexes on CockroachDB, and what is one: UNIQUE and primary keys. SHOW INDEXES shows an index
 * only once it is finished; one whose backfill failed vanishes.
 */
final class CockroachIndexes {
  /** A key that is an expression is a hidden column of this name, from 22.1 to 26.x. */
  private static final Pattern EXPRESSION = Pattern.compile("crdb_internal_idx_expr(_\\d+)?");

  private CockroachIndexes() {}

  private enum Method {
    BTREE,
    INVERTED,
    VECTOR;

    static Method of(String word) {
      return switch (word.toUpperCase(Locale.ROOT)) {
        case "INVERTED", "GIN", "GIST" -> INVERTED;
        case "VECTOR", "CSPANN" -> VECTOR;
        default -> BTREE;
      };
    }
  }

  static Observation created(Connection connection, CreateIndex change, CockroachOrigin origin)
      throws SQLException {
    if (change.name().isEmpty()) {
      return new Observation.Unobservable(); // the server makes up a name
    }
    var name = change.name().get();
    var found = CockroachCatalog.index(connection, change.table(), name);
    if (found.isEmpty()) {
      return new Observation.Absent();
    }
    var definition = CockroachCatalog.indexDefinition(connection, change.table(), name);
    var difference = difference(change, found.get(), definition.orElse(""));
    if (difference.isPresent()) {
      return new Observation.Different(
          "index "
              + name
              + " of "
              + change.table()
              + " is there as "
              + definition.orElseGet(() -> found.get().toString())
              + ", with another "
              + difference.get());
    }
    boolean told =
        definition.isPresent()
            && expressionsAreSame(change, definition.get())
            && predicateIsSame(change, definition.get())
            && doubt(change, found.get(), definition.get()).isEmpty();
    return told
        ? new Observation.Valid()
        : CockroachDialect.untold(
            connection,
            change,
            origin,
            change.ifNotExists(),
            "index "
                + name
                + " of "
                + change.table()
                + " is there as "
                + definition.orElseGet(() -> found.get().toString()));
  }

  /** What is certainly not as the author asked. */
  private static Optional<String> difference(CreateIndex change, Index found, String definition) {
    if (found.unique() != change.unique()) {
      return Optional.of("uniqueness");
    }
    boolean hashed = isHashed(change.body());
    boolean sharded = isHashed(definition) || found.shard().isPresent();
    if (!definition.isEmpty() && hashed != sharded) {
      return Optional.of("USING HASH");
    }
    var keys = found.keys();
    if (keys.size() != change.keys().size()) {
      return Optional.of("key");
    }
    for (int k = 0; k < keys.size(); k++) {
      var wanted = change.keys().get(k);
      boolean expression = EXPRESSION.matcher(keys.get(k).column()).matches();
      boolean same =
          wanted.column().isPresent()
              ? wanted.column().get().equals(keys.get(k).column())
              : expression;
      if (!same || wanted.descending() != keys.get(k).descending()) {
        return Optional.of("key");
      }
    }
    var stored = new ArrayList<>(change.include());
    Collections.sort(stored);
    if (!stored.equals(found.stored())) {
      return Optional.of("set of stored columns");
    }
    if (definition.isEmpty()) {
      return Optional.empty();
    }
    if (Method.of(change.method().orElse("")) != method(definition)) {
      return Optional.of("kind");
    }
    boolean partial = !CockroachText.after(definition, "WHERE").isEmpty();
    return change.predicate().isPresent() == partial ? Optional.empty() : Optional.of("predicate");
  }

  private static boolean isHashed(String sql) {
    return Collections.indexOfSubList(CockroachText.words(sql), List.of("USING", "HASH")) >= 0;
  }

  /** What may be another than asked for, or is compared with nothing. */
  private static Optional<String> doubt(CreateIndex change, Index found, String definition) {
    var wanted = CockroachClauses.Index.of(change.body());
    var shown = CockroachClauses.Index.of(definition);
    return CockroachClauses.ofKeys(change)
        .or(wanted::rest)
        .or(shown::rest)
        .or(() -> shown.besidesDirections(change.keys().size()))
        .or(() -> ofBuckets(wanted.buckets(), found));
  }

  /** The number of them is in the name of their column (pkg/sql/create_index.go). */
  private static Optional<String> ofBuckets(OptionalInt wanted, Index found) {
    return wanted.isEmpty()
            || found.shard().filter(c -> c.endsWith("_shard_" + wanted.getAsInt())).isPresent()
        ? Optional.empty()
        : Optional.of("bucket_count");
  }

  /** By a word before the keys: CREATE INVERTED INDEX …, or … USING gin. */
  private static Method method(String definition) {
    for (var word : CockroachText.words(definition)) {
      if (word.equals("(")) {
        break;
      }
      var method = Method.of(word);
      if (method != Method.BTREE) {
        return method;
      }
    }
    return Method.BTREE;
  }

  private static boolean predicateIsSame(CreateIndex change, String definition) {
    return change.predicate().isEmpty()
        || CockroachText.same(
            change.predicate().get(), withoutVisibility(CockroachText.after(definition, "WHERE")));
  }

  private static String withoutVisibility(String predicate) {
    return predicate.replaceFirst("(?i)\\s+(NOT\\s+VISIBLE|VISIBILITY\\s+[0-9.]+)\\s*$", "");
  }

  private static boolean expressionsAreSame(CreateIndex change, String definition) {
    if (change.keys().stream().allMatch(k -> k.column().isPresent())) {
      return true;
    }
    var shown = CockroachText.list(definition);
    if (shown.size() < change.keys().size()) {
      return false;
    }
    var last = shown.subList(shown.size() - change.keys().size(), shown.size());
    for (int k = 0; k < change.keys().size(); k++) {
      var wanted = change.keys().get(k);
      if (wanted.column().isEmpty()
          && !CockroachText.same(
              wanted.expression(), last.get(k).replaceFirst("(?i)\\s+(ASC|DESC)\\s*$", ""))) {
        return false;
      }
    }
    return true;
  }

  static Observation dropped(Connection connection, DropIndex change) throws SQLException {
    if (change.table().isPresent()) {
      var table = change.table().get();
      if (!change.ifExists() && !CockroachCatalog.tableExists(connection, table)) {
        return new Observation.Absent(); // the statement will say that there is no such table
      }
      var there = CockroachCatalog.indexes(connection, table);
      return CockroachDialect.done(
          change.indexes().stream().noneMatch(i -> there.contains(i.name())));
    }
    for (var index : change.indexes()) {
      if (CockroachCatalog.elsewhere(connection, index)) {
        return new Observation.Unobservable();
      }
      if (CockroachCatalog.indexExists(connection, index)) {
        return new Observation.Absent();
      }
    }
    return new Observation.Valid();
  }

  /** What follows the keys is compared by the number of buckets, or only by doing it. */
  static Observation primaryKey(
      Connection connection, AlterPrimaryKey change, CockroachOrigin origin) throws SQLException {
    var wanted =
        change.keys().stream()
            .map(k -> new Key(k.column().orElse(k.expression()), k.descending()))
            .toList();
    var found =
        primary(connection, change.table())
            .filter(key -> key.keys().equals(wanted))
            .filter(key -> key.shard().isPresent() == change.sharded());
    if (found.isEmpty() || change.options().isEmpty()) {
      return CockroachDialect.done(found.isPresent());
    }
    var clauses = CockroachClauses.Index.of("() " + change.options().get());
    if (clauses.rest().isEmpty()) {
      return CockroachDialect.done(ofBuckets(clauses.buckets(), found.get()).isEmpty());
    }
    return origin.others() ? new Observation.Absent() : new Observation.Unobservable();
  }

  static Optional<Index> primary(Connection connection, QualifiedName table) throws SQLException {
    var name = CockroachCatalog.primaryKey(connection, table);
    return name.isEmpty()
        ? Optional.empty()
        : CockroachCatalog.index(connection, table, name.get());
  }

  private static List<String> columns(Index index) {
    return index.keys().stream().map(Key::column).toList();
  }

  /**
   * UNIQUE and PRIMARY KEY by their index: SHOW CONSTRAINTS may say validated of a UNIQUE whose
   * index is still being built.
   */
  static Observation keyAdded(Connection connection, AddConstraint change, CockroachOrigin origin)
      throws SQLException {
    var table = change.table();
    var candidates = new ArrayList<String>();
    if (change.kind() == AddConstraint.Kind.PRIMARY_KEY) {
      var name = CockroachCatalog.primaryKey(connection, table);
      var key = primary(connection, table);
      // A table without a primary key has one on a hidden column, rowid.
      if (key.isEmpty() || columns(key.get()).equals(List.of("rowid"))) {
        return new Observation.Absent();
      }
      if (!columns(key.get()).equals(change.columns())
          || origin.others() && change.name().isPresent() && !change.name().equals(name)) {
        return new Observation.Different(
            "the primary key of " + table + " is " + name.orElse("") + " " + key.get());
      }
      candidates.add(name.orElseThrow());
    } else if (change.name().isPresent()) {
      candidates.add(change.name().get());
    } else {
      candidates.addAll(CockroachCatalog.indexes(connection, table));
    }
    Observation seen = new Observation.Absent();
    for (var name : candidates) {
      var index = CockroachCatalog.index(connection, table, name);
      if (index.isEmpty()) {
        continue;
      }
      var definition = CockroachCatalog.indexDefinition(connection, table, name);
      var shown =
          "index "
              + name
              + " of "
              + table
              + " is there as "
              + definition.orElseGet(() -> index.get().toString());
      boolean partial =
          definition.filter(d -> !CockroachText.after(d, "WHERE").isEmpty()).isPresent();
      if (!isKey(index.get(), change) || partial) {
        if (change.name().isPresent()) {
          return new Observation.Different(shown);
        }
        continue;
      }
      if (definition.isPresent()
          && (origin.verified() || keyDoubt(change, index.get(), definition.get()).isEmpty())) {
        return new Observation.Valid();
      }
      seen = CockroachDialect.untold(connection, change, origin, change.ifNotExists(), shown);
    }
    return seen;
  }

  private static boolean isKey(Index index, AddConstraint change) {
    return index.unique() && columns(index).equals(change.columns());
  }

  private static Optional<String> keyDoubt(AddConstraint change, Index found, String definition) {
    var directions =
        CockroachText.list(change.body()).stream()
            .map(k -> CockroachText.words(k).getLast().equals("DESC"))
            .toList();
    boolean primary = change.kind() == AddConstraint.Kind.PRIMARY_KEY;
    return CockroachClauses.ofKey(change)
        .or(() -> CockroachClauses.Index.of(definition).rest())
        .or(
            () ->
                found.keys().stream().map(Key::descending).toList().equals(directions)
                    ? Optional.empty()
                    : Optional.of("direction"))
        .or(() -> primary || found.stored().isEmpty() ? Optional.empty() : Optional.of("STORING"));
  }
}
