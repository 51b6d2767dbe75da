package dev.pawl.engine.cockroach;

import java.util.Set;

/**
 * Functions of PostgreSQL that CockroachDB has too, by its documentation's page "Functions and
 * operators". One that is not here is refused, or a statement might pass that CockroachDB would not
 * take.
 */
final class Functions {
  private static final Set<String> SHARED =
      Set.of(
          ("abs age array_agg array_append array_cat array_length array_position array_prepend"
                  + " array_remove array_to_string ascii avg bit bool bool_and bool_or bpchar btrim"
                  + " ceil ceiling char char_length character_length chr clock_timestamp concat"
                  + " concat_ws convert_from convert_to count current_date current_schema"
                  + " current_schemas current_setting currval date date_part date_trunc decode"
                  + " dense_rank encode every exp extract first_value float4 float8 floor format"
                  + " gen_random_uuid generate_series initcap int2 int4 int8 interval"
                  + " json_agg json_array_elements json_array_elements_text json_build_array"
                  + " json_build_object json_each json_each_text json_extract_path json_object_agg"
                  + " json_populate_record json_to_recordset jsonb_agg jsonb_array_elements"
                  + " jsonb_array_elements_text jsonb_array_length jsonb_build_array"
                  + " jsonb_build_object jsonb_each jsonb_each_text jsonb_object_keys jsonb_set"
                  + " jsonb_typeof lag last_value lastval lead left length ln log lower lpad ltrim"
                  + " make_date make_timestamptz max md5 min mod name nextval now nullif numeric"
                  + " octet_length oid overlay pg_backend_pid pg_is_in_recovery pg_sleep"
                  + " pg_typeof position power quote_ident quote_literal quote_nullable random"
                  + " rank regclass regexp_replace regexp_split_to_array regtype repeat replace"
                  + " reverse right round row_number row_to_json rpad rtrim set_config setval"
                  + " sha256 sha512 sign split_part sqrt statement_timestamp stddev string_agg"
                  + " string_to_array strpos substr substring sum text time timestamp timestamptz"
                  + " timeofday timetz to_char to_date to_hex to_json to_jsonb to_regclass"
                  + " to_regnamespace to_regtype to_timestamp transaction_timestamp translate trunc"
                  + " unnest upper uuid varbit varchar variance version width_bucket"
                  + " pg_advisory_lock pg_advisory_unlock pg_advisory_xact_lock"
                  + " pg_try_advisory_lock unique_rowid")
              .split("\\s+"));

  private Functions() {}

  static boolean shared(String name) {
    return SHARED.contains(name);
  }
}
