-- pawl: statement sha256:0000000000000000000000000000000000000000000000000000000000000000
-- pawl: fact {"change":"CreateIndex","table":["t"],"body":"(a)
SELECT 1