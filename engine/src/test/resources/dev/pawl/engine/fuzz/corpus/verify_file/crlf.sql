-- pawl: generated postgresql
-- pawl: verify none because x
SELECT true;
