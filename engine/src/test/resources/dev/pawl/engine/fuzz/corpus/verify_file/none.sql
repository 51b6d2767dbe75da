-- pawl: verify none because the statement says it all
SELECT true;
