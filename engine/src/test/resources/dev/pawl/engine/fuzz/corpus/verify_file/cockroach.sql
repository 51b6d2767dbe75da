-- Made by `pawl generate` from 0001_x.sql: change that, and run it again.
-- pawl: generated cockroachdb

-- create index "i d" on t
-- pawl: statement sha256:abababababababababababababababababababababababababababababababab
-- pawl: fact {"change": "CreateIndex", "name": "I d", "table": ["a", "b"], "unique": true, "concurrently": true, "keys": [{"column": "c", "expression": "c", "descending": true, "nulls": "LAST"}, {"expression": "lower(d)", "collation": "\"C\"", "opclass": "text_ops"}], "include": ["e"], "predicate": "e>0", "body": "(c DESC, lower(d)) WHERE e>0"}
SELECT true;
