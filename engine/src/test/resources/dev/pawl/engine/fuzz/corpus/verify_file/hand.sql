-- by hand
SELECT EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass('"i d"') AND indisvalid);
