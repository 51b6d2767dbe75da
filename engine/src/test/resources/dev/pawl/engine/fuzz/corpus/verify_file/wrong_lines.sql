-- pawl: generated oracle
-- pawl: statement md5:1
-- pawl: fact {}
-- pawl: what
-- pawl: verify none
SELECT true -- pawl: fact {}
