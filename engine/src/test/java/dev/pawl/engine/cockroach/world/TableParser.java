package dev.pawl.engine.cockroach.world;

import dev.pawl.engine.cockroach.world.Ddl.Action;
import dev.pawl.engine.cockroach.world.Ddl.ConstraintDef;
import dev.pawl.engine.sql.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Reads the parts of CREATE TABLE, CREATE INDEX and ALTER TABLE. */
final class TableParser {
  private static final List<String> AFTER_TYPE =
      List.of(
          "NOT",
          "NULL",
          "DEFAULT",
          "PRIMARY",
          "UNIQUE",
          "CHECK",
          "REFERENCES",
          "CONSTRAINT",
          "COLLATE",
          "AS",
          "GENERATED",
          "ON",
          "CREATE",
          "FAMILY",
          "USING");

  private TableParser() {}

  static Index.Method method(Cursor in) {
    return in.take("INVERTED")
        ? Index.Method.INVERTED
        : in.take("VECTOR") ? Index.Method.VECTOR : Index.Method.PREFIX;
  }

  /** From USING or the key on. */
  static Ddl.IndexDef index(Cursor in, Optional<String> name, boolean unique, Index.Method before) {
    var method = before;
    if (in.take("USING")) {
      method =
          switch (in.identifier()) {
            case "btree", "prefix" -> Index.Method.PREFIX;
            case "gin", "gist", "inverted" -> Index.Method.INVERTED;
            case "cspann", "hnsw" -> Index.Method.VECTOR;
            default -> throw in.syntax();
          };
    }
    var keys = keys(in);
    boolean sharded = in.take("USING", "HASH");
    List<String> storing =
        in.take("STORING") || in.take("INCLUDE") || in.take("COVERING")
            ? in.identifiers()
            : List.of();
    int buckets = 16; // docs, "Hash-sharded indexes", default_hash_sharded_index_bucket_count
    if (in.take("WITH")) {
      var parameters = in.group();
      if (parameters.getFirst().is("BUCKET_COUNT")) {
        buckets = Integer.parseInt(parameters.getLast().text());
      }
    }
    if (sharded) {
      keys.addFirst(shard(keys, buckets));
    }
    Optional<String> predicate =
        in.take("WHERE")
            ? Optional.of(text(in.untilWord(List.of("NOT VISIBLE"))))
            : Optional.empty();
    return new Ddl.IndexDef(name, unique, method, keys, storing, predicate);
  }

  /** The hidden column before the keys of a hash-sharded index (pkg/sql/create_index.go). */
  private static Index.Key shard(List<Index.Key> keys, int buckets) {
    var names = keys.stream().map(Index.Key::column).collect(Collectors.joining("_"));
    return new Index.Key("crdb_internal_" + names + "_shard_" + buckets, false, false);
  }

  static List<Index.Key> keys(Cursor in) {
    var inside = new Cursor(in.group());
    var keys = new ArrayList<Index.Key>();
    do {
      var key = inside.untilWord(List.of("ASC", "DESC", "NULLS"));
      boolean descending = !inside.take("ASC") && inside.take("DESC");
      if (inside.take("NULLS")) {
        inside.identifier();
      }
      boolean plain = key.size() == 1 && !Sql.name(key.getFirst()).isEmpty();
      keys.add(new Index.Key(plain ? Sql.name(key.getFirst()) : text(key), !plain, descending));
    } while (inside.take(','));
    inside.end();
    return keys;
  }

  /** The tokens with one space between words, without the parentheses around all of them. */
  static String text(List<Token> tokens) {
    return Sql.text(tokens).replaceAll("\\s+", " ");
  }

  /** A column, constraint or index inside CREATE TABLE. */
  static void element(
      Cursor in,
      List<Ddl.ColumnDef> columns,
      List<ConstraintDef> constraints,
      List<Ddl.IndexDef> indexes) {
    if (in.take("FAMILY")) {
      if (!in.see('(')) {
        in.identifier();
      }
      in.group();
      return;
    }
    boolean uniqueIndex = in.take("UNIQUE", "INDEX");
    if (uniqueIndex || in.take("INDEX") || in.take("INVERTED", "INDEX")) {
      Optional<String> name = in.see('(') ? Optional.empty() : Optional.of(in.identifier());
      indexes.add(index(in, name, uniqueIndex, Index.Method.PREFIX));
      return;
    }
    if (seesConstraint(in)) {
      constraints.add(constraint(in));
      return;
    }
    columns.add(column(in));
  }

  static boolean seesConstraint(Cursor in) {
    return in.see("CONSTRAINT")
        || in.see("CHECK")
        || in.see("UNIQUE")
        || in.see("PRIMARY", "KEY")
        || in.see("FOREIGN", "KEY");
  }

  static ConstraintDef constraint(Cursor in) {
    Optional<String> name = in.take("CONSTRAINT") ? Optional.of(in.identifier()) : Optional.empty();
    if (in.take("CHECK")) {
      return new ConstraintDef.Check(name, text(in.group()));
    }
    if (in.take("UNIQUE")) {
      return new ConstraintDef.Unique(name, index(in, name, true, Index.Method.PREFIX));
    }
    if (in.take("PRIMARY", "KEY")) {
      return new ConstraintDef.PrimaryKey(name, keys(in));
    }
    in.expect("FOREIGN", "KEY");
    return references(in, name, in.identifiers());
  }

  private static ConstraintDef references(Cursor in, Optional<String> name, List<String> columns) {
    in.expect("REFERENCES");
    var target = in.name();
    var text = new StringBuilder();
    text.append("FOREIGN KEY (").append(String.join(", ", columns)).append(") REFERENCES ");
    text.append(target.name());
    if (in.see('(')) {
      text.append("(").append(text(in.group())).append(")");
    }
    while (in.see("ON", "DELETE") || in.see("ON", "UPDATE") || in.see("MATCH")) {
      text.append(' ').append(in.identifier().toUpperCase(Locale.ROOT));
      while (!in.done() && !in.see(',') && !in.see("ON") && !in.see("NOT") && !in.see(')')) {
        text.append(' ').append(in.identifier().toUpperCase(Locale.ROOT));
      }
    }
    return new ConstraintDef.ForeignKey(name, columns, target, text.toString());
  }

  static Ddl.ColumnDef column(Cursor in) {
    var name = in.identifier();
    var type = type(in.untilWord(AFTER_TYPE));
    boolean notNull = false;
    Optional<String> defaultTo = Optional.empty();
    var constraints = new ArrayList<ConstraintDef>();
    while (!in.done() && !in.see(',')) {
      Optional<String> constraint =
          in.take("CONSTRAINT") ? Optional.of(in.identifier()) : Optional.empty();
      var key = List.of(new Index.Key(name, false, false));
      if (in.take("NOT", "NULL")) {
        notNull = true;
      } else if (in.take("DEFAULT")) {
        defaultTo = Optional.of(text(in.untilWord(AFTER_TYPE)));
      } else if (in.take("PRIMARY", "KEY")) {
        constraints.add(new ConstraintDef.PrimaryKey(constraint, key));
      } else if (in.take("UNIQUE")) {
        var index =
            new Ddl.IndexDef(
                constraint, true, Index.Method.PREFIX, key, List.of(), Optional.empty());
        constraints.add(new ConstraintDef.Unique(constraint, index));
      } else if (in.take("CHECK")) {
        constraints.add(new ConstraintDef.Check(constraint, text(in.group())));
      } else if (in.see("REFERENCES")) {
        constraints.add(references(in, constraint, List.of(name)));
      } else if (!in.take("NULL")) {
        throw SqlError.unknown("\"" + in.rest() + "\" of column " + name).thrown();
      }
    }
    return new Ddl.ColumnDef(
        new Column(name, type, notNull, defaultTo, false, Column.State.ADDING), constraints);
  }

  /** As CockroachDB spells a type. */
  static String type(List<Token> tokens) {
    if (tokens.isEmpty()) {
      throw new SqlError.Thrown("42601", "a column has no type");
    }
    var words =
        tokens.stream().map(Token::text).collect(Collectors.joining(" ")).toUpperCase(Locale.ROOT);
    return switch (words) {
      case "INT", "INTEGER", "BIGINT", "INT64", "SERIAL8", "SERIAL", "BIGSERIAL" -> "INT8";
      case "SMALLINT" -> "INT2";
      case "TEXT" -> "STRING";
      case "BOOLEAN" -> "BOOL";
      case "BYTEA", "BLOB" -> "BYTES";
      case "JSON" -> "JSONB";
      case "NUMERIC", "DEC" -> "DECIMAL";
      case "FLOAT", "DOUBLE PRECISION" -> "FLOAT8";
      case "REAL" -> "FLOAT4";
      case "TIMESTAMP WITH TIME ZONE" -> "TIMESTAMPTZ";
      case "TIMESTAMP WITHOUT TIME ZONE" -> "TIMESTAMP";
      default -> words.contains(".") || isUserType(tokens) ? Sql.text(tokens) : words;
    };
  }

  private static boolean isUserType(List<Token> tokens) {
    return tokens.size() == 1
        && !List.of(
                "INT8",
                "INT4",
                "INT2",
                "STRING",
                "BOOL",
                "BYTES",
                "JSONB",
                "DECIMAL",
                "FLOAT8",
                "FLOAT4",
                "TIMESTAMPTZ",
                "TIMESTAMP",
                "DATE",
                "TIME",
                "TIMETZ",
                "INTERVAL",
                "UUID",
                "INET",
                "VARCHAR",
                "CHAR",
                "BIT",
                "OID",
                "NAME",
                "VECTOR")
            .contains(tokens.getFirst().keyword());
  }

  /** One action of ALTER TABLE. */
  static Action action(Cursor in, Supplier<SqlError.Thrown> unknown) {
    if (in.take("ADD")) {
      if (in.take("CONSTRAINT", "IF", "NOT", "EXISTS")) {
        var name = in.identifier();
        return added(in, Optional.of(name), true);
      }
      if (seesConstraint(in)) {
        return added(in, Optional.empty(), false);
      }
      in.take("COLUMN");
      boolean ifNotExists = in.take("IF", "NOT", "EXISTS");
      return new Action.AddColumn(column(in), ifNotExists);
    }
    if (in.take("DROP", "CONSTRAINT")) {
      boolean ifExists = in.take("IF", "EXISTS");
      var name = in.identifier();
      in.take("CASCADE");
      return new Action.DropConstraint(name, ifExists);
    }
    if (in.take("DROP")) {
      in.take("COLUMN");
      boolean ifExists = in.take("IF", "EXISTS");
      var name = in.identifier();
      in.take("CASCADE");
      return new Action.DropColumn(name, ifExists);
    }
    if (in.take("VALIDATE", "CONSTRAINT")) {
      return new Action.Validate(in.identifier());
    }
    if (in.take("ALTER", "PRIMARY", "KEY", "USING", "COLUMNS")) {
      return new Action.AlterPrimaryKey(keys(in));
    }
    if (in.take("ALTER")) {
      in.take("COLUMN");
      return altered(in, in.identifier(), unknown);
    }
    if (in.take("RENAME", "TO")) {
      return new Action.RenameTo(in.identifier());
    }
    if (in.take("RENAME", "CONSTRAINT")) {
      var from = in.identifier();
      in.expect("TO");
      return new Action.RenameConstraint(from, in.identifier());
    }
    if (in.take("RENAME")) {
      in.take("COLUMN");
      var from = in.identifier();
      in.expect("TO");
      return new Action.RenameColumn(from, in.identifier());
    }
    if (in.take("SET", "SCHEMA")) {
      return new Action.SetSchema(in.identifier());
    }
    if (in.take("SET") || in.take("RESET")) {
      in.group();
      return new Action.Nothing();
    }
    if (in.take("OWNER", "TO")) {
      in.identifier();
      return new Action.Nothing();
    }
    throw unknown.get();
  }

  private static Action added(Cursor in, Optional<String> name, boolean ifNotExists) {
    var constraint = constraint(in);
    if (name.isPresent()) {
      constraint =
          switch (constraint) {
            case ConstraintDef.Check c -> new ConstraintDef.Check(name, c.expression());
            case ConstraintDef.ForeignKey c ->
                new ConstraintDef.ForeignKey(name, c.columns(), c.target(), c.text());
            case ConstraintDef.Unique c -> new ConstraintDef.Unique(name, c.index());
            case ConstraintDef.PrimaryKey c -> new ConstraintDef.PrimaryKey(name, c.keys());
          };
    }
    return new Action.AddConstraint(constraint, ifNotExists, in.take("NOT", "VALID"));
  }

  private static Action altered(Cursor in, String column, Supplier<SqlError.Thrown> unknown) {
    if (in.take("SET", "NOT", "NULL")) {
      return new Action.SetNotNull(column);
    }
    if (in.take("DROP", "NOT", "NULL")) {
      return new Action.DropNotNull(column);
    }
    if (in.take("SET", "DEFAULT")) {
      return new Action.SetDefault(column, Optional.of(text(in.until(','))));
    }
    if (in.take("DROP", "DEFAULT")) {
      return new Action.SetDefault(column, Optional.empty());
    }
    if (in.take("SET", "DATA", "TYPE") || in.take("TYPE")) {
      var type = type(in.untilWord(List.of("USING", "COLLATE")));
      if (in.take("USING")) {
        in.until(',');
      }
      return new Action.SetType(column, type);
    }
    throw unknown.get();
  }
}
