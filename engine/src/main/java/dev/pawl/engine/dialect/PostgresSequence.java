package dev.pawl.engine.dialect;

import dev.pawl.engine.change.CreateObject;
import dev.pawl.engine.change.Reader;
import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.QualifiedName;
import dev.pawl.engine.sql.Splitter;
import dev.pawl.engine.verify.Observation;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;

/** Compares a sequence that is there with what CREATE SEQUENCE would have made. */
final class PostgresSequence {
  private static final String OWNER = "owned by";

  private PostgresSequence() {}

  static Observation compared(Connection connection, CreateObject change) throws SQLException {
    var there = definition(connection, change.name());
    return Probe.compare(
        "sequence " + change.name(),
        there.parts().entrySet().stream()
            .filter(part -> part.getValue() != null)
            .map(part -> part.getKey() + " " + part.getValue())
            .collect(Collectors.joining(", ")),
        there,
        () -> asked(connection, change));
  }

  private static Definition definition(Connection connection, QualifiedName name)
      throws SQLException {
    return Definition.read(
            connection,
            """
            SELECT pg_catalog.format_type(s.seqtypid, NULL) AS "type", s.seqstart AS "start",
                   s.seqincrement AS "increment", s.seqmin AS "minimum", s.seqmax AS "maximum",
                   s.seqcache AS "cache", CASE WHEN s.seqcycle THEN 'yes' ELSE 'no' END AS "cycle",
                   CASE c.relpersistence WHEN 'u' THEN 'unlogged' ELSE 'logged' END AS "persistence",
                   (SELECT format('%I.%I.%I', n.nspname, t.relname, a.attname)
                      FROM pg_catalog.pg_depend d
                      JOIN pg_catalog.pg_class t ON t.oid = d.refobjid
                      JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
                      JOIN pg_catalog.pg_attribute a
                        ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
                     WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid
                       AND d.refclassid = 'pg_catalog.pg_class'::regclass
                       AND d.deptype IN ('a', 'i')) AS "owned by"
              FROM pg_catalog.pg_sequence s JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid
             WHERE s.seqrelid = pg_catalog.to_regclass(?)
            """,
            name.quoted())
        .orElseThrow(() -> new SQLException("a sequence was dropped meanwhile", "40001"));
  }

  /** A temporary sequence cannot belong to a lasting table's column: its owner is asked apart. */
  private static Definition asked(Connection connection, CreateObject change) throws SQLException {
    var options = new ArrayList<String>();
    var more = new LinkedHashMap<String, String>();
    more.put("persistence", change.unlogged() ? "unlogged" : "logged");
    for (var statement : Splitter.split(change.options().orElse(""), DatabaseKind.POSTGRESQL)) {
      var reader = new Reader(statement, DatabaseKind.POSTGRESQL);
      while (!reader.done()) {
        int from = reader.place();
        if (reader.accept("OWNED", "BY")) {
          more.put(OWNER, owner(connection, reader));
        } else {
          reader.skip();
          options.add(reader.textSince(from));
        }
      }
    }
    var made =
        Probe.ask(
            connection,
            () -> definition(connection, Probe.copied(change.name())),
            "CREATE TEMP SEQUENCE "
                + QualifiedName.quote(change.name().name())
                + " "
                + String.join(" ", options));
    return made.without(OWNER).and(new Definition(more));
  }

  /** The column as the catalog would show it; null for NONE. */
  private static String owner(Connection connection, Reader reader) throws SQLException {
    try {
      if (reader.accept("NONE")) {
        return null;
      }
      var column = reader.name();
      var table = new QualifiedName(column.parts().subList(0, column.parts().size() - 1));
      return Query.first(
              connection,
              """
              SELECT format('%I.%I.%I', n.nspname, t.relname, ?::text)
                FROM pg_catalog.pg_class t JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
               WHERE t.oid = pg_catalog.to_regclass(?)
              """,
              column.name(),
              table.quoted())
          .map(List::getFirst)
          .orElse(column.toString());
    } catch (Reader.Unexpected | IllegalArgumentException e) {
      throw new SQLException(e.getMessage(), "42601");
    }
  }
}
