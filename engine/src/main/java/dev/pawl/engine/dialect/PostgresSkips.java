package dev.pawl.engine.dialect;

import dev.pawl.engine.change.CreateObject;
import dev.pawl.engine.change.CreateTable;
import dev.pawl.engine.change.Reader;
import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.Literal;
import dev.pawl.engine.sql.QualifiedName;
import dev.pawl.engine.sql.Splitter;
import dev.pawl.engine.verify.Observation;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Compares what an IF NOT EXISTS has just passed over with what it would have made. Later, other
 * migrations may have changed the one, and the tables that the other was made from.
 */
final class PostgresSkips {
  private static final String ACCESS_METHOD = "access method";
  private static final String TABLESPACE = "tablespace";
  private static final QualifiedName PARENT = QualifiedName.of("pg_temp", "pawl_probe_parent");

  private final PostgresCatalog catalog;

  PostgresSkips(PostgresCatalog catalog) {
    this.catalog = catalog;
  }

  /**
   * Columns that the statement lists are looked for one by one; where they come from elsewhere they
   * are those of a temporary table made so. The rest is compared in either case.
   */
  Observation table(Connection connection, CreateTable change) throws SQLException {
    boolean whole = change.body().isPresent();
    var observed =
        whole
            ? catalog.table(connection, change.table())
            : catalog.tableCreated(connection, change);
    if (!(observed instanceof Observation.Valid)) {
      return observed;
    }
    var there = definition(connection, change.table(), whole);
    var partitionKey =
        change.partitionOf().isPresent()
            ? partitionKey(connection, change.partitionOf().get())
            : "";
    return Probe.compare(
        "table " + change.table(),
        columns(connection, change.table()),
        there,
        () -> asked(connection, change, whole, partitionKey));
  }

  /** Of how it is stored, only what is written. */
  private static Definition asked(
      Connection connection, CreateTable change, boolean whole, String partitionKey)
      throws SQLException {
    var asked =
        Probe.ask(
                connection,
                () -> definition(connection, Probe.copied(change.table()), whole),
                statements(change, partitionKey))
            .and(new Definition(Map.of("persistence", change.unlogged() ? "unlogged" : "logged")));
    if (!says(change, "USING")) {
      asked = asked.without(ACCESS_METHOD);
    }
    return says(change, "TABLESPACE") ? asked : asked.without(TABLESPACE);
  }

  /** Whether a word stands beside the columns, and before a query. */
  private static boolean says(CreateTable change, String keyword) {
    var text = change.options().or(change::body).orElse("");
    for (var statement : Splitter.split(text, DatabaseKind.POSTGRESQL)) {
      var reader = new Reader(statement, DatabaseKind.POSTGRESQL);
      try {
        while (!reader.done() && !reader.at("AS")) {
          if (reader.at(keyword)) {
            return true;
          }
          reader.skipItem();
        }
      } catch (Reader.Unexpected e) {
        return true;
      }
    }
    return false;
  }

  /** A temporary table refers to no lasting one and is no partition of one. */
  private static String[] statements(CreateTable change, String partitionKey) {
    var create = "CREATE TEMP TABLE " + QualifiedName.quote(change.table().name()) + " ";
    var options = change.options().orElse("");
    if (change.asSelect()) {
      return new String[] {create + change.body().orElse("") + " WITH NO DATA"};
    }
    if (change.partitionOf().isPresent()) {
      return new String[] {
        "CREATE TEMP TABLE "
            + QualifiedName.quote(PARENT.name())
            + " (LIKE "
            + change.partitionOf().get().quoted()
            + ") PARTITION BY "
            + partitionKey,
        create + "PARTITION OF " + PARENT.quoted() + " " + options
      };
    }
    var columns = change.body().orElse("(LIKE " + change.table().quoted() + ")");
    return new String[] {create + columns + " " + options};
  }

  Observation object(Connection connection, CreateObject change) throws SQLException {
    if (change.kind().equals("EXTENSION")) {
      return extension(connection, change);
    }
    var observed = catalog.objectCreated(connection, change);
    if (!(observed instanceof Observation.Valid)) {
      return observed;
    }
    return switch (change.kind()) {
      case "SCHEMA" -> schema(connection, change);
      case "SEQUENCE" -> PostgresSequence.compared(connection, change);
      default -> new Observation.Unobservable();
    };
  }

  /** Its being there is all that is asked, but for an owner that is written. */
  private static Observation schema(Connection connection, CreateObject change)
      throws SQLException {
    var reader = reader(change);
    if (reader.isEmpty()) {
      return new Observation.Valid();
    }
    String owner;
    try {
      reader.get().expect("AUTHORIZATION");
      owner =
          switch (reader.get().keyword()) {
            case "CURRENT_ROLE", "CURRENT_USER", "SESSION_USER" -> reader.get().keyword();
            default -> Literal.text(reader.get().identifier());
          };
    } catch (Reader.Unexpected e) {
      return new Observation.Unobservable();
    }
    var asked = Query.first(connection, "SELECT " + owner).orElseThrow().getFirst();
    return isAnother(
        "schema " + change.name(),
        Definition.read(
                connection,
                """
                SELECT pg_catalog.pg_get_userbyid(nspowner) AS "owner"
                  FROM pg_catalog.pg_namespace WHERE oid = pg_catalog.to_regnamespace(?)
                """,
                change.name().quoted())
            .orElseThrow(() -> new SQLException("a schema was dropped meanwhile", "40001")),
        new Definition(Map.of("owner", asked)));
  }

  private static Optional<Reader> reader(CreateObject change) {
    return change
        .options()
        .flatMap(text -> Splitter.split(text, DatabaseKind.POSTGRESQL).stream().findFirst())
        .map(statement -> new Reader(statement, DatabaseKind.POSTGRESQL));
  }

  private static Observation isAnother(String what, Definition there, Definition asked) {
    return there
        .otherThan(asked)
        .<Observation>map(
            how -> new Observation.Different(what + " is there. It is another: " + how))
        .orElseGet(Observation.Valid::new);
  }

  /** Its being there is all that is asked, but for a schema or a version that is written. */
  private static Observation extension(Connection connection, CreateObject change)
      throws SQLException {
    var there =
        Definition.read(
            connection,
            """
            SELECT n.nspname AS "schema", e.extversion AS "version"
              FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
             WHERE e.extname = ?::text::name
            """,
            change.name().name());
    if (there.isEmpty()) {
      return new Observation.Absent();
    }
    var asked = new LinkedHashMap<String, String>();
    var reader = reader(change);
    try {
      while (reader.isPresent() && !reader.get().done()) {
        if (reader.get().accept("SCHEMA")) {
          asked.put("schema", reader.get().identifier());
        } else if (reader.get().accept("VERSION")) {
          asked.put(
              "version",
              reader.get().atIdentifier() ? reader.get().identifier() : reader.get().string());
        } else if (!reader.get().accept("WITH") && !reader.get().accept("CASCADE")) {
          return new Observation.Unobservable();
        }
      }
    } catch (Reader.Unexpected e) {
      return new Observation.Unobservable();
    }
    return isAnother("extension " + change.name(), there.get(), new Definition(asked));
  }

  private static String partitionKey(Connection connection, QualifiedName table)
      throws SQLException {
    return Query.first(
            connection,
            "SELECT pg_catalog.pg_get_partkeydef(pg_catalog.to_regclass(?))",
            table.quoted())
        .orElseThrow()
        .getFirst();
  }

  /** Its storage parameters; those of its TOAST table begin so. */
  private static Map<String, String> options(Connection connection, QualifiedName table)
      throws SQLException {
    var options = new LinkedHashMap<String, String>();
    for (var option :
        Query.rows(
            connection,
            """
            SELECT o.prefix || x.option_name, x.option_value
              FROM pg_catalog.pg_class c
              LEFT JOIN pg_catalog.pg_class t ON t.oid = c.reltoastrelid
              CROSS JOIN LATERAL (VALUES ('', c.reloptions), ('toast.', t.reloptions))
                AS o (prefix, all_options)
              CROSS JOIN LATERAL pg_catalog.pg_options_to_table(o.all_options) x
             WHERE c.oid = pg_catalog.to_regclass(?)
            """,
            table.quoted())) {
      options.put(option.getFirst(), option.getLast());
    }
    return options;
  }

  private static String columns(Connection connection, QualifiedName table) throws SQLException {
    return Query.first(
            connection,
            """
            SELECT '(' || coalesce(string_agg(
                     quote_ident(attname) || ' ' || pg_catalog.format_type(atttypid, atttypmod),
                     ', ' ORDER BY attnum), '') || ')'
              FROM pg_catalog.pg_attribute
             WHERE attrelid = pg_catalog.to_regclass(?) AND attnum > 0 AND NOT attisdropped
            """,
            table.quoted())
        .orElseThrow()
        .getFirst();
  }

  /**
   * What there is of a table beside its columns, and them too.
   *
   * @param whole with its columns, constraints and indexes
   */
  private static Definition definition(Connection connection, QualifiedName table, boolean whole)
      throws SQLException {
    var itself =
        Definition.read(
                connection,
                """
                SELECT CASE c.relkind WHEN 'f' THEN 'foreign table' ELSE 'table' END AS "kind",
                       CASE c.relpersistence WHEN 'u' THEN 'unlogged' WHEN 'p' THEN 'logged'
                         ELSE 'temporary' END AS "persistence",
                       CASE c.relkind WHEN 'p' THEN pg_catalog.pg_get_partkeydef(c.oid)
                         END AS "partition key",
                       pg_catalog.pg_get_expr(c.relpartbound, c.oid) AS "bounds",
                       (SELECT string_agg(format('%I.%I', n.nspname, p.relname), ', '
                                          ORDER BY h.inhseqno)
                          FROM pg_catalog.pg_inherits h
                          JOIN pg_catalog.pg_class p ON p.oid = h.inhparent
                          JOIN pg_catalog.pg_namespace n ON n.oid = p.relnamespace
                         WHERE h.inhrelid = c.oid AND NOT c.relispartition) AS "parents",
                       CASE WHEN c.reloftype <> 0
                            THEN pg_catalog.format_type(c.reloftype, NULL) END AS "type",
                       (SELECT amname FROM pg_catalog.pg_am WHERE oid = c.relam) AS "access method",
                       (SELECT s.spcname FROM pg_catalog.pg_tablespace s
                          JOIN pg_catalog.pg_database d
                            ON d.datname = pg_catalog.current_database()
                           AND s.oid = coalesce(nullif(c.reltablespace, 0), d.dattablespace))
                         AS "tablespace"
                  FROM pg_catalog.pg_class c WHERE c.oid = pg_catalog.to_regclass(?)
                """,
                table.quoted())
            .orElseThrow(() -> new SQLException("a table was dropped meanwhile", "40001"))
            .and(new Definition(options(connection, table)));
    if (!whole) {
      return itself;
    }
    var parts = new LinkedHashMap<String, String>();
    for (var column :
        Query.rows(
            connection,
            """
            SELECT attname FROM pg_catalog.pg_attribute
             WHERE attrelid = pg_catalog.to_regclass(?) AND attnum > 0 AND NOT attisdropped
             ORDER BY attnum
            """,
            table.quoted())) {
      var name = column.getFirst();
      PostgresColumns.find(connection, table, name)
          .ifPresent(d -> d.parts().forEach((k, v) -> parts.put("column " + name + ", " + k, v)));
    }
    for (var part :
        Query.rows(
            connection,
            """
            SELECT 'constraint ' || pg_catalog.pg_get_constraintdef(oid)
              FROM pg_catalog.pg_constraint
             WHERE conrelid = pg_catalog.to_regclass(?) AND contype IN ('c', 'p', 'u', 'x')
            UNION
            SELECT CASE WHEN i.indisunique THEN 'unique ' ELSE '' END || 'index'
                   || substring(pg_catalog.pg_get_indexdef(i.indexrelid) FROM ' USING .*')
              FROM pg_catalog.pg_index i
             WHERE i.indrelid = pg_catalog.to_regclass(?)
               AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k
                                WHERE k.conindid = i.indexrelid AND k.conrelid = i.indrelid)
             ORDER BY 1
            """,
            table.quoted(),
            table.quoted())) {
      parts.put(part.getFirst(), "one");
    }
    return itself.and(new Definition(parts));
  }
}
