SET lock_timeout = '2s';
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS orders_open ON ONLY shop.orders USING btree
  (customer, lower(state) COLLATE "C" text_pattern_ops DESC NULLS LAST) INCLUDE (total) NULLS NOT DISTINCT
  WITH (fillfactor = 70) TABLESPACE fast WHERE state <> 'done';
DROP INDEX CONCURRENTLY IF EXISTS shop.orders_old;
REINDEX (VERBOSE) TABLE CONCURRENTLY shop.orders;
