package dev.pawl.engine.lint;

import dev.pawl.engine.change.Reader;
import dev.pawl.engine.change.Reader.Unexpected;
import dev.pawl.engine.sql.Token;
import dev.pawl.engine.sql.TokenType;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Which functions give another value for each row: a default with one makes PostgreSQL rewrite. */
final class Functions {
  /** As pg_proc.provolatile of PostgreSQL 18 and its usual extensions has them: volatile. */
  private static final Set<String> VOLATILE =
      words(
          """
          clock_timestamp currval gen_random_bytes gen_random_uuid gen_salt lastval nextval
          random random_normal setval timeofday uuid_generate_v1 uuid_generate_v1mc
          uuid_generate_v4 uuidv4 uuidv7\
          """);

  /** Those of PostgreSQL that defaults are made of, and that are stable or immutable. */
  private static final Set<String> STABLE =
      words(
          """
          abs and any array array_fill array_to_json as bit btrim case cast ceil char check
          chr coalesce concat concat_ws current_database current_schema current_setting
          current_time current_timestamp date date_part date_trunc daterange decimal decode
          default else encode end extract floor format greatest hstore in int4range int8range
          interval json_build_array json_build_object json_object jsonb_build_array
          jsonb_build_object jsonb_object least left length localtime localtimestamp lower
          lpad ltrim make_date make_interval make_time make_timestamp make_timestamptz md5 not
          now nullif numeric numrange or point repeat replace right round row rpad rtrim
          sha256 statement_timestamp string_to_array substr substring then time timestamp
          timestamptz timetz timezone to_char to_date to_json to_jsonb to_number to_timestamp
          to_tsvector transaction_timestamp trim trunc tsrange tstzrange txid_current upper
          values varchar when\
          """);

  private Functions() {}

  private static Set<String> words(String text) {
    return Set.of(text.split("\\s+"));
  }

  /** A function that a statement creates. */
  record Created(String name, boolean isVolatile) {}

  /** From CREATE on. */
  static Optional<Created> created(Reader reader) {
    try {
      while (!reader.done() && !reader.accept("FUNCTION")) {
        reader.skip();
      }
      var name = reader.name().name();
      boolean fixed = false;
      while (!reader.done()) {
        fixed |= reader.at("IMMUTABLE") || reader.at("STABLE");
        reader.skipItem();
      }
      return Optional.of(new Created(name, !fixed));
    } catch (Unexpected e) {
      return Optional.empty();
    }
  }

  /** How sure it is that an expression gives each row a value of its own. */
  enum Verdict {
    /** No: one value serves all rows. */
    CONSTANT,
    /** It calls this function, of which nothing is known. */
    UNKNOWN,
    VOLATILE
  }

  /**
   * What an expression is.
   *
   * @param function the one that decides
   */
  record Judged(Verdict verdict, String function) {}

  static Judged judge(List<Token> expression, History history) {
    var judged = new Judged(Verdict.CONSTANT, "");
    for (int i = 0; i + 1 < expression.size(); i++) {
      var token = expression.get(i);
      if (!expression.get(i + 1).is('(') || !isName(token)) {
        continue;
      }
      boolean cast = i > 0 && expression.get(i - 1).text().equals("::");
      var name = token.text().replace("\"", "").toLowerCase(Locale.ROOT);
      var created = history.isVolatile(name);
      if (VOLATILE.contains(name) || created.orElse(false)) {
        return new Judged(Verdict.VOLATILE, name);
      }
      if (!cast && created.isEmpty() && !STABLE.contains(name)) {
        judged = new Judged(Verdict.UNKNOWN, name);
      }
    }
    return judged;
  }

  private static boolean isName(Token token) {
    return token.type() == TokenType.WORD || token.type() == TokenType.QUOTED_IDENTIFIER;
  }
}
