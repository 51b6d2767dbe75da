-- Made by `pawl generate` from 0001_x.sql: change that, and run it again.
-- pawl: generated postgresql

-- create index "i d" on t
-- pawl: statement sha256:3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f
-- pawl: fact {"change": "CreateIndex", "name": "i d", "table": ["t"], "concurrently": true, "keys": [{"column": "a", "expression": "a"}], "body": "(a)"}
SELECT true;
