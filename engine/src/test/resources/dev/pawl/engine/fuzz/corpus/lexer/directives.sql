-- pawl: verify none because nothing shows it
CALL p();
-- pawl: allow add-column-default, foo because it is small
ALTER TABLE t ADD b int DEFAULT 1;
/*+ SeqScan(t) */ SELECT 1;
