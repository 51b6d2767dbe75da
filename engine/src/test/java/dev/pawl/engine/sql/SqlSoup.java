package dev.pawl.engine.sql;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** Texts made of what is hard to cut, for properties of every package. */
public final class SqlSoup {
  /** Statements that a database would take, each with something that misleads. */
  public static final List<String> STATEMENTS =
      List.of(
          "SELECT ';' || E'\\';' || \";\"",
          "SELECT $$;$$, $a$ $$ ; $a$, $1",
          "CREATE RULE r AS ON INSERT TO t DO (INSERT INTO u VALUES (1); DELETE FROM v)",
          "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; END",
          "CREATE OR REPLACE PROCEDURE p() BEGIN ATOMIC INSERT INTO t VALUES (1); SELECT 1 AS end;"
              + " END",
          "create unique index concurrently if not exists i on only a.b using gin (lower(c) desc"
              + " nulls last, d) include (e) nulls not distinct with (x = 1) where f > 0",
          "CREATE INDEX i ON t (a ASC, b) STORING (c) WHERE d IS NULL NOT VISIBLE",
          "ALTER TABLE ONLY a.b ADD COLUMN IF NOT EXISTS c numeric(10, 2) NOT NULL DEFAULT 0, DROP"
              + " d, ADD CONSTRAINT e FOREIGN KEY (f) REFERENCES g (h) NOT VALID",
          "ALTER TABLE t ADD CONSTRAINT c UNIQUE USING INDEX i, VALIDATE CONSTRAINT d",
          "ALTER TABLE t ALTER COLUMN c SET DATA TYPE text USING c::text, ALTER d SET NOT NULL",
          "ALTER TABLE t ALTER PRIMARY KEY USING COLUMNS (a, b)",
          "ALTER TABLE t DETACH PARTITION p CONCURRENTLY",
          "DROP INDEX CONCURRENTLY IF EXISTS a.i, \"J\" CASCADE",
          "DROP INDEX t@i",
          "CREATE TABLE IF NOT EXISTS t (a int GENERATED ALWAYS AS (b) STORED) PARTITION BY LIST"
              + " (a)",
          "CREATE TYPE t AS ENUM ('a', 'b''c')",
          "ALTER TYPE t ADD VALUE IF NOT EXISTS 'x' BEFORE 'y'",
          "DROP VIEW IF EXISTS a, b.c, d.e.f RESTRICT",
          "CREATE MATERIALIZED VIEW v AS SELECT 1 WITH NO DATA",
          "REFRESH MATERIALIZED VIEW CONCURRENTLY v",
          "REINDEX (VERBOSE, CONCURRENTLY off) TABLE CONCURRENTLY a.t",
          "TRUNCATE TABLE ONLY a *, b CASCADE",
          "DO LANGUAGE plpgsql $x$ BEGIN PERFORM 1; END $x$",
          "CALL p()",
          "SET SESSION search_path TO a, b",
          "SET LOCAL a.b = 'c'",
          "RESET ALL",
          "VACUUM (FULL) t",
          "INSERT INTO t VALUES (U&'d\\0061t', B'01', X'1F', N'x', 1.5e-3, .5, 0x1F, a -> 'b' ?"
              + " 'c')",
          "COMMENT ON TABLE U&\"d!0061\" UESCAPE '!' IS NULL",
          "GRANT SELECT ON t TO \"some one\"");

  private static final List<String> PIECES =
      List.of(
          "'",
          "''",
          "\"",
          "$$",
          "$a$",
          "$1",
          "$",
          "E'",
          "e'\\'",
          "U&'",
          "U&\"",
          "B'",
          "x'1F'",
          "N'",
          "\\",
          "--",
          "-- pawl: verify none because x\n",
          "/*",
          "*/",
          "/*+ h */",
          "\n",
          "\r",
          "\r\n",
          " ",
          "\t",
          "\u00a0",
          "\uFEFF",
          "\0",
          "\uD800",
          "\uDC00",
          "ü",
          "😀",
          ";",
          "(",
          ")",
          "[",
          "]",
          ",",
          ".",
          "..",
          ":",
          "::",
          ":=",
          "=>",
          "*-",
          "+-+",
          "@-",
          "<>",
          "?",
          "{",
          "}",
          "1",
          "1.5e3",
          "1_000",
          "0x",
          ".5",
          "a",
          "END",
          "BEGIN",
          "ATOMIC",
          "CREATE",
          "FUNCTION",
          "PROCEDURE",
          "CASE",
          "COMMIT",
          "INDEX",
          "CONCURRENTLY",
          "ALTER",
          "TABLE",
          "DROP",
          "ADD",
          "CONSTRAINT",
          "ON",
          "IF",
          "NOT",
          "EXISTS",
          "TYPE",
          "VALUE",
          "REINDEX",
          "SET",
          "DO",
          "COPY",
          "FROM",
          "STDIN",
          "ONLY",
          "USING",
          "WHERE",
          "AS",
          "UESCAPE");

  private SqlSoup() {}

  /** Any text: characters of all of Unicode, or pieces of SQL in any order. */
  public static Arbitrary<String> anything() {
    return Arbitraries.oneOf(
        Arbitraries.strings().ofMaxLength(60),
        Arbitraries.of(PIECES).list().ofMaxSize(30).map(pieces -> String.join("", pieces)),
        Arbitraries.of(PIECES).list().ofMaxSize(30).map(pieces -> String.join(" ", pieces)),
        mutated());
  }

  /** A statement that lost some of its tokens, got others twice or was cut short. */
  public static Arbitrary<String> mutated() {
    return Arbitraries.of(STATEMENTS)
        .flatMap(
            sql -> {
              var tokens = Lexer.lex(sql, DatabaseKind.POSTGRESQL);
              return Arbitraries.of(0, 1, 1, 1, 1, 1, 2)
                  .list()
                  .ofSize(tokens.size())
                  .map(
                      times -> {
                        var text = new StringBuilder();
                        for (int i = 0; i < times.size(); i++) {
                          text.append(tokens.get(i).text().repeat(times.get(i)));
                        }
                        return text.toString();
                      });
            });
  }

  /** Whole statements, some of them without what stands between. */
  public static Arbitrary<List<String>> statements() {
    return Arbitraries.of(STATEMENTS).list().ofMaxSize(6);
  }
}
