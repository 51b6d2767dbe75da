CREATE TABLE kv (k STRING, v BYTES, created TIMESTAMPTZ DEFAULT now() ON UPDATE now(), INDEX (created DESC) STORING (v),
  CONSTRAINT p PRIMARY KEY (k) USING HASH WITH (bucket_count = 8), FAMILY f (k, v)) WITH (ttl_expiration_expression = 'created');
