DROP INDEX IF EXISTS shop.kv@kv_by_created CASCADE;
UPSERT INTO kv VALUES (b'\xff', e'\u00e4');
