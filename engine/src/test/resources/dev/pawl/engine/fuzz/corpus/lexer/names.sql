CREATE TABLE """; DROP TABLE x; --" ("a b" int, "ü😀" text, "%s$1\" int, "SELECT" int);
CREATE INDEX CONCURRENTLY "i
-- x" ON "S"."T" ("%");
