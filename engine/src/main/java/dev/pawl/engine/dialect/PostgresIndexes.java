package dev.pawl.engine.dialect;

import dev.pawl.engine.change.CreateIndex;
import dev.pawl.engine.change.DropIndex;
import dev.pawl.engine.fault.FailurePoint;
import dev.pawl.engine.sql.QualifiedName;
import dev.pawl.engine.verify.Observation;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** How PostgreSQL shows, compares and mends indexes. */
final class PostgresIndexes {
  private static final QualifiedName PROBE = QualifiedName.of("pg_temp", "pawl_probe_index");

  private final PostgresReindex reindex = new PostgresReindex();

  /** What is there under an index's name. */
  private record Found(long oid, String kind, long table, boolean valid, String definition) {}

  Observation created(Connection connection, CreateIndex change) throws SQLException {
    var table = relation(connection, change.table());
    if (table.isEmpty()) {
      return new Observation.Absent();
    }
    if (change.name().isEmpty()) {
      return new Observation.Unobservable();
    }
    var found = find(connection, table.get(), change.name().get());
    if (found.isEmpty()) {
      var builder = builder(connection, table.get());
      return builder.isPresent()
          ? PostgresTables.building(connection, builder.get(), "works on " + change.table())
          : new Observation.Absent();
    }
    var index = found.get();
    if (!index.kind().equals("i") && !index.kind().equals("I")) {
      return new Observation.Different(
          change.name().get() + " is not an index but another relation");
    }
    if (index.table() != table.get()) {
      return new Observation.Different(
          "index " + change.name().get() + " is on another table: " + index.definition());
    }
    if (!index.valid()) {
      var builder = builder(connection, table.get());
      if (builder.isPresent()) {
        return PostgresTables.building(
            connection, builder.get(), "builds an index on " + change.table());
      }
      // Read again: its builder may have ended well between the two looks.
      var again = find(connection, table.get(), change.name().get());
      if (again.isEmpty() || again.get().valid()) {
        return again.isEmpty()
            ? new Observation.Absent()
            : compared(connection, change, again.get());
      }
      if (again.get().kind().equals("I")) {
        return ofPartitions(connection, change, again.get());
      }
      return new Observation.Invalid(
          "index "
              + change.name().get()
              + " on "
              + change.table()
              + " is INVALID and nobody is building it");
    }
    return compared(connection, change, index);
  }

  private Observation compared(Connection connection, CreateIndex change, Found index)
      throws SQLException {
    return Probe.compare(
        "index " + change.name().orElseThrow() + " on " + change.table(),
        index.definition(),
        definition(connection, index.oid()),
        () -> wanted(connection, change));
  }

  /** ON ONLY, it is INVALID until each partition has its own, which later migrations attach. */
  private Observation ofPartitions(Connection connection, CreateIndex change, Found index)
      throws SQLException {
    if (change.only()) {
      return compared(connection, change, index);
    }
    var without =
        Query.first(
                connection,
                """
                SELECT string_agg(p.inhrelid::regclass::text, ', ' ORDER BY p.inhrelid)
                  FROM pg_catalog.pg_inherits p
                 WHERE p.inhparent = ?::oid AND NOT EXISTS (
                   SELECT FROM pg_catalog.pg_inherits x
                     JOIN pg_catalog.pg_index i ON i.indexrelid = x.inhrelid
                    WHERE x.inhparent = ?::oid AND i.indrelid = p.inhrelid AND i.indisvalid)
                """,
                index.table(),
                index.oid())
            .map(List::getFirst);
    return new Observation.Different(
        "index "
            + change.name().orElseThrow()
            + " on "
            + change.table()
            + " is there, but not in every partition (ON ONLY was said); without a valid one: "
            + without.orElse("none"));
  }

  /** Which indexes the names mean now: after they are gone, the names may mean others. */
  String meant(Connection connection, DropIndex change) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            SELECT coalesce(string_agg(i.indexrelid::text, ' ' ORDER BY i.indexrelid), '')
              FROM pg_catalog.pg_index i
             WHERE i.indexrelid IN (SELECT pg_catalog.to_regclass(n)
                                      FROM pg_catalog.unnest(?::text[]) n)
            """)) {
      var names = change.indexes().stream().map(QualifiedName::quoted).toArray();
      statement.setArray(1, connection.createArrayOf("text", names));
      try (var rows = statement.executeQuery()) {
        rows.next();
        return rows.getString(1);
      }
    }
  }

  /**
   * @param before what {@link #meant} said when the statement was sent
   */
  Observation dropped(Connection connection, DropIndex change, Optional<String> before)
      throws SQLException {
    var meant = before.isPresent() ? before.get() : meant(connection, change);
    if (meant.isEmpty()) {
      return elsewhere(connection, change)
          .<Observation>map(Observation.Different::new)
          .orElseGet(Observation.Valid::new);
    }
    try (var statement =
        connection.prepareStatement(
            """
            SELECT i.indrelid::bigint FROM pg_catalog.pg_index i
             WHERE i.indexrelid = ANY (pg_catalog.string_to_array(?, ' ')::oid[])
             ORDER BY i.indexrelid LIMIT 1
            """)) {
      statement.setString(1, meant);
      try (var rows = statement.executeQuery()) {
        if (!rows.next()) {
          return new Observation.Valid();
        }
        var builder = builder(connection, rows.getLong(1));
        return builder.isPresent()
            ? PostgresTables.building(
                connection, builder.get(), "works on the table that is to lose an index")
            : new Observation.Absent();
      }
    }
  }

  /** Where an index is that a name without a schema does not find, and the author says is there. */
  private static Optional<String> elsewhere(Connection connection, DropIndex change)
      throws SQLException {
    for (var index : change.indexes()) {
      if (change.ifExists() || index.schema().isPresent()) {
        continue;
      }
      var schema =
          Query.first(
              connection,
              """
              SELECT n.nspname FROM pg_catalog.pg_index i
                JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
                JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
               WHERE c.relname = ?::text::name AND n.nspname !~ '^pg_' ORDER BY 1
              """,
              index.name());
      if (schema.isPresent()) {
        return Optional.of(
            "index "
                + index
                + " is not found, but there is one in schema "
                + schema.get().getFirst()
                + ", which is not in the search path: name the schema, or say IF EXISTS");
      }
    }
    return Optional.empty();
  }

  /**
   * Mends an INVALID index without a builder: rebuilt in place where its definition is the
   * author's, dropped otherwise, so that it is applied again.
   */
  String repair(Connection connection, CreateIndex change) throws SQLException {
    var table = relation(connection, change.table());
    if (table.isEmpty()) {
      return "nothing was there to repair";
    }
    reindex.dropLeftovers(connection, List.of(table.get()));
    var found = find(connection, table.get(), change.name().orElseThrow());
    if (found.isEmpty() || found.get().valid()) {
      return "nothing was there to repair";
    }
    var name = qualified(connection, found.get().oid()).orElseThrow();
    boolean same =
        definition(connection, found.get().oid()).otherThan(wanted(connection, change)).isEmpty();
    PostgresTables.mustBeFree(connection, table.get());
    try (var _ = FailurePoint.REPAIR_SENT.atAnswer()) {
      execute(
          connection,
          (same ? "REINDEX INDEX CONCURRENTLY " : "DROP INDEX CONCURRENTLY ") + name.quoted());
    }
    return same
        ? "rebuilt the INVALID index " + name
        : "dropped the INVALID index " + name + ", whose definition was another";
  }

  /**
   * A failed unique build leaves an index that still rejects the application's rows, and so does a
   * failed rebuild of one: away with them.
   */
  void dropInvalid(Connection connection, CreateIndex change) throws SQLException {
    var table = relation(connection, change.table());
    if (table.isEmpty() || change.name().isEmpty()) {
      return;
    }
    var found = find(connection, table.get(), change.name().get());
    if (found.isPresent()
        && !found.get().valid()
        && found.get().kind().equals("i")
        && found.get().table() == table.get()
        && builder(connection, table.get()).isEmpty()) {
      reindex.dropLeftovers(connection, List.of(table.get()));
      execute(
          connection,
          "DROP INDEX CONCURRENTLY "
              + qualified(connection, found.get().oid()).orElseThrow().quoted());
    }
  }

  static Optional<Integer> builder(Connection connection, long table) throws SQLException {
    return PostgresTables.builder(connection, List.of(table));
  }

  static Optional<Long> relation(Connection connection, QualifiedName name) throws SQLException {
    return Query.first(connection, "SELECT pg_catalog.to_regclass(?)::oid::bigint", name.quoted())
        .map(List::getFirst)
        .map(Long::valueOf);
  }

  private Optional<Found> find(Connection connection, long table, String name) throws SQLException {
    var row =
        Query.first(
            connection,
            """
            SELECT c.oid::bigint, c.relkind::text, coalesce(i.indrelid::bigint, 0),
                   coalesce(i.indisvalid AND i.indisready AND i.indislive, false),
                   pg_catalog.pg_get_indexdef(c.oid)
              FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
             WHERE c.relname = ?::text::name AND c.relnamespace =
                   (SELECT t.relnamespace FROM pg_catalog.pg_class t WHERE t.oid = ?::oid)
            """,
            name,
            table);
    return row.map(
        r ->
            new Found(
                Long.parseLong(r.get(0)),
                r.get(1),
                Long.parseLong(r.get(2)),
                r.get(3).equals("t"),
                String.valueOf(r.get(4))));
  }

  static Optional<QualifiedName> qualified(Connection connection, long oid) throws SQLException {
    return Query.first(
            connection,
            """
            SELECT n.nspname, c.relname FROM pg_catalog.pg_class c
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = ?::oid
            """,
            oid)
        .map(row -> QualifiedName.of(row.get(0), row.get(1)));
  }

  /** What an index is made of; its name, its table and where it is stored are no part of it. */
  static Definition definition(Connection connection, long index) throws SQLException {
    return Definition.read(
            connection,
            """
            SELECT am.amname AS "method",
                   CASE WHEN i.indisunique THEN 'unique' ELSE 'not unique' END AS "uniqueness",
                   (SELECT string_agg(pg_catalog.pg_get_indexdef(i.indexrelid, k, false)
                             || CASE WHEN i.indcollation[k - 1] NOT IN (0, 100)
                                  THEN ' COLLATE ' || i.indcollation[k - 1]::regcollation
                                  ELSE '' END
                             || CASE i.indoption[k - 1] & 3 WHEN 1 THEN ' DESC NULLS LAST'
                                  WHEN 2 THEN ' NULLS FIRST' WHEN 3 THEN ' DESC' ELSE '' END,
                             ', ' ORDER BY k)
                      FROM pg_catalog.generate_series(1, i.indnkeyatts) k) AS "keys",
                   -- those of one family and type are one class by several names
                   (SELECT string_agg(quote_ident(n.nspname) || '.' || quote_ident(f.opfname)
                             || ' for ' || o.opcintype::regtype, ', ' ORDER BY k)
                      FROM pg_catalog.generate_series(1, i.indnkeyatts) k
                      JOIN pg_catalog.pg_opclass o ON o.oid = i.indclass[k - 1]
                      JOIN pg_catalog.pg_opfamily f ON f.oid = o.opcfamily
                      JOIN pg_catalog.pg_namespace n ON n.oid = f.opfnamespace)
                     AS "operator classes",
                   (SELECT string_agg(a.attnum || ': ' || a.attoptions::text, ', '
                             ORDER BY a.attnum)
                      FROM pg_catalog.pg_attribute a
                     WHERE a.attrelid = i.indexrelid AND a.attoptions IS NOT NULL)
                     AS "options of operator classes",
                   (SELECT string_agg(pg_catalog.pg_get_indexdef(i.indexrelid, k, false),
                             ', ' ORDER BY k)
                      FROM pg_catalog.generate_series(i.indnkeyatts + 1, i.indnatts) k)
                     AS "stored columns",
                   pg_catalog.pg_get_expr(i.indpred, i.indrelid) AS "predicate",
                   (SELECT string_agg(o, ', ' ORDER BY o) FROM unnest(c.reloptions) o)
                     AS "storage parameters",
                   CASE pg_catalog.to_jsonb(i) ->> 'indnullsnotdistinct' WHEN 'true'
                     THEN 'not distinct' END AS "NULLs",
                   CASE WHEN NOT i.indimmediate THEN 'deferrable' END AS "checked",
                   CASE WHEN i.indisexclusion THEN 'by its operators' END AS "excludes"
              FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
              JOIN pg_catalog.pg_am am ON am.oid = c.relam WHERE i.indexrelid = ?::oid
            """,
            index)
        .orElseThrow(() -> new SQLException("an index was dropped meanwhile", "40001"));
  }

  /**
   * What the author's index is made of, built on an empty copy of the table: equal meaning in other
   * words is equal.
   */
  private static Definition wanted(Connection connection, CreateIndex change) throws SQLException {
    return Probe.ask(
        connection,
        () -> definition(connection, relation(connection, PROBE).orElseThrow()),
        Probe.copy(change.table(), ""),
        "CREATE "
            + (change.unique() ? "UNIQUE " : "")
            + "INDEX "
            + QualifiedName.quote(PROBE.name())
            + " ON "
            + Probe.copied(change.table()).quoted()
            + " "
            + change.body());
  }

  static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(Probe.single(sql));
    }
  }
}
