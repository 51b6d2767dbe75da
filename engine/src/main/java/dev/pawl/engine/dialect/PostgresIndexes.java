package dev.pawl.engine.dialect;

import dev.pawl.engine.change.CreateIndex;
import dev.pawl.engine.change.DropIndex;
import dev.pawl.engine.change.Reindex;
import dev.pawl.engine.sql.QualifiedName;
import dev.pawl.engine.verify.Observation;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** How PostgreSQL shows, compares and mends indexes. */
final class PostgresIndexes {
  private static final String FINGERPRINT =
      """
      am.amname, i.indisunique, i.indnkeyatts, i.indclass::text, i.indoption::text,
      i.indcollation::text,
      (SELECT string_agg(pg_catalog.pg_get_indexdef(i.indexrelid, k, false), E'\\x1f' ORDER BY k)
         FROM pg_catalog.generate_series(1, i.indnatts) k),
      (SELECT string_agg(coalesce(a.attoptions::text, ''), E'\\x1f' ORDER BY a.attnum)
         FROM pg_catalog.pg_attribute a WHERE a.attrelid = i.indexrelid),
      pg_catalog.pg_get_expr(i.indpred, i.indrelid), c.reloptions::text,
      pg_catalog.to_jsonb(i) ->> 'indnullsnotdistinct'
      """;

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
          ? building(connection, builder.get(), "works on " + change.table())
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
        return building(connection, builder.get(), "builds an index on " + change.table());
      }
      // Read again: its builder may have ended well between the two looks.
      var again = find(connection, table.get(), change.name().get());
      if (again.isEmpty() || again.get().valid()) {
        return again.isEmpty()
            ? new Observation.Absent()
            : compared(connection, change, again.get());
      }
      if (again.get().kind().equals("I")) {
        // Of a partitioned table, ON ONLY: INVALID until each partition has its own.
        return compared(connection, change, again.get());
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
    var there = fingerprint(connection, index.oid());
    var wanted = wanted(connection, change);
    return there.equals(wanted)
        ? new Observation.Valid()
        : new Observation.Different(
            "index "
                + change.name().orElseThrow()
                + " is there, defined as: "
                + index.definition());
  }

  Observation dropped(Connection connection, DropIndex change) throws SQLException {
    for (var name : change.indexes()) {
      try (var statement =
          connection.prepareStatement(
              """
              SELECT i.indrelid FROM pg_catalog.pg_index i
               WHERE i.indexrelid = pg_catalog.to_regclass(?)
              """)) {
        statement.setString(1, name.quoted());
        try (var rows = statement.executeQuery()) {
          if (!rows.next()) {
            continue;
          }
          var builder = builder(connection, rows.getLong(1));
          return builder.isPresent()
              ? building(connection, builder.get(), "works on the table of " + name)
              : new Observation.Absent();
        }
      }
    }
    return new Observation.Valid();
  }

  /**
   * The files of what is rebuilt: only their change shows that it was. Of a table, what REINDEX
   * CONCURRENTLY passes over (INVALID, exclusion constraints) does not count.
   */
  String files(Connection connection, Reindex change) throws SQLException {
    if (change.kind() != Reindex.Kind.INDEX && change.kind() != Reindex.Kind.TABLE) {
      return "";
    }
    try (var statement =
        connection.prepareStatement(
            PostgresTables.TREE
                + """
                SELECT string_agg(c.oid || ':' || c.relfilenode, ' ' ORDER BY c.oid)
                  FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
                 WHERE c.relkind = 'i' AND (i.indexrelid IN (SELECT oid FROM tree)
                    OR i.indrelid IN (SELECT oid FROM tree)
                       AND i.indisvalid AND NOT i.indisexclusion)
                """)) {
      statement.setString(1, change.target().orElseThrow().quoted());
      try (var rows = statement.executeQuery()) {
        rows.next();
        return rows.getString(1) == null ? "" : rows.getString(1);
      }
    }
  }

  Observation reindexed(Connection connection, Reindex change, Optional<String> before)
      throws SQLException {
    if (before.isEmpty()) {
      return new Observation.Absent();
    }
    if (before.get().isEmpty()) {
      return new Observation.Unobservable(); // no file whose change would show
    }
    var tables = PostgresTables.of(connection, change.target().orElseThrow());
    if (tables.isEmpty()) {
      return new Observation.Absent();
    }
    var builder = PostgresTables.builder(connection, tables);
    if (builder.isPresent()) {
      return building(connection, builder.get(), "rebuilds " + change.target().get());
    }
    if (!leftovers(connection, tables).isEmpty()) {
      return new Observation.Invalid(
          "an interrupted REINDEX left an index behind on the table of " + change.target().get());
    }
    var then = List.of(before.get().split(" "));
    for (var file : files(connection, change).split(" ")) {
      if (then.contains(file)) {
        return new Observation.Absent();
      }
    }
    return new Observation.Valid();
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
    dropLeftovers(connection, List.of(table.get()));
    var found = find(connection, table.get(), change.name().orElseThrow());
    if (found.isEmpty() || found.get().valid()) {
      return "nothing was there to repair";
    }
    var name = qualified(connection, found.get().oid()).orElseThrow();
    boolean same = fingerprint(connection, found.get().oid()).equals(wanted(connection, change));
    execute(
        connection,
        (same ? "REINDEX INDEX CONCURRENTLY " : "DROP INDEX CONCURRENTLY ") + name.quoted());
    return same
        ? "rebuilt the INVALID index " + name
        : "dropped the INVALID index " + name + ", whose definition was another";
  }

  /**
   * A failed unique build leaves an index that still rejects the application's rows: away with it.
   */
  void dropInvalid(Connection connection, CreateIndex change) throws SQLException {
    var table = relation(connection, change.table());
    if (table.isEmpty() || change.name().isEmpty()) {
      return;
    }
    var found = find(connection, table.get(), change.name().get());
    if (found.isPresent()
        && !found.get().valid()
        && found.get().table() == table.get()
        && builder(connection, table.get()).isEmpty()) {
      execute(
          connection,
          "DROP INDEX CONCURRENTLY "
              + qualified(connection, found.get().oid()).orElseThrow().quoted());
    }
  }

  String dropLeftovers(Connection connection, Reindex change) throws SQLException {
    return dropLeftovers(connection, PostgresTables.of(connection, change.target().orElseThrow()));
  }

  private String dropLeftovers(Connection connection, List<Long> tables) throws SQLException {
    var names = leftovers(connection, tables);
    for (var name : names) {
      execute(connection, "DROP INDEX CONCURRENTLY IF EXISTS " + name.quoted());
    }
    return names.isEmpty()
        ? "no leftover of an interrupted REINDEX was there"
        : "dropped what an interrupted REINDEX left behind: " + names;
  }

  /** Copies that REINDEX CONCURRENTLY left: always INVALID; a valid one is somebody's own. */
  private List<QualifiedName> leftovers(Connection connection, List<Long> tables)
      throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            SELECT n.nspname, c.relname
              FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE i.indrelid = ANY (?::oid[]) AND NOT i.indisvalid
               AND c.relname ~ '_cc(new|old)[0-9]*$'
               AND EXISTS (SELECT FROM pg_catalog.pg_index o
                             JOIN pg_catalog.pg_class oc ON oc.oid = o.indexrelid
                            WHERE o.indrelid = i.indrelid
                              AND oc.relname = regexp_replace(c.relname, '_cc(new|old)[0-9]*$', ''))
            """)) {
      statement.setString(1, PostgresTables.array(tables));
      try (var rows = statement.executeQuery()) {
        var names = new ArrayList<QualifiedName>();
        while (rows.next()) {
          names.add(QualifiedName.of(rows.getString(1), rows.getString(2)));
        }
        return names;
      }
    }
  }

  static Optional<Integer> builder(Connection connection, long table) throws SQLException {
    return PostgresTables.builder(connection, List.of(table));
  }

  private Observation building(Connection connection, int backend, String what)
      throws SQLException {
    var progress = new PostgresDialect().progress(connection, backend);
    var detail = "backend " + backend + " " + what;
    return new Observation.Building(
        progress.map(Observation.Building::percent).orElse(OptionalInt.empty()),
        Optional.of(Integer.toString(backend)),
        progress.map(p -> detail + ": " + p.detail()).orElse(detail));
  }

  static Optional<Long> relation(Connection connection, QualifiedName name) throws SQLException {
    try (var statement =
        connection.prepareStatement("SELECT pg_catalog.to_regclass(?)::oid::bigint")) {
      statement.setString(1, name.quoted());
      try (var rows = statement.executeQuery()) {
        rows.next();
        long oid = rows.getLong(1);
        return rows.wasNull() ? Optional.empty() : Optional.of(oid);
      }
    }
  }

  private Optional<Found> find(Connection connection, long table, String name) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            SELECT c.oid::bigint, c.relkind::text, coalesce(i.indrelid::bigint, 0),
                   coalesce(i.indisvalid AND i.indisready AND i.indislive, false),
                   pg_catalog.pg_get_indexdef(c.oid)
              FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
             WHERE c.relname = ?::text::name AND c.relnamespace =
                   (SELECT t.relnamespace FROM pg_catalog.pg_class t WHERE t.oid = ?::oid)
            """)) {
      statement.setString(1, name);
      statement.setLong(2, table);
      try (var rows = statement.executeQuery()) {
        return rows.next()
            ? Optional.of(
                new Found(
                    rows.getLong(1),
                    rows.getString(2),
                    rows.getLong(3),
                    rows.getBoolean(4),
                    String.valueOf(rows.getString(5))))
            : Optional.empty();
      }
    }
  }

  static Optional<QualifiedName> qualified(Connection connection, long oid) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            SELECT n.nspname, c.relname FROM pg_catalog.pg_class c
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = ?::oid
            """)) {
      statement.setLong(1, oid);
      try (var rows = statement.executeQuery()) {
        return rows.next()
            ? Optional.of(QualifiedName.of(rows.getString(1), rows.getString(2)))
            : Optional.empty();
      }
    }
  }

  private List<String> fingerprint(Connection connection, long index) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            "SELECT "
                + FINGERPRINT
                + """
                  FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
                  JOIN pg_catalog.pg_am am ON am.oid = c.relam WHERE i.indexrelid = ?::oid
                """)) {
      statement.setLong(1, index);
      try (var rows = statement.executeQuery()) {
        if (!rows.next()) {
          return List.of();
        }
        return row(rows);
      }
    }
  }

  private static List<String> row(ResultSet rows) throws SQLException {
    var values = new ArrayList<String>();
    for (int k = 1; k <= rows.getMetaData().getColumnCount(); k++) {
      values.add(String.valueOf(rows.getString(k)));
    }
    return values;
  }

  /**
   * The fingerprint of the author's index, built on an empty copy of the table: equal meaning in
   * other words is equal. The copy has the table's name, which may stand before a column. Takes
   * AccessShareLock on the table only.
   */
  private List<String> wanted(Connection connection, CreateIndex change) throws SQLException {
    var copy = QualifiedName.of("pg_temp", change.table().name());
    return Probe.ask(
        connection,
        () -> {
          var index = relation(connection, QualifiedName.of("pg_temp", "pawl_probe_index"));
          return fingerprint(connection, index.orElseThrow());
        },
        "CREATE TEMP TABLE "
            + QualifiedName.of(change.table().name()).quoted()
            + " (LIKE "
            + change.table().quoted()
            + ") ON COMMIT DROP",
        "CREATE "
            + (change.unique() ? "UNIQUE " : "")
            + "INDEX pawl_probe_index ON "
            + copy.quoted()
            + " "
            + change.body());
  }

  static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(sql);
    }
  }
}
