package dev.pawl.engine.dialect;

import dev.pawl.engine.change.AddEnumValue;
import dev.pawl.engine.change.CreateType;
import dev.pawl.engine.sql.QualifiedName;
import dev.pawl.engine.verify.Observation;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How PostgreSQL shows and compares types. */
final class PostgresTypes {
  private static final QualifiedName PROBE = QualifiedName.of("pg_temp", "pawl_probe_type");

  private static Optional<Definition> find(Connection connection, QualifiedName type)
      throws SQLException {
    return Definition.read(
        connection,
        """
        SELECT CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'c' THEN 'composite' WHEN 'r' THEN 'range'
                 WHEN 'd' THEN 'domain' ELSE 'base' END AS "kind",
               (SELECT string_agg(quote_ident(a.attname)
                         || ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod)
                         || CASE WHEN a.attcollation <> y.typcollation
                              THEN ' COLLATE ' || a.attcollation::regcollation ELSE '' END,
                         ', ' ORDER BY a.attnum)
                  FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type y ON y.oid = a.atttypid
                 WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
                   AND t.typtype = 'c') AS "attributes",
               (SELECT concat_ws(' ', pg_catalog.format_type(r.rngsubtype, NULL),
                         o.opcname, r.rngcollation::regcollation, r.rngcanonical, r.rngsubdiff)
                  FROM pg_catalog.pg_range r JOIN pg_catalog.pg_opclass o ON o.oid = r.rngsubopc
                 WHERE r.rngtypid = t.oid) AS "range of"
          FROM pg_catalog.pg_type t WHERE t.oid = pg_catalog.to_regtype(?)
        """,
        type.quoted());
  }

  /** The labels of an enum in their order; none where it is not there. */
  static List<String> labels(Connection connection, QualifiedName type) throws SQLException {
    try (var statement =
            Query.prepared(
                connection,
                """
                SELECT enumlabel FROM pg_catalog.pg_enum
                 WHERE enumtypid = pg_catalog.to_regtype(?) ORDER BY enumsortorder
                """,
                type.quoted());
        var rows = statement.executeQuery()) {
      var all = new ArrayList<String>();
      while (rows.next()) {
        all.add(rows.getString(1));
      }
      return all;
    }
  }

  Observation created(Connection connection, CreateType change) throws SQLException {
    var found = find(connection, change.type());
    if (found.isEmpty()) {
      return new Observation.Absent();
    }
    var labels = labels(connection, change.type());
    var what = "type " + change.type();
    // Later migrations may have added others between them.
    var common = new ArrayList<>(labels);
    common.retainAll(change.labels());
    if (!common.equals(change.labels())) {
      return new Observation.Different(
          what + " is there, with labels " + labels + "; asked for were " + change.labels());
    }
    var there = found.get();
    if (!change.body().regionMatches(true, 0, "AS", 0, 2)) {
      return new Observation.Valid(); // a shell or a base type, made of functions
    }
    var shown =
        there.part("kind").orElse("")
            + there.part("attributes").or(() -> there.part("range of")).map(" "::concat).orElse("");
    return Probe.compare(
        what,
        shown,
        there,
        () ->
            Probe.ask(
                connection,
                () -> find(connection, PROBE).orElseThrow(),
                "CREATE TYPE " + PROBE.quoted() + " " + change.body()));
  }

  Observation valueAdded(Connection connection, AddEnumValue change) throws SQLException {
    var labels = labels(connection, change.type());
    int at = labels.indexOf(change.label());
    if (at < 0) {
      return new Observation.Absent();
    }
    boolean right =
        change.before().map(b -> !labels.contains(b) || at < labels.indexOf(b)).orElse(true)
            && change.after().map(a -> !labels.contains(a) || at > labels.indexOf(a)).orElse(true);
    return right
        ? new Observation.Valid()
        : new Observation.Different(
            "label "
                + change.label()
                + " of type "
                + change.type()
                + " is there, and not "
                + change.before().map("before "::concat).orElse("")
                + change.after().map("after "::concat).orElse("")
                + ": its labels are "
                + labels);
  }
}
