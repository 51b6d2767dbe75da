-- Pawl's ledger on CockroachDB: the tables of postgresql.sql, without functions, in schema pawl, made
-- before. Executed statement by statement, again where it was cut; the version's row comes last.

-- One row for the database: it serialises the schema changes of different streams.
CREATE TABLE IF NOT EXISTS pawl.database (
  id             int8 PRIMARY KEY CHECK (id = 1),
  ledger_version int8 NOT NULL,
  busy_stream    text,   -- the stream whose statement runs outside a transaction
  busy_epoch     int8
);

-- Who may write a stream. The epoch grows with every holder: it is the fencing token.
CREATE TABLE IF NOT EXISTS pawl.lease (
  stream text PRIMARY KEY,
  holder text NOT NULL,
  epoch  int8 NOT NULL
);

-- Apart from the lease: a heartbeat must not undo a transaction that has read the lease's row.
CREATE TABLE IF NOT EXISTS pawl.heartbeat (
  stream        text PRIMARY KEY,
  epoch         int8 NOT NULL,
  expires_at    timestamptz NOT NULL,
  backend_pid   int8,
  backend_start timestamptz
);

-- What a stream holds when all of it is verified: "nothing to do" by one comparison.
CREATE TABLE IF NOT EXISTS pawl.stream (
  stream   text PRIMARY KEY,
  digest   text,
  identity text    -- the server and time line on which what is verified was last observed
);

CREATE TABLE IF NOT EXISTS pawl.step (
  stream      text NOT NULL,
  version     text NOT NULL,
  ordinal     int8 NOT NULL,
  file        text NOT NULL,
  kind        text NOT NULL,
  checksum    text NOT NULL,
  raw_sha256  text NOT NULL,
  phase       text NOT NULL,
  epoch       int8 NOT NULL,
  attempts    int8 NOT NULL DEFAULT 0,
  started_at  timestamptz,
  applied_at  timestamptz,
  verified_at timestamptz,
  before      text,
  job         text,
  sqlstate    text,
  message     text,
  PRIMARY KEY (stream, version, ordinal)
);

INSERT INTO pawl.database (id, ledger_version) VALUES (1, 1) ON CONFLICT DO NOTHING;
