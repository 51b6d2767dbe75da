-- Pawl's ledger: what has been applied and verified, and who may write. All in schema pawl, made before.

-- One row for the database: it serialises the schema changes of different streams.
CREATE TABLE pawl.database (
  id             int PRIMARY KEY CHECK (id = 1),
  ledger_version int NOT NULL,
  busy_stream    text,   -- the stream whose statement runs outside a transaction
  busy_epoch     bigint
);
INSERT INTO pawl.database (id, ledger_version) VALUES (1, 1);

-- Who may write a stream. The epoch grows with every holder: it is the fencing token.
CREATE TABLE pawl.lease (
  stream text PRIMARY KEY,
  holder text NOT NULL,
  epoch  bigint NOT NULL
);

-- Apart from the lease: a heartbeat must not wait for a transaction that holds the lease's row.
CREATE TABLE pawl.heartbeat (
  stream        text PRIMARY KEY,
  epoch         bigint NOT NULL,
  expires_at    timestamptz NOT NULL,
  backend_pid   int,
  backend_start timestamptz
);

-- What a stream holds when all of it is verified: "nothing to do" by one comparison.
CREATE TABLE pawl.stream (
  stream   text PRIMARY KEY,
  digest   text,
  identity text    -- the server and time line on which what is verified was last observed
);

CREATE TABLE pawl.step (
  stream      text NOT NULL,
  version     text NOT NULL,
  ordinal     int NOT NULL,
  file        text NOT NULL,
  kind        text NOT NULL,
  checksum    text NOT NULL,
  raw_sha256  text NOT NULL,
  phase       text NOT NULL,
  epoch       bigint NOT NULL,
  attempts    int NOT NULL DEFAULT 0,
  started_at  timestamptz,
  applied_at  timestamptz,
  verified_at timestamptz,
  before      text,
  job         text,
  sqlstate    text,
  message     text,
  PRIMARY KEY (stream, version, ordinal)
);

-- The fence. Every transaction of Pawl's begins with it. It raises when the lease is lost: a
-- condition that merely finds no rows would stop nothing of what is sent after it.
CREATE FUNCTION pawl.begin(
  p_stream text, p_holder text, p_epoch bigint,
  p_lock_timeout text, p_statement_timeout text, p_idle_timeout text
) RETURNS void LANGUAGE plpgsql AS $pawl$
DECLARE
  v_stream text;
  v_epoch  bigint;
BEGIN
  PERFORM pg_catalog.set_config('lock_timeout', p_lock_timeout, true),
          pg_catalog.set_config('idle_in_transaction_session_timeout', p_idle_timeout, true),
          pg_catalog.set_config('synchronous_commit', 'on', true),
          pg_catalog.set_config('standard_conforming_strings', 'on', true),
          pg_catalog.set_config('client_min_messages', 'notice', true);  -- they tell of what was skipped
  IF p_statement_timeout <> '0ms' THEN  -- else the author's own setting holds
    PERFORM pg_catalog.set_config('statement_timeout', p_statement_timeout, true);
  END IF;
  PERFORM FROM pawl.lease l
    WHERE l.stream = p_stream AND l.holder = p_holder AND l.epoch = p_epoch
    FOR SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the lease of stream % at epoch % is lost', p_stream, p_epoch
      USING ERRCODE = 'PW001';
  END IF;
  PERFORM FROM pawl.heartbeat h
    WHERE h.stream = p_stream AND h.epoch = p_epoch
      AND h.expires_at > pg_catalog.clock_timestamp();
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the lease of stream % at epoch % has expired', p_stream, p_epoch
      USING ERRCODE = 'PW001';
  END IF;
  SELECT d.busy_stream, d.busy_epoch INTO v_stream, v_epoch FROM pawl.database d WHERE d.id = 1
    FOR UPDATE;
  IF v_stream <> p_stream THEN
    PERFORM FROM pawl.heartbeat h
      WHERE h.stream = v_stream AND h.epoch = v_epoch
        AND h.expires_at > pg_catalog.clock_timestamp();
    IF FOUND THEN
      RAISE EXCEPTION 'stream % is changing the schema of this database', v_stream
        USING ERRCODE = 'PW003';
    END IF;
  END IF;
END
$pawl$;

-- The compare-and-set of a step's phase. It raises when the phase is another than expected, for a
-- transaction that a dead client had sent may have been committed late.
CREATE FUNCTION pawl.advance(
  p_stream text, p_version text, p_ordinal int, p_expected text[], p_phase text, p_epoch bigint,
  p_attempts int, p_before text, p_job text, p_sqlstate text, p_message text
) RETURNS void LANGUAGE plpgsql AS $pawl$
DECLARE
  v_kind text;
BEGIN
  UPDATE pawl.step s SET
    phase       = p_phase,
    epoch       = p_epoch,
    attempts    = s.attempts + p_attempts,
    started_at  = CASE WHEN p_phase IN ('Pending') THEN NULL
                       ELSE coalesce(s.started_at, pg_catalog.clock_timestamp()) END,
    applied_at  = CASE WHEN p_phase IN ('Applied', 'Verified')
                       THEN coalesce(s.applied_at, pg_catalog.clock_timestamp())
                       WHEN p_phase IN ('Verifying', 'Failed') THEN s.applied_at END,
    verified_at = CASE WHEN p_phase = 'Verified' THEN pg_catalog.clock_timestamp() END,
    before      = coalesce(p_before, s.before),
    job         = p_job,
    sqlstate    = p_sqlstate,
    message     = p_message
  WHERE s.stream = p_stream AND s.version = p_version AND s.ordinal = p_ordinal
    AND s.phase = ANY (p_expected)
  RETURNING s.kind INTO v_kind;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'step % of version % of stream % is not in phase %',
      p_ordinal, p_version, p_stream, p_expected USING ERRCODE = 'PW002';
  END IF;
  IF v_kind = 'autocommit' THEN
    IF p_phase IN ('Applying', 'Applied', 'Verifying') THEN
      UPDATE pawl.database SET busy_stream = p_stream, busy_epoch = p_epoch WHERE id = 1;
    ELSE
      UPDATE pawl.database SET busy_stream = NULL, busy_epoch = NULL
        WHERE id = 1 AND busy_stream = p_stream;
    END IF;
  END IF;
END
$pawl$;
