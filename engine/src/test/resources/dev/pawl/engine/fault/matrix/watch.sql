-- What breaks the invariant of DESIGN.md is written down here when it happens, by the database itself.
CREATE SCHEMA watch;
CREATE TABLE watch.violation (id bigserial PRIMARY KEY, what text);
CREATE TABLE watch.ddl (id bigserial PRIMARY KEY, tag text, object text, pid int);

CREATE FUNCTION watch.say(what text) RETURNS void LANGUAGE sql SECURITY DEFINER AS
  'INSERT INTO watch.violation (what) VALUES (what)';

-- Epochs only grow.
CREATE FUNCTION watch.lease() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  IF NEW.epoch <= OLD.epoch THEN
    PERFORM watch.say(format('the epoch went from %s to %s', OLD.epoch, NEW.epoch));
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER watch AFTER UPDATE ON pawl.lease FOR EACH ROW EXECUTE FUNCTION watch.lease();

-- A heart beats for the epoch that is current, and for no older one.
CREATE FUNCTION watch.heartbeat() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE v_epoch bigint;
BEGIN
  SELECT epoch INTO v_epoch FROM pawl.lease WHERE stream = NEW.stream;
  IF NEW.epoch <> v_epoch THEN
    PERFORM watch.say(format('a heart beat at epoch %s while the lease had %s', NEW.epoch, v_epoch));
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER watch AFTER UPDATE ON pawl.heartbeat FOR EACH ROW EXECUTE FUNCTION watch.heartbeat();

-- At the commit of each write to a step's row: by the holder of the lease, in order, and Verified only when it is real.
CREATE FUNCTION watch.step() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  v_epoch bigint;
  v_name  text := NEW.version || '#' || NEW.ordinal || ' ' || NEW.phase;
BEGIN
  SELECT epoch INTO v_epoch FROM pawl.lease WHERE stream = NEW.stream;
  IF NEW.epoch <> v_epoch THEN
    PERFORM watch.say(format('%s was written at epoch %s while the lease had %s', v_name, NEW.epoch, v_epoch));
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.phase = 'Verified' THEN
    PERFORM watch.say(format('%s was Verified before', v_name));
  END IF;
  IF NEW.phase NOT IN ('Pending', 'Failed') AND EXISTS (
      SELECT FROM pawl.step s WHERE s.stream = NEW.stream AND s.version::int < NEW.version::int AND s.phase <> 'Verified') THEN
    PERFORM watch.say(format('%s came before an earlier step was Verified', v_name));
  END IF;
  IF NEW.phase = 'Verified' AND NOT (CASE NEW.version
      WHEN '1' THEN EXISTS (SELECT FROM public.journal WHERE step = 1)
      WHEN '2' THEN watch.whole('i')
      WHEN '3' THEN watch.whole('u')
      WHEN '4' THEN watch.whole('v')
      WHEN '5' THEN EXISTS (SELECT FROM public.journal WHERE step = 5)
      WHEN '6' THEN to_regclass('public.o') IS NULL
      WHEN '7' THEN EXISTS (SELECT FROM public.journal WHERE step = 7) AND to_regclass('public.gone') IS NULL
      ELSE false END) THEN
    PERFORM watch.say(format('%s was not real', v_name));
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION watch.whole(name text) RETURNS boolean LANGUAGE sql SECURITY DEFINER AS
  'SELECT EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass(''public.'' || name) AND indisvalid AND indisready AND indislive)';
CREATE CONSTRAINT TRIGGER watch AFTER INSERT OR UPDATE ON pawl.step
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION watch.step();

-- The digest of all is there only when all is Verified.
CREATE FUNCTION watch.digest() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  IF NEW.digest IS NOT NULL AND EXISTS (SELECT FROM pawl.step WHERE stream = NEW.stream AND phase <> 'Verified') THEN
    PERFORM watch.say('a digest while not all was Verified');
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER watch AFTER INSERT OR UPDATE ON pawl.stream
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION watch.digest();

-- A schema change is begun by the very session that a successor would end, and by no other.
CREATE FUNCTION watch.begun() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  IF session_user = 'pawl_app' AND NOT EXISTS (
      SELECT FROM pawl.heartbeat h JOIN pawl.lease l USING (stream, epoch)
       WHERE h.backend_pid IS NULL OR h.backend_pid = pg_backend_pid()) THEN
    PERFORM watch.say(format('%s by a session that is not the registered one', tg_tag));
  END IF;
END $$;
CREATE EVENT TRIGGER watch_begun ON ddl_command_start EXECUTE FUNCTION watch.begun();

-- What was done, once it is done.
CREATE FUNCTION watch.ended() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  IF session_user = 'pawl_app' THEN
    INSERT INTO watch.ddl (tag, object, pid)
      SELECT command_tag, object_identity, pg_backend_pid() FROM pg_event_trigger_ddl_commands()
       WHERE NOT object_identity LIKE 'pg_temp%';
  END IF;
END $$;
CREATE EVENT TRIGGER watch_ended ON ddl_command_end EXECUTE FUNCTION watch.ended();

CREATE FUNCTION watch.dropped() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  IF session_user = 'pawl_app' THEN
    INSERT INTO watch.ddl (tag, object, pid)
      SELECT tg_tag, object_identity, pg_backend_pid() FROM pg_event_trigger_dropped_objects()
       WHERE original AND NOT is_temporary;
  END IF;
END $$;
CREATE EVENT TRIGGER watch_dropped ON sql_drop EXECUTE FUNCTION watch.dropped();
